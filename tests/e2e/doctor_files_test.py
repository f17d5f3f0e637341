"""`doctor` finds what is broken on this machine."""

import json
import subprocess

import examination
import support
from examination import ROLE


class BrokenHere(examination.Doctor):
    """On this machine: each is found, and nothing else is said to be wrong."""

    def test_a_credentials_file_that_others_can_read_or_write(self):
        home = self.good_home()
        home.credentials.chmod(0o640)
        self.assert_finds(self.examine(home), "warning",
                          "~/.aws/credentials can be read by others (mode 0640)",
                          "chmod 600 ~/.aws/credentials")
        home.credentials.chmod(0o622)
        self.assert_finds(self.examine(home), "failure",
                          "~/.aws/credentials can be written by others (mode 0622)",
                          "chmod 600 ~/.aws/credentials")

    def test_a_section_that_stands_twice(self):
        home = self.good_home()
        home.write_credentials(home.key_section("default") + "[x]\nregion = a\n[x]\nregion = b\n")
        [failure] = [f for f in self.examine(home) if f["status"] == "failure"]
        self.assertRegex(failure["what"], r"^~/\.aws/credentials, line 6: ")
        self.assertEqual(failure["what_to_do"], [
            "fix the line: until then the AWS CLI and boto3 cannot read any profile"])

    def test_a_config_file_that_is_not_there(self):
        home = self.good_home()
        self.assert_finds(self.examine(home, AWS_CONFIG_FILE=str(home.path / "none")), "failure",
                          "AWS_CONFIG_FILE names ~/none, which does not exist",
                          "unset AWS_CONFIG_FILE, or create the file")

    def test_a_temporary_file_that_was_left_behind(self):
        # On a file system without locks its name has a process ID, and it may be somebody's at work.
        home = self.good_home()
        (home.path / ".aws/credentials.aws-session-token.4000000.tmp").write_text("half")
        self.assert_finds(
            self.examine(home), "warning",
            "~/.aws/credentials.aws-session-token.4000000.tmp was left behind by an update that was "
            "killed",
            "it may contain keys; remove it, unless an aws-session-token is running")

    def test_temporary_files_beside_everything_that_is_written(self):
        home = self.good_home()
        left = [".aws/config.aws-session-token.tmp", ".aws/cli/cache/a.json.aws-session-token.tmp",
                ".config/aws-session-token/config.aws-session-token.tmp",
                support.STATE + "sessions.aws-session-token.tmp"]
        for name in left:
            path = home.path / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_text("half")
            path.chmod(0o600)
        findings = [finding["what"] for finding in self.examine(home)]
        # What lies beside a file that is read is removed, and the rest is told.
        for name in left:
            told = f"~/{name} was left behind by an update that was killed" in findings
            self.assertNotEqual(told, not (home.path / name).exists(), name)

    def test_a_folder_that_cannot_be_written(self):
        home = self.good_home()
        as_user = home.as_ordinary_user()
        (home.path / ".aws").chmod(0o500)
        self.addCleanup((home.path / ".aws").chmod, 0o700)
        result = subprocess.run([*as_user, support.TOOL, "doctor", "--json"], capture_output=True,
                                text=True, env=home.environment(), timeout=60)
        failures = [f for f in json.loads(result.stdout)["findings"] if f["status"] == "failure"]
        self.assertEqual(result.returncode, 1)
        self.assertTrue(any(".aws" in f["what"] and "cannot write" in f["what"]
                            for f in failures), failures)

    def test_keys_in_the_environment(self):
        home = self.good_home()
        self.assert_finds(
            self.examine(home, AWS_ACCESS_KEY_ID="ASIAX", AWS_SECRET_ACCESS_KEY="x",
                         AWS_SESSION_TOKEN="x"),
            "warning",
            "AWS_ACCESS_KEY_ID is set: Terraform, the AWS CLI and boto3 use the key in the environment and ignore AWS_PROFILE; the SDK for JavaScript does not",
            "unset AWS_ACCESS_KEY_ID, unless you set it on purpose")

    def test_a_profile_variable_that_names_none(self):
        findings = self.examine(self.good_home(), "-s", "default", AWS_PROFILE="prdo")
        self.assert_finds(findings, "failure", "AWS_PROFILE names prdo, which is not a profile",
                          "unset AWS_PROFILE, or name one of: aws configure list-profiles")

    def test_a_session_that_is_over(self):
        home = self.good_home()
        home.write_credentials(
            home.key_section("default") + "[session_token]\naws_access_key_id = ASIAX\n"
            "aws_secret_access_key = x\naws_session_token = x\nmanager = aws-session-token\n"
            "expiration = 2026-01-01T00:00:00Z\n")
        self.assert_finds(self.examine(home), "warning",
                          "the session in profile session_token expired at 2026-01-01 00:00 UTC",
                          "get a new one with: aws-session-token",
                          "or remove it with: aws-session-token logout session_token")

    def test_a_link_of_ours_is_no_fault(self):
        home = self.good_home()
        result = home.run("get", "--link", "-u", "jsmith", "-r", "AdminRole", "-c", home.code())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_all_well(self.examine(home))

    def test_sessions_that_live_are_told_of_in_one_line(self):
        home = self.good_home()
        one = (
            "[{}]\naws_access_key_id = ASIAX\naws_secret_access_key = x\naws_session_token = x\n"
            "manager = aws-session-token\nexpiration = 2126-01-0{}T00:00:00Z\n"
        )
        home.write_credentials(home.key_section("default") + one.format("a", 2))
        self.assertIn("the session in profile a is valid until 2126-01-02 00:00 UTC",
                      self.said(self.examine(home)))
        home.write_credentials(
            home.key_section("default") + one.format("a", 2) + one.format("b", 1)
        )
        self.assertIn("the sessions in 2 profiles are valid, the first until 2126-01-01 00:00 UTC",
                      self.said(self.examine(home)))

    def test_a_session_of_another_tool_that_is_over(self):
        home = self.good_home()
        home.write_credentials(
            home.key_section("default") + "[dev]\naws_access_key_id = ASIAX\n"
            "aws_secret_access_key = x\naws_session_token = x\nmanager = awsume\n"
            "expiration = 2026-01-01T00:00:00Z\n")
        self.assert_finds(self.examine(home), "warning",
                          "the session in profile dev expired at 2026-01-01 00:00 UTC",
                          "renew it with awsume, which wrote it")

    def test_a_target_that_belongs_to_another_tool(self):
        home = self.good_home()
        home.write_credentials(
            home.key_section("default") + "[session_token]\naws_access_key_id = ASIAX\n"
            "aws_secret_access_key = x\naws_session_token = x\nmanager = awsume\n")
        [failure] = [f for f in self.examine(home) if f["status"] == "failure"]
        self.assertIn("awsume", failure["what"])
        self.assertEqual(failure["check"], "sessions")

    def test_a_role_that_terraform_cannot_assume(self):
        home = self.good_home()
        home.config.write_text(f"[profile prod]\nrole_arn = {ROLE}AdminRole\n"
                               f"source_profile = default\nmfa_serial = {home.user['serial_number']}\n")
        get = ("write a session beside it with: aws-session-token get prod; every client can use its profile")
        for findings in (self.examine(home, "prod"), self.examine(home, AWS_PROFILE="prod")):
            said = [(f["status"], f["what"], *f["what_to_do"]) for f in findings
                    if f["check"] == "clients"]
            self.assertEqual(said, [
                ("warning", "Terraform cannot use profile prod: it cannot ask for the MFA code of the role", get),
                ("ok", f"for profile prod, the AWS CLI and boto3: the role {ROLE}AdminRole (it asks "
                 "for the MFA code itself)"),
                ("warning", "the SDK for JavaScript cannot use profile prod: it asks for no MFA code unless the program brings a way to", get)])

    def test_a_profile_that_the_clients_read_differently(self):
        home = self.good_home()
        home.write_credentials(home.key_section("default") + home.key_section("both"))
        home.config.write_text("[profile both]\nsso_session = x\n")
        findings = self.examine(home, "both", "-s", "default")
        said = [(f["status"], f["what"]) for f in findings if f["check"] == "clients"]
        self.assertEqual(said, [
            ("warning", "for profile both, Terraform: its long-term key"),
            ("warning", "for profile both, the AWS CLI and boto3: its SSO session (it goes before "
             "the keys)"),
            ("warning", "for profile both, the SDK for JavaScript: its long-term key")])

    def test_a_profile_that_serves_nobody(self):
        home = self.good_home()
        home.config.write_text(f"[profile half]\nrole_arn = {ROLE}AdminRole\n")
        said = [(f["status"], f["what"]) for f in self.examine(home, "half")
                if f["check"] == "clients"]
        self.assertEqual(said, [
            ("failure", "no client can use profile half: the role has no source_profile")])

    def test_a_section_that_is_called_as_in_the_other_file(self):
        home = self.good_home()
        home.config.write_text(f"[prod]\nrole_arn = {ROLE}AdminRole\n")
        wrong = [(f["what"], *f["what_to_do"]) for f in self.examine(home, "prod")
                 if f["status"] == "failure"]
        self.assertEqual(wrong, [
            ("~/.aws/config, line 1: [prod] does not define a profile in this file", "write [profile prod]"),
            ("there is no profile prod", "list the profiles with: aws configure list-profiles")])

    def test_a_setting_that_is_not_known(self):
        home = self.good_home()
        home.write_settings("usernme = jsmith\n")
        findings = self.examine(home)
        [failure] = [f for f in findings if f["status"] == "failure"]
        self.assertIn("there is no setting usernme", failure["what"])
        self.assertEqual(failure["what_to_do"], ["did you mean username?"])
        # What one look throws stops none of the others.
        self.assertEqual({f["check"] for f in findings},
                         {"files", "settings", "clients", "key", "connection", "clock", "devices",
                          "role", "permissions"})

    def test_no_key_at_all(self):
        home = self.good_home()
        home.credentials.unlink()
        self.assert_finds(self.examine(home), "failure",
                          "there is no long-term access key to start from",
                          "store the key of your IAM user with: aws configure",
                          "or name the profile that holds it with -s")


if __name__ == "__main__":
    support.main()
