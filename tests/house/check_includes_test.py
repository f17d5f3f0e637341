"""Tests scripts/check_includes on a scratch tree: a lawful one passes, and each breach, put into it
alone, is named with file, line and reason.

Usage: check_includes_test.py CHECK_INCLUDES
"""

import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = sys.argv.pop(1)

LAWFUL = {
    "main.cpp": ['#include "cli/run.h"', '#include "os/files.h"', '#include "version.h"'],
    "cli/run.h": ['#include "app/sessions/get.h"'],
    "app/config/asked.h": ['#include "aws/model/arn.h"', '#include "os/files.h"'],
    "app/sessions/get.h": ['#include "app/config/asked.h"', '#include "app/sessions/other.h"'],
    "app/sessions/other.h": ['#include "aws/output/json.h"'],
    "aws/model/arn.h": ['#include "base/text.h"', "#include <string>", "#include <chrono>"],
    "aws/output/json.h": ['#include "aws/model/arn.h"'],
    "aws/api/xml.cpp": ["#include <pugixml.hpp>"],
    "os/files.h": ['#include "base/text.h"', "#include <fcntl.h>", "#include <sys/stat.h>"],
    "base/text.h": ['// #include "aws/model/arn.h" is only talked of', '"aws/model/arn.h"'],
    "base/text.cpp": ['#include "base/text.h"'],
    "sandbox/handle.h": [
        '#include "aws/model/arn.h"', '#include "os/files.h"', "#include <nlohmann/json.hpp>"],
}


def named_files():
    """A file for each that the checker's list of libraries names."""
    loader = importlib.machinery.SourceFileLoader("check_includes", CHECKER)
    checker = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_includes", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(checker)
    rooms = {folder: rooms[0] for folder, rooms in checker.ROOMS.items()}
    for user in (user for users in checker.LIBRARIES.values() for user in users):
        folder, *rest = user.split("/")
        yield "/".join([folder, *(rooms.get(folder, part) if part == "*" else part for part in rest[:-1]),
                        rest[-1].replace("*", "some.cpp")])


