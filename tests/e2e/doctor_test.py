"""`doctor`: says nothing wrong about a good set-up, and tells no secret."""

import json
import re

import examination
import support
from examination import ACCOUNT, ROLE


class Good(examination.Doctor):
    def test_nothing_is_wrong_with_a_good_one(self):
        home = self.good_home()
        with self.unchanged(home):
            findings = self.examine(home)
        self.assert_all_well(findings)
        key = home.user["access_key_id"]
        said = [re.sub(r"\d{4}-\d\d-\d\d", "DAY", what) for what in self.said(findings)]
        self.assertEqual(said, [
            "~/.aws/config does not exist",
            "every client reads ~/.aws/credentials the same way",
            "profile session_token does not exist yet: aws-session-token will create it",
            f"the long-term key is {key} of profile default",
            f"STS answers at {home.sandbox.endpoint}, for the region us-east-1",
            "this machine's clock agrees with AWS's",
            f"the key is jsmith's, of account {ACCOUNT}, and active",
            f"IAM answers at {home.sandbox.endpoint}",
            f"the access key {key} was created on DAY, 0 days ago",
            f"STS accepts codes from arn:aws:iam::{ACCOUNT}:mfa/jsmith",
            f"the role {ROLE}AdminRole exists; it lasts 1 h at most",
            "the trust policy of AdminRole lets jsmith assume it, with MFA only",
            "whether policies allow sts:AssumeRole on AdminRole is not known: you may not call iam:SimulatePrincipalPolicy",
        ])

    def test_with_a_session_there_and_a_code_to_try(self):
        home = self.good_home()
        self.assertEqual(home.run("-u", "jsmith", "-r", "LongRole", "--no-input", "-c",
                                  home.code()).returncode, 0)
        findings = self.examine(home, AWS_PROFILE="session_token")
        self.assert_all_well(findings)
        self.assertIn("AWS_PROFILE names session_token, which holds temporary keys: passed over",
                      self.said(findings))
        self.assertIn("for profile session_token every client uses the session in its keys",
                      self.said(findings))

    def test_a_code_is_tried_once(self):
        home = self.good_home()
        code = home.code()
        findings = self.examine(home, "-c", code)
        self.assert_all_well(findings)
        self.assertEqual(findings[-1]["what"], "the code is accepted for AdminRole; the session was discarded")
        [again] = [f for f in self.examine(home, "-c", code) if f["status"] == "failure"]
        self.assertEqual(again["what"], "this MFA code was used already, and a code works once")

    def test_what_aws_simulates_is_likely_at_best(self):
        findings = self.examine(self.good_home("pat"), "-r", "LongRole")
        self.assertEqual(
            [(f["status"], f["what"]) for f in findings if f["check"] == "permissions"],
            [("likely", "your policies allow sts:AssumeRole on LongRole, by AWS's simulation")])

    def test_a_profile_with_a_key_alone_is_looked_at_with_the_usual_role(self):
        home = self.good_home()
        home.write_credentials(home.key_section("work"))
        findings = self.examine(home, "work")
        self.assert_all_well(findings)
        self.assertIn("profile work has no role; checking AdminRole, the role of the settings",
                      self.said(findings))
        self.assertIn(f"the long-term key is {home.user['access_key_id']} of profile work",
                      self.said(findings))

    def test_colours_are_for_a_terminal_that_wants_them(self):
        home = self.good_home()
        home.credentials.chmod(0o644)
        coloured, _ = support.finish(home.terminal("doctor"))
        self.assertIn("\033[33mwarning  \033[0m~/.aws/credentials", coloured)
        plain, _ = support.finish(
            home.terminal("doctor", environment=home.environment(NO_COLOR="1")))
        self.assertIn("\nwarning  ~/.aws/credentials", plain)
        self.assertNotIn("\033", plain)

    def test_a_person_is_told_in_words(self):
        home = self.good_home()
        home.credentials.chmod(0o644)
        result = home.run("doctor")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("warning  ~/.aws/credentials can be read by others (mode 0644)\n"
                      "         -> chmod 600 ~/.aws/credentials\n", result.stdout)
        self.assertTrue(result.stdout.endswith("\n0 failures, 1 warning\n"), result.stdout)


class Report(examination.Doctor):
    def test_it_holds_no_secret_and_overwrites_nothing(self):
        home = self.good_home()
        home.write_credentials(
            "# a secret in a comment\n" + home.key_section("default") +
            "region = wJalrXUtnFEMIzK7MDENGzbPxRfiCYEXAMPLEKEY\n"
            "external_id = a secret id\na secret without a key\n"
            "wJalrXUtnFEMIzK7MDENGzbPxRfiCYEXAMPLEKEY = \n[session_token]\n"
            "aws_access_key_id = ASIAX\naws_secret_access_key = another secret\n"
            "aws_session_token = the secret token\nmanager = aws-session-token\n")
        path = home.path / "bundle.json"
        self.examine(home, "--report", str(path), HTTPS_PROXY="http://u:secret@127.0.0.1:9",
                     NO_PROXY="127.0.0.1", AWS_SECRET_KEY="secret")
        text = path.read_text()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(home.user["secret_access_key"], text)
        self.assertNotIn("secret ", text)
        self.assertNotIn("wjalrxutnf", text.lower())
        self.assertNotIn("secret@", text)
        bundle = json.loads(text)
        self.assertEqual(sorted(bundle), ["environment", "files", "findings", "time", "version"])
        [_, credentials] = bundle["files"]
        self.assertEqual(credentials["mode"], "0600")
        self.assertEqual(credentials["sections"][1], {
            "line": 9, "section": "session_token", "keys": {
                "aws_access_key_id": "(left out)", "aws_secret_access_key": "(left out)",
                "aws_session_token": "(left out)", "manager": "aws-session-token"}})
        again = home.run("doctor", "--report", str(path))
        self.assert_says(again, 2, f"aws-session-token: error: {path} already exists",
                         "aws-session-token: hint: name a new file with --report")
        self.assertEqual(path.read_text(), text)

    def test_one_thing_at_a_time(self):
        home = self.good_home()
        self.assert_says(home.run("doctor", "a", "b"), 2,
                         "aws-session-token: error: doctor checks one profile or role at a time",
                         "aws-session-token: hint: run it for each of them")


if __name__ == "__main__":
    support.main()
