"""credential-process as its clients call it: one JSON object or nothing, questions on the terminal only."""

import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import interop_test
import support

GREETING = (
    "aws-session-token needs an MFA code for role AdminRole\r\n"
    "MFA code of jsmith, from arn:aws:iam::123456789012:mfa/jsmith\r\n"
)


class CredentialProcess(support.EndToEnd):
    def setUp(self):
        self.home_of_jsmith = self.home(self.sandbox())

    def alone(self, *arguments, **variables):
        """As a client without a terminal calls it."""
        return subprocess.run(
            [support.TOOL, "credential-process", *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            start_new_session=True, env=self.home_of_jsmith.environment(**variables),
        )  # fmt: skip

    def parsed(self, result):
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.returncode, 0)
        self.assertTrue(result.stdout.endswith("}\n"), result.stdout)
        return json.loads(result.stdout)

    def minutes_left(self, told):
        end = datetime.datetime.fromisoformat(told["Expiration"].replace("Z", "+00:00"))
        return (end - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 60

    def test_prints_one_object_that_ends_five_minutes_early(self):
        told = self.parsed(self.alone("-c", self.home_of_jsmith.code()))
        self.assertEqual(
            list(told), ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]
        )
        self.assertEqual(told["Version"], 1)
        self.assertGreater(self.minutes_left(told), 53)
        self.assertLess(self.minutes_left(told), 55.1)

    def test_the_same_session_again_asks_nobody(self):
        first = self.parsed(self.alone("-c", self.home_of_jsmith.code()))
        self.home_of_jsmith.sandbox.stop()  # not even AWS
        self.assertEqual(self.parsed(self.alone()), first)

    def test_a_session_about_to_end_is_renewed_without_a_code(self):
        first = self.parsed(self.alone("-d", "15m", "-c", self.home_of_jsmith.code()))
        second = self.parsed(self.alone("-d", "15m"))
        self.assertNotEqual(first["AccessKeyId"], second["AccessKeyId"])
        third = self.parsed(self.alone("-d", "15m", "--min-ttl", "1m"))
        self.assertEqual(third, second)

    def test_nobody_to_ask_is_one_line_at_once(self):
        with self.unchanged(self.home_of_jsmith):
            started = time.monotonic()
            result = self.alone()
            self.assertLess(time.monotonic() - started, 5)
        self.assert_says(
            result,
            4,
            "aws-session-token: error: an MFA code is needed, and there is no one to ask; get a "
            "session on a terminal first: aws-session-token exec -- true",
        )
        self.assertEqual(result.stdout, "")

    def test_no_input_is_nobody(self):
        child = self.home_of_jsmith.terminal("credential-process", "--no-input")
        shown, status = support.finish(child)
        self.assertIn("there is no one to ask", shown)
        self.assertEqual(status, 4)

    def test_a_refusal_prints_nothing_and_no_secret(self):
        result = self.alone("--verbose", "-c", self.home_of_jsmith.wrong_code())
        self.assertEqual((result.stdout, result.returncode), ("", 3))
        self.assertIn("AWS refused the MFA code", result.stderr)
        self.assertNotIn(self.home_of_jsmith.user["secret_access_key"], result.stderr)

    def test_verbose_tells_no_secret(self):
        result = self.alone("--verbose", "-c", self.home_of_jsmith.code())
        told = json.loads(result.stdout)
        self.assertIn("AssumeRole: HTTP 200", result.stderr)
        for secret in ("SecretAccessKey", "SessionToken"):
            self.assertNotIn(told[secret], result.stderr)

    def test_it_is_for_one_target(self):
        for arguments in (("a", "b"), ("-r", "A", "-r", "B"), ("a", "-r", "B")):
            self.assert_says(
                self.alone(*arguments),
                2,
                "aws-session-token: error: this command takes one PROFILE or role",
                "aws-session-token: hint: for several use: aws-session-token get, or exec",
            )

    def test_the_environment_of_a_linked_profile_does_no_harm(self):
        told = self.parsed(self.alone("-c", self.home_of_jsmith.code()))
        again = self.parsed(self.alone(AWS_PROFILE="linked", AWS_SESSION_TOKEN="old"))
        self.assertEqual(again, told)


