"""Lines of the shared files that the AWS CLI refuses: each claim is tried with the real AWS CLI.

And a great many generated files with botocore itself, in this process: Debian's AWS CLI has a copy of
the same reader.
"""

import os
import random
import re
import sys
import unittest

import support

try:
    import botocore.configloader
    import botocore.exceptions
except ImportError:
    print("SKIPPED: python3-botocore is not installed")
    sys.exit(77)

REFUSES = ": the AWS CLI refuses the whole file"

# What is said of a text behind the file's own sections, and the text.
REFUSED = {
    "a section that is in the file already": b"[other]\nx = 1\n[other]\ny = 1\n",
    "a key that is in its section already": b"[other]\nx = 1\nX = 2\n",
    "a byte that is not UTF-8": b"# caf\xe9\n",
    "a line that is neither a key nor a section": b"[other]\nword\n",
    "a line without a key before its =": b"[other]\n= v\n",
    "a nested line without =": b"[other]\ns3 =\n  word\n",
    "a broken section header": b"[other\n",
}
NULS = b"[other]\nx = 1\n\0\0\0\0"
# The same in front of the file.
REFUSED_IN_FRONT = {
    "a byte order mark": b"\xef\xbb\xbf",
    "text before the first section": b"word\n",
}
READ = {
    "a section [DEFAULT]: the AWS CLI reads its keys into every profile": b"[DEFAULT]\nx = 1\n",
    "an indented key: the AWS CLI reads it as part of the line above": b"[other]\nx = 1\n  y = 1\n",
    "an indented section header: the AWS CLI reads it as part of the line above":
        b"[other]\nx = 1\n  [another]\n",
    "a section header without its closing ]: the AWS CLI reads a key": b"[other]\n[x = 1\n",
    "text after the closing ] of a section": b"[other] text\n",
    "a second ] in a section header: the AWS CLI reads the name up to there": b"[other] # [x]\n",
    "a space next to a section's name: the AWS CLI reads it as part of the name": b"[ other ]\n",
    "a nested line without a key before its =": b"[other]\ns3 =\n  = v\n",
    "a key with a space in it": b"[other]\nx y = 1\n",
    "a : where the SDKs want =": b"[other]\nx : 1\n",
    "a comment after a value: the AWS CLI reads it as part of the value": b"[other]\nx = 1 # c\n",
    "a value in quotes: Terraform takes them off, the AWS CLI does not": b'[other]\nx = "1"\n',
    "a lone carriage return: the AWS CLI begins a new line there, the SDKs do not":
        b"[other]\rx = 1\n",
}


def kinds_in_source():
    """Every text of a problem, from the source, so that none is left untried here."""
    source = (support.SOURCE / "src/aws/files/shared_file_check.cpp").read_text()
    calls = re.findall(r'(?:refused|differs|spreads)\(((?:\s*"[^"]*")+)', source)
    return {"".join(re.findall(r'"([^"]*)"', call)) for call in calls}


