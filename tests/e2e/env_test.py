"""env in its five syntaxes, read by the shells and programs that they are for."""

import json
import os
import shutil
import subprocess

import support

NAMES = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
]
CONFLICTING = {
    "AWS_PROFILE": "none",
    "AWS_DEFAULT_PROFILE": "none",
    "AWS_SECURITY_TOKEN": "old",
    "AWS_ROLE_ARN": "old",
    "AWS_ROLE_SESSION_NAME": "old",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "old",
    "AWS_ACCESS_KEY": "old",
    "AWS_SECRET_KEY": "old",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "old",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "old",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "old",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "old",
}
# (name of the program, its arguments before the script, the script); TOOL stands for the tool.
SHELLS = [
    ("sh", ["-c"], 'eval "$(TOOL)"; env -0'),
    ("dash", ["-c"], 'eval "$(TOOL)"; env -0'),
    ("bash", ["-c"], 'set -H; eval "$(TOOL)"; env -0'),
    ("zsh", ["-fc"], 'eval "$(TOOL)"; env -0'),
    ("fish", ["-N", "-c"], "TOOL --format fish | source; env -0"),
    ("pwsh", ["-NoProfile", "-Command"],
     "TOOL --format powershell | Out-String | Invoke-Expression; env -0"),
]  # fmt: skip


class Env(support.EndToEnd):
    def setUp(self):
        self.home_of_jsmith = home = self.home(self.sandbox())
        home.config.write_text(
            "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            f"source_profile = default\nregion = {home.sandbox.ready['region']}\n"
        )

    def get(self, *arguments, **variables):
        result = self.home_of_jsmith.run(
            "env", *arguments, environment=self.home_of_jsmith.environment(**variables)
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, "")
        return result.stdout

    def session(self, *arguments, **variables):
        return json.loads(self.get(*arguments, "--format", "json", **variables))

    def first(self, *arguments):
        return self.session(*arguments, "-c", self.home_of_jsmith.code())

    def test_json_is_one_object(self):
        told = self.first("prod")
        self.assertEqual(list(told), NAMES)
        self.assertEqual(told["AWS_REGION"], self.home_of_jsmith.sandbox.ready["region"])

    def test_the_region_is_the_options_the_profiles_or_the_variables(self):
        self.assertNotIn("AWS_REGION", self.first())
        self.assertEqual(self.session(AWS_REGION="us-west-2")["AWS_REGION"], "us-west-2")
        region = self.session("prod")["AWS_REGION"]
        self.assertEqual(
            self.session("prod", AWS_REGION="us-west-2")["AWS_DEFAULT_REGION"], region
        )
        self.assertEqual(
            self.session("prod", "--region", "us-east-2")["AWS_REGION"], "us-east-2"
        )

    def test_a_second_call_asks_nobody(self):
        first = self.first("prod")
        self.home_of_jsmith.sandbox.stop()
        self.assertEqual(self.session("prod"), first)

    def test_a_session_is_not_used_for_a_narrower_one(self):
        wide = self.first("prod")
        policy = self.home_of_jsmith.path / "policy"
        policy.write_text(
            '{"Statement": {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}}')
        for narrow in (["--policy", str(policy)], ["--session-name", "narrow"]):
            with self.subTest(narrow=narrow):
                session = self.session("prod", *narrow)
                self.assertNotEqual(session["AWS_ACCESS_KEY_ID"], wide["AWS_ACCESS_KEY_ID"])
                self.assertEqual(self.session("prod"), wide)

    def test_a_session_serves_a_shorter_wish(self):
        first = self.first("prod")
        self.assertEqual(self.session("prod", "-d", "15m"), first)

    def read_by(self, shell, arguments, script):
        result = subprocess.run(
            [shell, *arguments, script.replace("TOOL", f"{support.TOOL_WORD} env prod")],
            capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
            env=self.home_of_jsmith.environment(
                DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1", **CONFLICTING
            ),
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        pairs = result.stdout.decode().split("\0")
        return dict(pair.split("=", 1) for pair in pairs if pair.startswith("AWS_"))

    def test_the_shells_read_it_back(self):
        expected = self.first("prod")
        for shell, arguments, script in SHELLS:
            if not shutil.which(shell):
                print(f"\nSKIPPED: {shell} is not installed", flush=True)
                continue
            with self.subTest(shell=shell):
                seen = self.read_by(shell, arguments, script)
                self.assertEqual({name: seen.get(name) for name in NAMES}, expected)
                self.assertEqual(set(seen) & set(CONFLICTING), set())

    def test_dotenv_is_read_by_sh_and_as_plain_lines(self):
        expected = self.first("prod")
        text = self.get("prod", "--format", "dotenv")
        self.assertEqual(dict(line.split("=", 1) for line in text.splitlines()), expected)
        shell = subprocess.run(
            ["sh", "-c", 'set -a; eval "$1"; env -0', "-", text], capture_output=True, text=True
        ).stdout.split("\0")
        self.assertLessEqual({f"{name}={value}" for name, value in expected.items()}, set(shell))

    def test_an_unknown_format_is_named_with_the_nearest(self):
        self.assert_says(
            self.home_of_jsmith.run("env", "--format", "fisch"),
            2,
            "aws-session-token: error: unknown format: fisch",
            "aws-session-token: hint: did you mean fish?",
        )
        self.assert_says(
            self.home_of_jsmith.run("env", "--format", "cmd.exe"),
            2,
            "aws-session-token: error: unknown format: cmd.exe",
            "aws-session-token: hint: the formats are sh, fish, powershell, dotenv and json",
        )

    def test_the_variables_are_a_session_to_the_aws_cli(self):
        if not os.path.exists(support.AWS_CLI):
            self.skipTest("the AWS CLI is not installed")
        self.first("prod")
        home = self.home_of_jsmith
        result = subprocess.run(
            ["sh", "-c",
             f'eval "$({support.TOOL_WORD} env prod)"; exec {support.AWS_CLI} sts get-caller-identity '
             f"--endpoint-url {home.sandbox.endpoint}"],
            capture_output=True, text=True, timeout=120,
            env=home.environment(AWS_PROFILE="none"),
        )  # fmt: skip
        self.assertIn("assumed-role/AdminRole/jsmith", result.stdout, result.stderr)

    def test_nobody_to_ask(self):
        self.assert_says(
            subprocess.run(
                [support.TOOL, "env"], env=self.home_of_jsmith.environment(),
                stdin=subprocess.DEVNULL, capture_output=True, text=True, start_new_session=True,
            ),
            4,
            "aws-session-token: error: an MFA code is needed, and there is no one to ask",
            "aws-session-token: hint: get a session on a terminal first: aws-session-token exec "
            "-- true",
            "aws-session-token: hint: or give the code with --code, or a command that prints it "
            "with mfa_process",
        )  # fmt: skip


if __name__ == "__main__":
    support.main()