class OnATerminal(support.EndToEnd):
    """Standard input, output and error are a client's pipes; the terminal is the person's."""

    def setUp(self):
        self.home_of_jsmith = self.home(self.sandbox())
        self.out = self.home_of_jsmith.path / "out"

    def shell(self, script):
        environment = self.home_of_jsmith.environment(TOOL=support.TOOL, OUT=str(self.out))
        child = support.pexpect.spawn(
            "/bin/sh", ["-c", script], env=environment, encoding="utf-8", timeout=30,
            dimensions=(40, 200),
        )  # fmt: skip
        child.delaybeforesend = None
        return child

    def told(self, path=None):
        return json.loads((path or self.out).read_text())

    def test_the_question_is_on_the_terminal_whatever_the_streams_are(self):
        child = self.shell('"$TOOL" credential-process </dev/null >"$OUT" 2>"$OUT.err"')
        child.expect_exact(GREETING + "Code: ")
        self.assertEqual(child.before, "")
        child.sendline(self.home_of_jsmith.code())
        _, status = support.finish(child)
        self.assertEqual(status, 0)
        self.assertEqual(self.told()["Version"], 1)
        self.assertEqual(pathlib.Path(f"{self.out}.err").read_text(), "")

    def test_ctrl_c_prints_nothing_and_leaves_the_terminal_as_it_was(self):
        child = self.shell(
            'trap : INT; "$TOOL" credential-process </dev/null >"$OUT" 2>"$OUT.err"; '
            "echo status $?"
        )
        before = support.termios.tcgetattr(child.child_fd)
        child.expect_exact("Code: ")
        child.sendintr()
        child.expect_exact("status 130")
        support.finish_with_settings(child, before)
        self.assertEqual(self.out.read_text(), "")

    def test_in_the_background_of_a_shell_there_is_nobody(self):
        # It would be stopped for ever, and whoever waits for it with it.
        child = self.shell(
            'set -m; "$TOOL" credential-process </dev/null >"$OUT" 2>"$OUT.err" & wait $!; '
            "echo status $?"
        )
        child.expect_exact("status 4")
        support.finish(child)
        self.assertIn("there is no one to ask", pathlib.Path(f"{self.out}.err").read_text())

    def start_twenty(self):
        self.out.mkdir()
        child = self.shell(
            "i=0; while [ $i -lt 20 ]; do "
            '"$TOOL" credential-process </dev/null >"$OUT/$i" 2>>"$OUT/err" & '
            'i=$((i+1)); done; echo started; wait; echo all ended'
        )
        return child

    def assert_all_told_alike(self, count=20):
        told = [self.told(path) for path in self.out.glob("[0-9]*") if path.stat().st_size > 0]
        self.assertEqual(len(told), count)
        # One code; each may have assumed the role for itself.
        self.assertEqual({t["Version"] for t in told}, {1})

    def test_twenty_at_once_are_one_question(self):
        child = self.start_twenty()
        child.expect_exact("Code: ")
        time.sleep(2)  # for the slowest to start
        child.sendline(self.home_of_jsmith.code())
        child.expect_exact("all ended")
        self.assertNotIn("Code: ", child.before)
        support.finish(child)
        self.assert_all_told_alike()
        self.assertEqual((self.out / "err").read_text(), "")

    def test_when_the_one_that_asks_is_interrupted_the_next_asks(self):
        child = self.start_twenty()
        child.expect_exact("Code: ")
        time.sleep(2)
        os.kill(self.asking(), signal.SIGTERM)  # a shell has its background ignore SIGINT
        child.expect_exact("Code: ")
        child.sendline(self.home_of_jsmith.code())
        child.expect_exact("all ended")
        self.assertNotIn("Code: ", child.before)
        support.finish(child)
        self.assert_all_told_alike(19)
        self.assertEqual((self.out / "err").read_text(), "")

    def asking(self):
        """The process that holds the lock on the question."""
        state = self.home_of_jsmith.path / support.STATE
        inodes = {str(path.stat().st_ino) for path in state.glob("*code-*")}
        for line in pathlib.Path("/proc/locks").read_text().splitlines():
            fields = line.split()
            if "->" not in fields and fields[5].rsplit(":", 1)[-1] in inodes:
                return int(fields[4])
        self.fail("nobody holds the lock")


class Clients(support.EndToEnd):
    """Real clients with a credential_process line."""

    def setUp(self):
        self.home_of_jsmith = self.home(self.sandbox())
        endpoint = self.home_of_jsmith.sandbox.endpoint
        self.home_of_jsmith.config.write_text(
            "[profile process]\n"
            f"credential_process = {support.TOOL_WORD} credential-process --endpoint-url={endpoint}\n"
        )

    def keep_a_session(self):
        home = self.home_of_jsmith
        result = home.run("credential-process", "-c", home.code())
        self.assertEqual(result.returncode, 0, result.stderr)

    def identity(self, *command):
        result = subprocess.run(
            [*command, self.home_of_jsmith.sandbox.endpoint, "process"],
            capture_output=True, text=True, timeout=120,
            env=self.home_of_jsmith.environment(AWS_ENDPOINT_URL=None),
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["Arn"]

    def test_boto3(self):
        self.keep_a_session()
        arn = self.identity("/usr/bin/python3", "-c", interop_test.BOTO3)
        self.assertEqual(arn, interop_test.ARN)

    def test_the_javascript_sdk(self):
        script = interop_test.node_folder() / "identity.mjs"
        self.keep_a_session()
        self.assertEqual(self.identity("node", str(script)), interop_test.ARN)

    def test_terraform_lets_a_person_answer(self):
        if not shutil.which("terraform"):
            self.skipTest("terraform is not installed")
        home = self.home_of_jsmith
        folder = home.path / "terraform"
        folder.mkdir()
        endpoint = home.sandbox.endpoint
        (folder / "main.tf").write_text(interop_test.TERRAFORM % ("process", endpoint, endpoint))
        child = support.pexpect.spawn(
            "terraform", ["init", "-no-color"], cwd=str(folder), encoding="utf-8", timeout=60,
            env=home.environment(AWS_ENDPOINT_URL=None, CHECKPOINT_DISABLE="1"),
            dimensions=(40, 200),
        )  # fmt: skip
        child.delaybeforesend = None
        child.expect_exact(GREETING + "Code: ")
        child.sendline(home.code())
        shown, _ = support.finish(child)
        # It asks STS who it is, then S3, which the sandbox is not.
        self.assertNotIn("validating provider credentials", shown)
        self.assertRegex(shown, "S3: ListObjects")

    def test_the_aws_cli(self):
        if not os.path.exists(support.AWS_CLI):
            self.skipTest("the AWS CLI is not installed")
        home = self.home_of_jsmith
        refused = home.aws_cli("sts", "get-caller-identity", profile="process")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("an MFA code is needed", refused.stderr)
        self.keep_a_session()
        identity = home.aws_cli("sts", "get-caller-identity", profile="process")
        self.assertEqual(identity.returncode, 0, identity.stderr)
        self.assertIn("assumed-role/AdminRole/jsmith", identity.stdout)


if __name__ == "__main__":
    support.main()