class Claims(support.EndToEnd):
    def setUp(self):
        if not os.path.exists(support.AWS_CLI):
            self.skipTest("the AWS CLI is not installed")
        self.the_home = self.home(self.sandbox())

    def warnings(self, file, text):
        """What the tool says of the file, and whether the AWS CLI then refuses it."""
        home = self.the_home
        file.write_bytes(text)
        # The tool fails at once, for want of a role, and says what it has read.
        result = home.run("get", "none", "-u", "", "-c", "123456", "--verbose")
        self.assertEqual(result.returncode, 1, result.stderr)
        lines = [line for line in result.stderr.splitlines() if line.startswith("~/.aws/")]
        refused = home.aws_cli("configure", "get", "region", profile="default")
        self.assertIn(refused.returncode, (0, 1, 253, 255), refused.stderr)
        return lines, "Unable to parse config file" in refused.stderr

    def test_every_kind_is_tried(self):
        tried = {what + REFUSES for what in (*REFUSED, *REFUSED_IN_FRONT)} | set(READ)
        tried.add("a section [plugins]: version 1 of the AWS CLI loads code that it names")
        self.assertEqual(kinds_in_source(), tried)

    def try_all(self, file, name, good):
        for what, text in [*REFUSED.items(), ("a line that is neither a key nor a section", NULS)]:
            with self.subTest(file=name, what=what):
                lines, refused = self.warnings(file, good + text)
                self.assertEqual(len(lines), 1, lines)
                self.assertRegex(lines[0], rf"^{name}, line \d+: {re.escape(what + REFUSES)}$")
                self.assertTrue(refused)
        for what, text in REFUSED_IN_FRONT.items():
            with self.subTest(file=name, what=what):
                lines, refused = self.warnings(file, text + good)
                self.assertEqual(lines, [f"{name}, line 1: {what}{REFUSES}"])
                self.assertTrue(refused)
        for what, text in READ.items():
            with self.subTest(file=name, what=what):
                lines, refused = self.warnings(file, good + text)
                self.assertEqual(len(lines), 1, lines)
                self.assertRegex(lines[0], rf"^{name}, line \d+: {re.escape(what)}$")
                self.assertFalse(refused)
        with self.subTest(file=name, what="nothing"):
            self.assertEqual(self.warnings(file, good), ([], False))

    def test_in_the_credentials_file(self):
        home = self.the_home
        self.try_all(home.credentials, "~/.aws/credentials", home.credentials.read_bytes())

    def test_in_the_config_file(self):
        self.try_all(self.the_home.config, "~/.aws/config", b"[default]\nregion = eu-west-1\n")

    def test_default_in_capitals_really_reaches_into_every_profile(self):
        home = self.the_home
        home.write_credentials(home.key_section("default") + "[DEFAULT]\nregion = from-capitals\n")
        self.assertEqual(home.aws_cli("configure", "get", "region", profile="default").stdout,
                         "from-capitals\n")

    def test_the_warning_follows_the_result_and_nothing_is_touched(self):
        home = self.the_home
        broken = home.credentials.read_text() + "[other]\nword\n[other]\n"
        home.write_credentials(broken)
        result = home.run(answers=f"jsmith\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(
            result.stderr.splitlines()[:2],
            [
                f"~/.aws/credentials, line 5: a line that is neither a key nor a section{REFUSES}",
                f"~/.aws/credentials, line 6: a section that is in the file already{REFUSES}",
            ],
        )
        self.assertTrue(home.credentials.read_text().startswith(broken))


WORDS = [
    b"[a]", b"[b]", b" [a]", b"[ a ]", b"[A]", b"[DEFAULT]", b"[]", b"[c", b"[c = 1", b"[d] x]", b"[d] # c",
    b"k = v", b"K = w", b"l = 1", b"  k = 1", b"\tl=2", b"s3 =", b"s3:", b"  n = 1", b"  n", b"word",
    b"  word", b"= v", b"  = v", b"# c", b"  ; c", b"", b"  ", b"k", b"\xc2\xa0k = 1", b"\x0bl = 2",
    b"x\xe2\x80\xa8y = 1", b" x = 1\x0cy", b"\xff", b"\xef\xbb\xbf[a]", b"\0", b"no key = 1", b"k = v # c",
    b"l = \"v\"", b"\xed\xa0\x80",
]  # fmt: skip
ENDS = [b"\n", b"\n", b"\n", b"\n", b"\n", b"\n", b"\r\n", b"\r"]


class Generated(support.EndToEnd):
    def test_a_file_is_said_to_be_refused_exactly_when_botocore_refuses_it(self):
        home = self.home(self.sandbox())
        choose = random.Random(7)
        refusals = 0
        rounds = 150
        for _ in range(rounds):
            for path in (home.config, home.credentials):
                lines = [choose.choice(WORDS) + choose.choice(ENDS)
                         for _ in range(choose.randrange(1, 7))]
                path.write_bytes((b"[z]\n" if choose.random() < 0.8 else b"") + b"".join(lines))
            result = home.run("get", "none", "-u", "", "-c", "123456")
            for path in (home.config, home.credentials):
                name = f"~/.aws/{path.name}"
                said = any(line.startswith(name + ", ") and line.endswith(REFUSES)
                           for line in result.stderr.splitlines())
                refused = False
                try:
                    botocore.configloader.raw_config_parse(str(path))
                except botocore.exceptions.ConfigParseError:
                    refused = True
                refusals += refused
                self.assertEqual(said, refused, (path.read_bytes(), result.stderr))
        self.assertGreater(refusals, rounds // 2)
        self.assertLess(refusals, rounds * 2 - rounds // 4)


if __name__ == "__main__":
    support.main()
