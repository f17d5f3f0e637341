"""`doctor` finds what is broken at AWS, and which permissions are missing."""

import json

import estate
import examination
import support
from examination import ACCOUNT, ROLE


class BrokenAtAws(examination.Doctor):
    def test_nobody_answers(self):
        [failure] = [f for f in self.examine(self.good_home(), AWS_ENDPOINT_URL="http://127.0.0.1:9")
                     if f["status"] == "failure"]
        self.assertTrue(failure["what"].startswith(
            "no answer from STS at http://127.0.0.1:9: "), failure)
        self.assertTrue(failure["what_to_do"])

    def test_iam_is_told_once(self):
        """And the code is not spent where the device is not known."""
        home = self.good_home()
        wrong = [(f["status"], f["what"]) for f in self.examine(
            home, "-c", home.code(), AWS_ENDPOINT_URL_IAM="http://127.0.0.1:9")
            if f["status"] in ("failure", "unknown")]
        self.assertEqual(wrong, [
            ("failure", "no answer from IAM at http://127.0.0.1:9: 127.0.0.1 cannot be reached"),
            ("unknown", "the code was not tried: what the request needs is not known")])

    def test_a_file_of_certificates_that_is_not_there(self):
        self.assert_finds(
            self.examine(self.good_home(), AWS_CA_BUNDLE="/nowhere.pem"), "failure",
            "the certificate file /nowhere.pem does not exist",
            "name a PEM file with AWS_CA_BUNDLE, or ca_bundle of the profile; or use the system's certificates")

    def test_a_certificate_that_nobody_vouches_for(self):
        home = self.home(self.sandbox("--tls"))
        [failure] = [f for f in self.examine(home, AWS_CA_BUNDLE=None) if f["status"] == "failure"]
        self.assertEqual(failure["check"], "connection")
        self.assertTrue(any("AWS_CA_BUNDLE" in hint for hint in failure["what_to_do"]), failure)

    def test_a_clock_that_is_wrong(self):
        home = self.home(self.sandbox("--clock-skew=5m"))
        [warning] = [f for f in self.examine(home) if f["status"] == "warning"]
        self.assertRegex(warning["what"], r"^this machine's clock is .* behind AWS's: codes "
                                          "generated on this machine may be wrong$")
        home = self.home(self.sandbox("--clock-skew=-20m"))
        [failure] = [f for f in self.examine(home) if f["status"] == "failure"]
        self.assertRegex(failure["what"], r"^this machine's clock is .* ahead of AWS's: AWS refuses "
                                          "the requests of other clients$")

    def test_a_wrong_secret(self):
        home = self.good_home()
        home.write_credentials(home.credentials.read_text().replace(
            home.user["secret_access_key"], 40 * "x"))
        key = home.user["access_key_id"]
        self.assert_finds(
            self.examine(home), "failure",
            f"the secret does not belong to the access key {key} (SignatureDoesNotMatch on "
            "GetCallerIdentity)",
            "copy the ID and the secret again; a character may be missing or added")

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
            "fido has only passkeys or security keys, and STS accepts no codes from those",
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
            "role names are case-sensitive; list them with: aws iam list-roles",
            "give a role of another account as ACCOUNT:NAME or by its ARN")

    def test_a_trust_policy_that_refuses(self):
        self.assert_finds(
            self.examine(self.good_home(), "-r", "NoTrustRole"), "failure",
            "the trust policy of NoTrustRole does not let jsmith assume it, not even with a code",
            "the trust policy that it should have: aws-session-token policy role --account "
            f"{ACCOUNT} -r {ROLE}NoTrustRole")

    def test_a_trust_policy_without_mfa(self):
        world = json.loads(estate.world(0))
        world["accounts"][0]["roles"][0]["trust"] = estate.trust(mfa=False)
        wrong = [(f["status"], f["what"]) for f in self.examine(self.home_in(world))
                 if f["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [
            ("warning", "the trust policy of AdminRole does not require MFA: the access key alone is enough to assume it")])

    def test_an_old_key(self):
        world = json.loads(estate.world(0))
        user = world["accounts"][0]["users"][0]
        user["access_keys"] = [{"created": "2020-02-29T12:00:00Z"}]
        user["policies"][0]["Statement"].append(
            {"Effect": "Allow", "Action": "iam:ListAccessKeys", "Resource": "*"})
        [warning] = [f for f in self.examine(self.home_in(world)) if f["status"] == "warning"]
        self.assertRegex(warning["what"],
                         r"^the access key AKIA\w+ was created on 2020-02-29, \d+ days ago$")

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


class MissingPermissions(examination.Doctor):
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
            "you may not look up AdminRole (iam:GetRole): the ARN and maximum duration are not known before the code is spent",
            "a policy denies it explicitly, perhaps everything without a code: adding a statement does not help, and sessions work without this look-up")

    def test_with_the_statements_that_it_hands_out_all_is_well(self):
        may_ask = {"Effect": "Allow", "Action": "iam:SimulatePrincipalPolicy", "Resource": "*"}
        findings = self.examine(self.home_in(self.world([may_ask])))
        missing = self.statements(findings)
        self.assertEqual([statement["Action"] for statement in missing],
                         ["iam:ListMFADevices", "iam:GetRole", "sts:AssumeRole"])
        home = self.home_in(self.world([may_ask, *missing]))
        self.assert_all_well(self.examine(home, "-c", home.code()))


if __name__ == "__main__":
    support.main()
