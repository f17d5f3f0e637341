"""`doctor`: says nothing wrong about a good set-up, finds each broken one, and tells no secret."""

import json
import os
import re
import tempfile

import estate
import support

ACCOUNT = estate.HOME_ACCOUNT
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"


class Doctor(support.EndToEnd):
    def examine(self, home, *arguments, status=None, **variables):
        result = home.run("doctor", "--json", *arguments,
                          environment=home.environment(**variables))
        self.assertEqual(result.stderr, "")
        findings = json.loads(result.stdout)["findings"]
        failed = any(finding["status"] == "failure" for finding in findings)
        self.assertEqual(result.returncode, 1 if failed else 0, result.stdout)
        return findings

    def good_home(self, username="jsmith"):
        return self.home(self.sandbox(), username)

    def home_in(self, world):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(world, file)
        self.addCleanup(os.unlink, file.name)
        return self.home(self.sandbox("--world", file.name))

    def assert_finds(self, findings, status, what, *what_to_do):
        """This, and nothing else that is wrong."""
        wrong = [(finding["status"], finding["what"], *finding["what_to_do"])
                 for finding in findings if finding["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [(status, what, *what_to_do)])

    def assert_all_well(self, findings):
        wrong = [f for f in findings if f["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [])

    def said(self, findings):
        return [finding["what"] for finding in findings]


class Good(Doctor):
    def test_nothing_is_wrong_with_a_good_one(self):
        home = self.good_home()
        with self.unchanged(home):
            findings = self.examine(home)
        self.assert_all_well(findings)
        key = home.user["access_key_id"]
        said = [re.sub(r"\d{4}-\d\d-\d\d", "DAY", what) for what in self.said(findings)]
        self.assertEqual(said, [
            "~/.aws/config is not there",
            "~/.aws/credentials is read alike by every client",
            "profile session_token is not there yet: aws-session-token writes it",
            f"the long-term key is {key} of profile default",
            f"STS answers at {home.sandbox.endpoint}, for the region us-east-1",
            "this machine's clock agrees with AWS's",
            f"the key is jsmith's, of account {ACCOUNT}, and active",
            f"the access key {key} was made on DAY, 0 days ago",
            f"STS takes the codes of arn:aws:iam::{ACCOUNT}:mfa/jsmith",
            f"the role {ROLE}AdminRole is there, for 1 h at most",
            "its trust policy lets jsmith assume it, with MFA only",
            "whether your policies allow the role cannot be asked (iam:SimulatePrincipalPolicy): "
            "give a code with -c to try it",
        ])

    def test_with_a_session_there_and_a_code_to_try(self):
        home = self.good_home()
        self.assertEqual(home.run("-u", "jsmith", "-r", "LongRole", "--no-input", "-c",
                                  home.code()).returncode, 0)
        findings = self.examine(home, AWS_PROFILE="session_token")
        self.assert_finds(findings, "warning",
                          "AWS_PROFILE names session_token, which holds temporary keys: passed over")
        findings = self.examine(home, "-s", "default", AWS_PROFILE="session_token")
        self.assert_all_well(findings)
        self.assertIn("for profile session_token every client takes the session in its keys",
                      self.said(findings))

    def test_a_code_is_tried_once(self):
        home = self.good_home()
        code = home.code()
        findings = self.examine(home, "-c", code)
        self.assert_all_well(findings)
        self.assertRegex(findings[-1]["what"], r"^the code opens the role, until \d{4}-")
        [again] = [f for f in self.examine(home, "-c", code) if f["status"] == "failure"]
        self.assertEqual(again["what"], "this MFA code was used already, and a code works once")

    def test_what_aws_simulates_is_likely_at_best(self):
        findings = self.examine(self.good_home("pat"), "-r", "LongRole")
        self.assertEqual(
            [(f["status"], f["what"]) for f in findings if f["check"] == "permissions"],
            [("likely", "your policies allow sts:AssumeRole on the role, by AWS's simulation")])

    def test_a_person_is_told_in_words(self):
        home = self.good_home()
        home.credentials.chmod(0o644)
        result = home.run("doctor")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("warning  ~/.aws/credentials can be read by others (mode 0644)\n"
                      "         -> chmod 600 ~/.aws/credentials\n", result.stdout)
        self.assertTrue(result.stdout.endswith("\n0 failures, 1 warning\n"), result.stdout)


class BrokenHere(Doctor):
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
            "mend the line; until then the AWS CLI and boto3 read no profile at all"])

    def test_a_config_file_that_is_not_there(self):
        home = self.good_home()
        self.assert_finds(self.examine(home, AWS_CONFIG_FILE=str(home.path / "none")), "failure",
                          "AWS_CONFIG_FILE names ~/none, which is not there",
                          "unset AWS_CONFIG_FILE, or make the file")

    def test_a_temporary_file_that_was_left_behind(self):
        home = self.good_home()
        (home.path / ".aws/credentials.aws-session-token.tmp").write_text("half")
        self.assert_finds(
            self.examine(home), "warning",
            "~/.aws/credentials.aws-session-token.tmp was left behind by an update that was killed",
            "it may hold keys; remove it, unless an aws-session-token is at work")

    def test_keys_in_the_environment(self):
        home = self.good_home()
        self.assert_finds(
            self.examine(home, AWS_ACCESS_KEY_ID="ASIAX", AWS_SECRET_ACCESS_KEY="x",
                         AWS_SESSION_TOKEN="x"),
            "warning",
            "AWS_ACCESS_KEY_ID is set: Terraform, the AWS CLI and boto3 take the key of the "
            "environment and pass over AWS_PROFILE; the SDK for JavaScript does not",
            "unset AWS_ACCESS_KEY_ID, unless that is meant")

    def test_a_profile_variable_that_names_none(self):
        findings = self.examine(self.good_home(), "-s", "default", AWS_PROFILE="prdo")
        self.assert_finds(findings, "failure", "AWS_PROFILE names prdo, which is no profile",
                          "unset AWS_PROFILE, or name one of: aws configure list-profiles")

    def test_a_session_that_is_over(self):
        home = self.good_home()
        home.write_credentials(
            home.key_section("default") + "[session_token]\naws_access_key_id = ASIAX\n"
            "aws_secret_access_key = x\naws_session_token = x\nmanager = aws-session-token\n"
            "expiration = 2026-01-01T00:00:00Z\n")
        self.assert_finds(self.examine(home), "warning",
                          "the session in profile session_token is over since 2026-01-01T00:00:00Z",
                          "get a new one with: aws-session-token",
                          "or remove it with: aws-session-token logout session_token")

    def test_a_session_of_another_tool_that_is_over(self):
        home = self.good_home()
        home.write_credentials(
            home.key_section("default") + "[dev]\naws_access_key_id = ASIAX\n"
            "aws_secret_access_key = x\naws_session_token = x\nmanager = awsume\n"
            "expiration = 2026-01-01T00:00:00Z\n")
        self.assert_finds(self.examine(home), "warning",
                          "the session in profile dev is over since 2026-01-01T00:00:00Z",
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
        get = ("write a session beside it with: aws-session-token get prod; its profile serves "
               "every client")
        for findings in (self.examine(home, "prod"), self.examine(home, AWS_PROFILE="prod")):
            said = [(f["status"], f["what"], *f["what_to_do"]) for f in findings
                    if f["check"] == "clients"]
            self.assertEqual(said, [
                ("warning", "profile prod is no use to Terraform: it cannot ask for the MFA code of "
                 "the role", get),
                ("ok", f"for profile prod, the AWS CLI and boto3: the role {ROLE}AdminRole (it asks "
                 "for the MFA code itself)"),
                ("warning", "profile prod is no use to the SDK for JavaScript: it asks for no MFA "
                 "code unless the program brings a way to", get)])

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
            ("failure", f"profile half is no use to {client}: the role has no source_profile")
            for client in ("Terraform", "the AWS CLI and boto3", "the SDK for JavaScript")])

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


class BrokenAtAws(Doctor):
    def test_nobody_answers(self):
        [failure] = [f for f in self.examine(self.good_home(), AWS_ENDPOINT_URL="http://127.0.0.1:9")
                     if f["status"] == "failure"]
        self.assertTrue(failure["what"].startswith(
            "STS cannot be reached at http://127.0.0.1:9: "), failure)
        self.assertTrue(failure["what_to_do"])

    def test_a_certificate_that_nobody_vouches_for(self):
        home = self.home(self.sandbox("--tls"))
        [failure] = [f for f in self.examine(home, AWS_CA_BUNDLE=None) if f["status"] == "failure"]
        self.assertEqual(failure["check"], "connection")
        self.assertTrue(any("AWS_CA_BUNDLE" in hint for hint in failure["what_to_do"]), failure)

    def test_a_clock_that_is_wrong(self):
        home = self.home(self.sandbox("--clock-skew=5m"))
        [warning] = [f for f in self.examine(home) if f["status"] == "warning"]
        self.assertRegex(warning["what"], r"^this machine's clock is .* behind AWS's: codes that a "
                                          "program here makes may be wrong$")
        home = self.home(self.sandbox("--clock-skew=-20m"))
        [failure] = [f for f in self.examine(home) if f["status"] == "failure"]
        self.assertRegex(failure["what"], r"^this machine's clock is .* ahead of AWS's: AWS refuses "
                                          "the other clients$")

    def test_a_wrong_secret(self):
        home = self.good_home()
        home.write_credentials(home.credentials.read_text().replace(
            home.user["secret_access_key"], 40 * "x"))
        key = home.user["access_key_id"]
        self.assert_finds(
            self.examine(home), "failure",
            f"the secret does not belong to the access key {key} (SignatureDoesNotMatch on "
            "GetCallerIdentity)",
            "copy both halves of the key again: look for a character lost or added")

    def test_an_inactive_key(self):
        home = self.good_home("inactive")
        [failure] = [f for f in self.examine(home) if f["status"] == "failure"]
        self.assertEqual(failure["what"],
                         f"AWS does not accept the access key {home.user['access_key_id']} "
                         "(InvalidClientTokenId on GetCallerIdentity)")

    def test_the_root_users_key(self):
        self.assert_finds(self.examine(self.good_home("<root_account>")), "failure",
                          "this is the root user's key, and root cannot assume a role",
                          "use the access key of an IAM user, and delete the root user's")

    def test_only_a_security_key(self):
        self.assert_finds(
            self.examine(self.good_home("fido")), "failure",
            "fido has only passkeys or security keys, and STS takes no code of those",
            "add an authenticator app as MFA device in the IAM console: My security credentials")

    def test_a_device_of_somebody_else(self):
        home = self.good_home()
        other = f"arn:aws:iam::{ACCOUNT}:mfa/mjones-phone"
        self.assert_finds(
            self.examine(home, "-n", other), "failure",
            f"{other} is not one of the devices of jsmith",
            f"give {home.user['serial_number']} in the settings, the profile or with "
            "--serial-number")

    def test_a_role_that_is_not_there(self):
        self.assert_finds(
            self.examine(self.good_home(), "-r", "AdmniRole"), "failure",
            "there is no role AdmniRole in this account (NoSuchEntity on GetRole)",
            "names of roles differ by case; see them with: aws iam list-roles",
            "a role of another account is given as ACCOUNT:NAME or by its ARN")

    def test_a_trust_policy_that_refuses(self):
        self.assert_finds(
            self.examine(self.good_home(), "-r", "NoTrustRole"), "failure",
            "the role's trust policy does not let jsmith assume it, not even with a code",
            "the trust policy that it should have: aws-session-token policy role --account "
            f"{ACCOUNT} -r {ROLE}NoTrustRole",
            "or an external id is missing: --external-id")

    def test_a_trust_policy_without_mfa(self):
        world = json.loads(estate.world(0))
        world["accounts"][0]["roles"][0]["trust"] = estate.trust(mfa=False)
        wrong = [(f["status"], f["what"]) for f in self.examine(self.home_in(world))
                 if f["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [
            ("warning", "the role's trust policy demands no MFA: the access key alone opens it")])

    def test_an_old_key(self):
        world = json.loads(estate.world(0))
        user = world["accounts"][0]["users"][0]
        user["access_keys"] = [{"created": "2020-02-29T12:00:00Z"}]
        user["policies"][0]["Statement"].append(
            {"Effect": "Allow", "Action": "iam:ListAccessKeys", "Resource": "*"})
        [warning] = [f for f in self.examine(self.home_in(world)) if f["status"] == "warning"]
        self.assertRegex(warning["what"],
                         r"^the access key AKIA\w+ was made on 2020-02-29, \d+ days ago$")


    def test_a_second_key_that_nobody_uses(self):
        world = json.loads(estate.world(0))
        user = world["accounts"][0]["users"][0]
        user["access_keys"] = [{}, {"id": "AKIAIOSFODNN7EXAMPLE"}]
        user["policies"][0]["Statement"].append(
            {"Effect": "Allow", "Action": ["iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"],
             "Resource": "*"})
        home = self.home_in(world)
        self.assert_finds(
            self.examine(home), "warning",
            "the user has a second access key, AKIAIOSFODNN7EXAMPLE, active, never used",
            "delete it, if nobody knows what it is for")


class MissingPermissions(Doctor):
    def statements(self, findings):
        prefix = "have this statement added to a policy of your user or group: "
        return [json.loads(hint.removeprefix(prefix)) for finding in findings
                for hint in finding["what_to_do"] if hint.startswith(prefix)]

    def world(self, statements):
        world = json.loads(estate.world(0))
        world["accounts"][0]["users"][0]["policies"] = [
            {"Version": "2012-10-17", "Statement": statements}]
        return world

    def test_an_explicit_deny_is_not_mended_by_a_statement(self):
        self.assert_finds(
            self.examine(self.good_home("forced")), "warning",
            "you may not look the role AdminRole up: its ARN, and how long it allows, are not known "
            "before the code is spent",
            "a policy denies it explicitly, perhaps all that comes without a code: no statement "
            "added helps, and sessions do without the look-up")

    def test_with_the_statements_that_it_hands_out_all_is_well(self):
        may_ask = {"Effect": "Allow", "Action": "iam:SimulatePrincipalPolicy", "Resource": "*"}
        findings = self.examine(self.home_in(self.world([may_ask])))
        missing = self.statements(findings)
        self.assertEqual([statement["Action"] for statement in missing],
                         ["iam:ListMFADevices", "iam:GetRole", "sts:AssumeRole"])
        # The same Sid twice is not allowed in one policy.
        for number, statement in enumerate(missing):
            statement["Sid"] += str(number)
        home = self.home_in(self.world([may_ask, *missing]))
        self.assert_all_well(self.examine(home, "-c", home.code()))


class Report(Doctor):
    def test_it_holds_no_secret_and_overwrites_nothing(self):
        home = self.good_home()
        home.write_credentials(
            "# a secret in a comment\n" + home.key_section("default") +
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
        self.assertEqual(credentials["sections"][1], {
            "line": 8, "section": "session_token", "keys": {
                "aws_access_key_id": "(left out)", "aws_secret_access_key": "(left out)",
                "aws_session_token": "(left out)", "manager": "aws-session-token"}})
        again = home.run("doctor", "--report", str(path))
        self.assert_says(again, 2, f"aws-session-token: error: {path} is there already",
                         "aws-session-token: hint: give --report the name of a new file")
        self.assertEqual(path.read_text(), text)

    def test_one_thing_at_a_time(self):
        home = self.good_home()
        self.assert_says(home.run("doctor", "a", "b"), 2,
                         "aws-session-token: error: doctor looks at one profile or role",
                         "aws-session-token: hint: run it once for each")


if __name__ == "__main__":
    support.main()
