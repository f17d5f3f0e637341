"""One code, every role: on a terminal, over TLS, with a network's latency."""

import json
import os
import pathlib
import shutil
import stat
import sys
import tempfile
import time
import unittest

import estate
import support

sys.path.insert(0, str(support.SOURCE / "bench"))
from relay import Relay  # noqa: E402

ROUND_TRIP = 0.05


class EstateTest(support.EndToEnd):
    def estate(self, roles, refused=(), options=()):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            file.write(estate.world(roles, refused))
        self.addCleanup(os.unlink, file.name)
        sandbox = self.sandbox("--world", file.name, *options)
        home = self.home(sandbox)
        home.config.write_text(estate.config(roles))
        return home

    def runtime_folder(self):
        """Of the kind that a session manager makes: in memory, and ours alone."""
        if not os.path.isdir("/dev/shm"):
            self.skipTest("there is no folder in memory")
        folder = tempfile.mkdtemp(dir="/dev/shm")
        self.addCleanup(shutil.rmtree, folder)
        return folder


class Roles(EstateTest):
    def test_fifty_roles_with_one_code_and_one_of_them_refused(self):
        home = self.estate(50, refused={7}, options=("--tls",))
        port = int(home.sandbox.endpoint.rsplit(":", 1)[1])
        relay = Relay("127.0.0.1", port, ROUND_TRIP)
        self.addCleanup(relay.stop)
        environment = home.environment(
            AWS_ENDPOINT_URL=f"https://127.0.0.1:{relay.port}",
            XDG_RUNTIME_DIR=self.runtime_folder(),
        )
        child = home.terminal("get", "--all", environment=environment)
        child.expect_exact("Username: ")
        child.sendline("jsmith")
        child.expect_exact("Code: ")
        time.sleep(1)  # for the connections to open; a person takes longer
        before = relay.counts()
        child.sendline(home.code())
        child.expect("Assuming roles: \\d+ of 50")
        shown, status = support.finish(child)
        self.assertEqual(status, 3)
        self.assertIn("49 of 50 profiles were written to ~/.aws/credentials", shown)
        self.assertRegex(shown, r"team07-session +111111111107 +Deploy +failed\r\n"
                         r"  error: AWS does not let .*\r\n  hint: ")
        self.assertRegex(shown, r"team08-session +111111111108 +Deploy +(\d{4}-\d\d-\d\d )?\d\d:\d\d UTC \(")
        connections, _, requests = (a - b for a, b in zip(relay.counts(), before))
        self.assertEqual(connections, 0, "a connection was opened after Enter")
        self.assertEqual(requests, 51)
        text = home.credentials.read_text()
        self.assertEqual(text.count("manager = aws-session-token"), 49)
        self.assertNotIn("team07-session", text)

        # Within the hour nothing is asked, of a person or, but for the refused one, of AWS.
        before = relay.counts()
        result = home.run("get", "--all", "--no-input", environment=environment)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr.count(", cached)"), 49)
        self.assertEqual(relay.counts()[2] - before[2], 1)
        self.assertEqual(home.credentials.read_text(), text)

    def test_what_is_kept_is_for_the_user_alone(self):
        home = self.estate(2)
        runtime = self.runtime_folder()
        environment = home.environment(XDG_RUNTIME_DIR=runtime)
        result = home.run("get", "--all", "-u", "jsmith", "-c", home.code(), environment=environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        folder = pathlib.Path(runtime) / "aws-session-token"
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        self.assertEqual(
            {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()},
            {"sessions": 0o600, "spent-codes": 0o600},
        )
        self.assertNotIn(home.user["secret_access_key"], (folder / "sessions").read_text())

    def test_the_profiles_work(self):
        home = self.estate(3)
        home.run("get", "--all", "-u", "jsmith", "-c", home.code(), "-p", "{account}.{name}")
        for number in range(3):
            profile = f"{estate.account_id(number)}.team{number:02}"
            result = home.aws_cli("sts", "get-caller-identity", profile=profile)
            self.assertIn(f"{estate.account_id(number)}:assumed-role/Deploy/jsmith", result.stdout)

    def test_json_tells_of_each(self):
        home = self.estate(2, refused={1})
        result = home.run("get", "--all", "-u", "jsmith", "-c", home.code(), "--json", "--quiet")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr, "")
        report = json.loads(result.stdout)
        self.assertEqual([p["profile"] for p in report["profiles"]],
                         ["team00-session", "team01-session"])
        self.assertIn("expiration", report["profiles"][0])
        self.assertIn("does not let you assume", report["profiles"][1]["error"])

    def test_verbose_says_which_way_was_taken(self):
        home = self.estate(2)
        result = home.run("get", "--all", "-u", "jsmith", "-c", home.code(), "--verbose")
        self.assertIn("the code buys a base session of 12 h; roles need none then", result.stderr)
        result = home.run("get", "--all", "--renew", "--verbose", "--no-input")
        self.assertEqual(result.returncode, 4)
        home.run("logout", "team00")
        result = home.run("get", "--all", "--no-input", "--verbose")
        self.assertIn("a base session lives: no code is needed", result.stderr)


class OnePrompt(EstateTest):
    """Processes that need the same session at the same moment."""

    def start(self, home, *arguments):
        return home.terminal("get", "--all", "-u", "jsmith", *arguments)

    def test_twenty_processes_ask_once(self):
        home = self.estate(3)
        asking = self.start(home)
        asking.expect_exact("Code: ")
        waiting = [self.start(home, "-p", f"{{name}}-{i}") for i in range(19)]
        for child in waiting:
            child.expect_exact("another aws-session-token asks for the code; waiting for it")
        asking.sendline(home.code())
        for child in [asking, *waiting]:
            shown, status = support.finish(child)
            self.assertEqual(status, 0, shown)
            self.assertNotIn("Code:", shown.replace(home.code(), ""))
        self.assertEqual(home.credentials.read_text().count("manager = "), 60)

    def test_when_the_one_that_asks_is_interrupted_the_next_one_asks(self):
        home = self.estate(3)
        first = self.start(home)
        first.expect_exact("Code: ")
        second = self.start(home)
        second.expect_exact("waiting for it")
        first.sendintr()
        self.assertEqual(support.finish(first)[1], 130)
        second.expect_exact("Code: ")
        second.sendline(home.code())
        self.assertEqual(support.finish(second)[1], 0)

    def test_when_the_one_that_asks_is_killed_the_next_one_asks(self):
        home = self.estate(3)
        first = self.start(home)
        first.expect_exact("Code: ")
        second = self.start(home)
        second.expect_exact("waiting for it")
        first.kill(9)
        second.expect_exact("Code: ")
        second.sendline(home.code())
        self.assertEqual(support.finish(second)[1], 0)
        state = [p.name for p in (home.path / support.STATE).iterdir()]
        self.assertEqual(sorted(state), ["sessions", "spent-codes"])


if __name__ == "__main__":
    support.main()