class CheckIncludes(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="awsst-house-")
        self.addCleanup(scratch.cleanup)
        self.source = pathlib.Path(scratch.name) / "src"
        for file in named_files():
            self.put(file)
        for file, lines in LAWFUL.items():
            self.put(file, *lines)

    def put(self, file, *lines):
        path = self.source / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(line + "\n" for line in lines))

    def check(self):
        result = subprocess.run([sys.executable, CHECKER, self.source], capture_output=True, text=True)
        return result.returncode, result.stdout + result.stderr

    def assert_refused(self, *lines):
        status, said = self.check()
        self.assertEqual(said.splitlines(), list(lines))
        self.assertEqual(status, 1)

    def assert_breaches(self, *breaches):
        """Each {file, line, reason}: the line, as the second one of that file, is refused."""
        for file, line, reason in breaches:
            with self.subTest(file=file, line=line):
                self.put(file, "// first line", line)
                self.assert_refused(f"{file}:2: {line}", f"  {reason}")
                self.put(file, *LAWFUL.get(file, []))

    def test_a_lawful_tree(self):
        self.assertEqual(self.check(), (0, ""))

    def test_folders(self):
        self.assert_breaches(
            ("base/new.h", '#include "aws/model/arn.h"', "base includes only itself"),
            ("base/new.h", '#include "os/files.h"', "base includes only itself"),
            ("aws/api/new.h", '#include "os/files.h"', "aws includes only base"),
            ("os/new.h", '#include "aws/model/arn.h"', "os includes only base"),
            ("aws/api/new.h", '#include "app/sessions/get.h"', "aws includes only base"),
            ("app/doctor/new.cpp", '#include "cli/run.h"', "app includes only aws os base"),
            ("app/doctor/new.cpp", '#include "sandbox/handle.h"', "app includes only aws os base"),
            ("cli/new.cpp", '#include "sandbox/handle.h"', "cli includes only app aws os base"),
            ("main.cpp", '#include "sandbox/handle.h"', "main.cpp includes only cli app aws os base"),
            ("sandbox/main.cpp", '#include "app/sessions/get.h"', "sandbox includes only aws os base"),
            ("sandbox/deep/new.cpp", '#include "cli/run.h"', "sandbox includes only aws os base"),
        )

    def test_rooms(self):
        self.assert_breaches(
            ("app/config/new.h", '#include "app/sessions/get.h"', "of app, app/config includes only itself"),
            ("app/client/new.cpp", '#include "app/sessions/get.h"',
             "of app, app/client includes only app/config"),
            ("app/sessions/new.h", '#include "app/commands/some.cpp"',
             "of app, app/sessions includes only app/config app/client"),
            ("app/commands/new.h", '#include "app/doctor/some.h"',
             "of app, app/commands includes only app/config app/client app/sessions"),
            ("aws/model/new.h", '#include "aws/api/xml.h"', "of aws, aws/model includes only itself"),
            ("aws/files/new.h", '#include "aws/policy/text.h"',
             "of aws, aws/files includes only aws/model aws/api"),
            ("app/doctor/new.h", '#include "app/elsewhere/get.h"',
             "of app, app/doctor includes only app/config app/client app/sessions app/commands"),
            ("aws/output/new.h", '#include "aws/arn.h"',
             "of aws, aws/output includes only aws/model aws/api aws/files aws/policy"),
        )

    def test_a_file_lies_in_a_folder_and_a_room(self):
        self.put("elsewhere/new.cpp")
        self.put("app/new.cpp")
        self.put("aws/elsewhere/new.cpp")
        self.assert_refused(
            "app/new.cpp: this file lies in no room of app: config client sessions commands doctor",
            "aws/elsewhere/new.cpp: this file lies in no room of aws: model api files policy output",
            "elsewhere/new.cpp: this file lies in no folder of the list")

    def test_spellings(self):
        self.assert_breaches(
            ("aws/api/new.h", ' #  include\t"os/files.h"', "aws includes only base"),
            ("aws/api/new.h", '#include "arn.h"', "an include names its folder"),
            ("aws/api/new.h", '#include "../os/files.h"', "an include names its folder, without dots"),
            ("aws/api/new.h", '#include "aws/../os/files.h"', "an include names its folder, without dots"),
            ("aws/api/new.h", '#include "elsewhere/files.h"', "there is no folder elsewhere"),
            ("aws/api/new.h", "#include <os/files.h>", "our own headers stand in double quotes"),
        )

    def test_libraries(self):
        self.assert_breaches(
            ("os/new.cpp", "#include <curl/curl.h>", "only os/curl_library.h may include curl/"),
            ("os/new.cpp", '#include "curl/curl.h"', "only os/curl_library.h may include curl/"),
            ("aws/api/new.cpp", "#include <pugixml.hpp>",
             "only aws/api/xml.cpp may include pugixml.hpp"),
            ("aws/api/xml.h", "#include <pugixml.hpp>",
             "only aws/api/xml.cpp may include pugixml.hpp"),
            ("cli/deep/new.cpp", "#include <nlohmann/json.hpp>",
             "only aws/policy/*, sandbox/* may include nlohmann/"),
            ("os/new.cpp", "#include <sodium/utils.h>", "no file may include sodium/"),
        )
        for header in ("openssl/ssl.h", "sodium.h", "dlfcn.h", "boost/asio.hpp", "liboath/oath.h"):
            with self.subTest(header=header):
                self.put("app/doctor/new.cpp", f"#include <{header}>")
                status, said = self.check()
                self.assertIn(f"app/doctor/new.cpp:1: #include <{header}>\n", said)
                self.assertEqual(status, 1)

    def test_a_row_names_a_file_that_is_there(self):
        (self.source / "sandbox/tls.cpp").unlink()
        self.assert_refused(
            "check_includes: openssl/ may be included by sandbox/tls.cpp, but there is no such file")

    def test_pure_folders(self):
        self.assert_breaches(
            ("aws/api/new.cpp", "#include <fstream>", "aws is pure and may not include <fstream>"),
            ("base/new.cpp", "#include <sys/stat.h>", "base is pure and may not include <sys/stat.h>"),
        )

    def test_a_cycle_of_headers(self):
        self.put("os/one.h", '#include "os/two.h"')
        self.put("os/two.h", "// first line", '#include "os/one.h"')
        self.assert_refused('os/one.h:1: #include "os/two.h"', 'os/two.h:2: #include "os/one.h"',
                            "  these units include each other: os/one -> os/two -> os/one")

    def test_a_cycle_by_way_of_a_source(self):
        """No header includes itself here, but no two of the units can be understood without the third."""
        self.put("app/client/one.h", '#include "app/client/two.h"')
        self.put("app/client/two.h")
        self.put("app/client/two.cpp", '#include "app/client/two.h"', '#include "app/client/three.h"')
        self.put("app/client/three.cpp", '#include "app/client/one.h"')
        self.put("app/client/aside.h", '#include "app/client/one.h"')  # leads to it, is not in it
        self.assert_refused(
            'app/client/one.h:1: #include "app/client/two.h"',
            'app/client/two.cpp:2: #include "app/client/three.h"',
            'app/client/three.cpp:1: #include "app/client/one.h"',
            "  these units include each other: app/client/one -> app/client/two -> app/client/three"
            " -> app/client/one")

    def test_every_cycle_is_named(self):
        for first, second in (("a", "b"), ("c", "d")):
            self.put(f"cli/{first}.h", f'#include "cli/{second}.h"')
            self.put(f"cli/{second}.h", f'#include "cli/{first}.h"')
        self.assert_refused(
            'cli/a.h:1: #include "cli/b.h"', 'cli/b.h:1: #include "cli/a.h"',
            "  these units include each other: cli/a -> cli/b -> cli/a",
            'cli/c.h:1: #include "cli/d.h"', 'cli/d.h:1: #include "cli/c.h"',
            "  these units include each other: cli/c -> cli/d -> cli/c")

    def test_several_breaches(self):
        self.put("aws/api/new.h", '#include "os/files.h"')
        self.put("base/new.h", '#include "aws/model/arn.h"', '#include "aws/api/xml.h"')
        self.assert_refused(
            'aws/api/new.h:1: #include "os/files.h"', "  aws includes only base",
            'base/new.h:1: #include "aws/model/arn.h"', "  base includes only itself",
            'base/new.h:2: #include "aws/api/xml.h"', "  base includes only itself")

    def test_no_source_folder(self):
        missing = self.source / "missing"
        result = subprocess.run([sys.executable, CHECKER, missing], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (2, f"check_includes: no folder {missing}\n"))


unittest.main()
