"""get --aws-cli-cache: the AWS CLI's own profiles ask for no code while the session lives."""

import json
import os
import subprocess

import support

DEVICE = "arn:aws:iam::123456789012:mfa/jsmith"
CONFIG = f"""[profile prod]
role_arn = arn:aws:iam::123456789012:role/AdminRole
source_profile = default
mfa_serial = {DEVICE}
region = us-east-1

[profile long]
role_arn = arn:aws:iam::123456789012:role/LongRole
source_profile = default
mfa_serial = {DEVICE}
duration_seconds = 7200
role_session_name = night-run
region = us-east-1
"""


class AwsCliCache(support.EndToEnd):
    def setUp(self):
        if not os.path.exists(support.AWS_CLI):
            self.skipTest("the AWS CLI is not installed")
        self.one = self.home(self.sandbox())
        self.one.config.write_text(CONFIG)
        self.folder = self.one.path / ".aws/cli/cache"

    def get(self, *arguments):
        result = self.one.run(
            "get", "--aws-cli-cache", "-u", "jsmith", "-c", self.one.code(), *arguments
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def cli(self, profile):
        """The AWS CLI with nobody to ask."""
        return subprocess.run(
            [support.AWS_CLI, "sts", "get-caller-identity", "--profile", profile,
             "--endpoint-url", self.one.sandbox.endpoint],
            env=self.one.environment(), capture_output=True, text=True,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def assert_takes(self, profile, session):
        result = self.cli(profile)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(
            json.loads(result.stdout)["Arn"], f"arn:aws:sts::123456789012:assumed-role/{session}"
        )

    def assert_asks(self, profile):
        result = self.cli(profile)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(f"Enter MFA code for {DEVICE}:", result.stdout + result.stderr)

    def test_the_cli_asks_for_no_code(self):
        self.assert_asks("prod")
        self.get("prod")
        self.assert_takes("prod", "AdminRole/jsmith")
        self.assert_asks("long")  # another role

    def test_several_and_what_their_profiles_say(self):
        self.get("prod", "long")
        self.assert_takes("prod", "AdminRole/jsmith")
        self.assert_takes("long", "LongRole/night-run")

    def test_the_files_are_for_the_user_only(self):
        self.get("prod")
        (file,) = self.folder.iterdir()
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(self.folder).st_mode & 0o077, 0)

    def test_a_folder_that_cannot_be_written_is_told_before_the_code(self):
        self.folder.parent.write_text("a file")
        code = self.one.code()
        result = self.one.run("get", "--aws-cli-cache", "-u", "jsmith", "-c", code, "prod")
        self.assertEqual(result.returncode, 1, result.stderr)
        result = self.one.run("get", "-u", "jsmith", "-c", code, "prod")  # it was not spent
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_logout_finds_what_a_changed_profile_left_and_the_keys_of_another_name(self):
        self.get("prod", "-p", "mine")
        (file,) = self.folder.iterdir()
        self.one.config.write_text(CONFIG.replace("[profile prod]", "[profile renamed]"))
        self.assertIn("ASIA", file.read_text())
        self.one.run("logout", "mine")
        self.assertNotIn("ASIA", file.read_text())

    def test_a_foreign_file_that_cannot_be_read_is_no_hindrance(self):
        as_user = self.one.as_ordinary_user()
        self.folder.mkdir(parents=True)
        (self.folder / "root.json").write_text("{}")
        (self.folder / "root.json").chmod(0o600)
        result = subprocess.run([*as_user, support.TOOL, "logout"], env=self.one.environment(),
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_logout_makes_them_expire(self):
        self.get("prod")
        (file,) = self.folder.iterdir()
        foreign = self.folder / ("0" * 40 + ".json")
        foreign.write_text('{"Credentials": {}}')
        result = self.one.run("logout", "prod")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("ASIA", file.read_text())
        self.assertEqual(foreign.read_text(), '{"Credentials": {}}')
        self.assert_asks("prod")


if __name__ == "__main__":
    support.main()
