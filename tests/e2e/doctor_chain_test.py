"""`doctor` looks at every role of a chain, and with a code tries each."""

import examination
import support
from examination import ACCOUNT, ROLE

CONFIG = f"""\
[profile a]
role_arn = {ROLE}AdminRole
source_profile = default
mfa_serial = arn:aws:iam::{ACCOUNT}:mfa/jsmith
[profile b]
role_arn = {ROLE}ChainB
source_profile = a
[profile c]
role_arn = {ROLE}ChainC
source_profile = b
[profile refused]
role_arn = {ROLE}ChainMfa
source_profile = b
[profile tagged]
role_arn = {ROLE}TaggedRole
source_profile = default
mfa_serial = arn:aws:iam::{ACCOUNT}:mfa/jsmith
session_tags = project=unicorn
transitive_session_tags = project
source_identity = jsmith
[profile behind]
role_arn = {ROLE}TaggedChain
source_profile = tagged
"""


class Chain(examination.Doctor):
    def home_with_chains(self):
        home = self.good_home()
        home.config.write_text(CONFIG)
        return home

    def of_roles(self, findings):
        return [(f["status"], f["what"]) for f in findings
                if f["check"] in ("role", "permissions", "code")]

    def test_every_role_is_looked_at_and_opened(self):
        home = self.home_with_chains()
        with self.unchanged(home):
            findings = self.examine(home, "c", "-c", home.code())
        self.assertEqual(self.of_roles(findings), [
            ("ok", f"the role {ROLE}AdminRole exists; it lasts 1 h at most"),
            ("ok", f"the role {ROLE}ChainB exists; assumed from AdminRole, it lasts 1 h at most"),
            ("ok", f"the role {ROLE}ChainC exists; assumed from ChainB, it lasts 1 h at most"),
            ("ok", "the trust policy of AdminRole lets jsmith assume it, with MFA only"),
            ("ok", "the trust policy of ChainB lets AdminRole assume it"),
            ("ok", "the trust policy of ChainC lets ChainB assume it"),
            ("ok", "the code is accepted for AdminRole; the session was discarded"),
            ("ok", "a session of AdminRole can assume ChainB"),
            ("ok", "a session of ChainB can assume ChainC")])
        # The others would need the code of the first.
        wrong = [f["what"] for f in findings if f["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [
            "Terraform cannot use profile c: it cannot ask for the MFA code of the role",
            "the SDK for JavaScript cannot use profile c: it asks for no MFA code unless the program brings a way to"])

    def test_the_code_is_of_the_device_of_the_first_role(self):
        home = self.good_home("mjones")
        tablet = home.user["mfa_devices"][1]
        home.config.write_text(
            CONFIG.replace(f"arn:aws:iam::{ACCOUNT}:mfa/jsmith", tablet["serial_number"])
        )
        findings = self.examine(home, "b", "-c", support.code(tablet["totp_secret"]))
        self.assertIn(("ok", "the code is accepted for AdminRole; the session was discarded"),
                      self.of_roles(findings))

    def test_a_later_role_that_demands_mfa_is_found_without_a_code_and_with_one(self):
        home = self.home_with_chains()
        found = ("failure", "the trust policy of ChainMfa requires MFA, which a session of ChainB does not have: it will be refused")
        self.assertIn(found, self.of_roles(self.examine(home, "refused")))
        with_code = self.of_roles(self.examine(home, "refused", "-c", home.code()))
        self.assertIn(found, with_code)
        self.assertIn(("failure", f"AWS does not let you assume {ROLE}ChainMfa (AccessDenied on "
                       "AssumeRole)"), with_code)

    def test_session_tags_and_a_source_identity_go_through(self):
        home = self.home_with_chains()
        said = self.of_roles(self.examine(home, "behind", "-c", home.code()))
        self.assertEqual([status for status, _ in said], ["ok"] * len(said), said)
        self.assertEqual(said[-1], ("ok", "a session of TaggedRole can assume TaggedChain"))
        # One that AWS would refuse is found before.
        said = self.of_roles(self.examine(home, "behind", "--source-identity", "other"))
        self.assertIn(("failure", "TaggedChain asks for another source identity than TaggedRole, and AWS allows only one in a chain"), said)


if __name__ == "__main__":
    support.main()
