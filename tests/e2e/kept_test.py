"""Sessions that one command got and another takes: when a code is needed again, and when it is not."""

import json
import os
import re
import tempfile
import time
import unittest

import support

ACCOUNT = "123456789012"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/AdminRole"
LONG = f"arn:aws:iam::{ACCOUNT}:role/LongRole"
CONFIG = (
    "[default]\nregion = us-east-1\n"
    f"[profile prod]\nrole_arn = {ADMIN}\nsource_profile = default\n"
    f"[profile long]\nrole_arn = {LONG}\nsource_profile = default\nduration_seconds = 28800\n"
)
CUT = "8 h is cut to 1 h: the role is assumed with a session, and that is AWS's limit\n"
# The line, up to its time.
ENDS = r"^the session of prod is from the cache; it ends at [\d: -]+UTC, "


class Kept(support.EndToEnd):
    def setUp(self):
        self.start(CONFIG)

    def start(self, config, *options):
        self.the_home = self.home(self.sandbox(*options))
        self.the_home.config.write_text(config)

    def ask(self, command, *arguments, code=None):
        """With nobody who could answer."""
        given = ["-c", code] if code else []
        return self.the_home.run(command, "-u", "jsmith", *given, *arguments)

    def well(self, *arguments, code=None):
        result = self.ask(*arguments, code=code)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def code(self):
        return self.the_home.code()

    def next_code(self):
        return support.code(self.the_home.user["totp_secret"], "--clock-skew", "30s")


class RightAfterGet(Kept):
    def test_exec_env_and_console_take_the_session(self):
        self.well("get", "prod", code=self.code())
        key = re.search(r"= (ASIA\w+)", self.the_home.credentials.read_text())[1]
        seen = self.well("exec", "prod", "--env-keys", "--", "printenv", "AWS_ACCESS_KEY_ID")
        self.assertEqual(seen.stdout, key + "\n")
        self.assertRegex(seen.stderr, ENDS + "and renewing it, or another profile, needs a code\n")
        seen = self.well("env", "prod", "--format", "json")
        self.assertEqual(json.loads(seen.stdout)["AWS_ACCESS_KEY_ID"], key)
        self.assertRegex(seen.stderr, ENDS + "and renewing it needs a code\n$")
        endpoint = f"{self.the_home.sandbox.endpoint}/federation"
        seen = self.well("console", "--print", "--signin-endpoint", endpoint, "prod")
        self.assertIn("Action=login", seen.stdout)

    def test_a_profile_that_says_nothing_but_its_role_and_the_roles_arn_are_the_same(self):
        self.well("get", "-r", ADMIN, code=self.code())
        self.well("env", "prod")

    def test_min_ttl_that_is_given_only_later_takes_it(self):
        self.well("get", "prod", code=self.code())
        before = self.the_home.credentials.read_text()
        self.well("get", "prod", "--min-ttl", "10m")
        self.assertEqual(self.the_home.credentials.read_text(), before)
        self.assertEqual(self.ask("get", "prod").returncode, 4)  # it was asked for: a new one
        self.assertEqual(self.ask("get", "prod", "--min-ttl", "2h").returncode, 4)
        self.the_home.write_settings("min_ttl = 10m\n")
        self.well("get", "prod")

    def test_a_longer_session_serves_a_shorter_wish_and_is_not_replaced(self):
        self.well("get", "long", code=self.code())
        key = re.search(r"= (ASIA\w+)", self.the_home.credentials.read_text())[1]
        self.well("get", "long", "-d", "1h", "-p", "short", code=self.next_code())
        for arguments in ((), ("-d", "1h")):
            seen = self.well("env", "long", *arguments, "--format", "json")
            self.assertEqual(json.loads(seen.stdout)["AWS_ACCESS_KEY_ID"], key)

    def test_the_twelve_hours_of_no_role_open_roles(self):
        self.well("get", "--no-role", code=self.code())
        for profile in ("prod", "long"):
            seen = self.well("exec", profile, "--", "printenv", "AWS_PROFILE")
            self.assertEqual(seen.stdout, profile + "\n")
        self.well("env", "--no-role")

    def test_an_mfa_session_that_opened_roles_is_handed_out_once_its_user_is_known(self):
        self.well("exec", "prod", "--", "true", code=self.code())
        user = json.loads(self.well("env", "--no-role", "--format", "json").stdout)
        self.the_home.sandbox.stop()  # it is known by now
        again = json.loads(self.well("env", "--no-role", "--format", "json").stdout)
        self.assertEqual(again, user)


@unittest.skipUnless(os.path.exists(support.AWS_CLI), "the AWS CLI is not installed")
class LongerThanAnHour(Kept):
    """Inside exec every profile lives on the one code, however long it would like to last."""

    def every_profile(self, *arguments, settings=""):
        self.the_home.write_settings(settings)
        aws = f"{support.AWS_CLI} --endpoint-url {self.the_home.sandbox.endpoint} --region us-east-1"
        script = (f"for p in prod long; do {aws} --profile $p sts get-caller-identity --query Arn "
                  "--output text || exit 1; done")
        result = self.well("exec", *arguments, "--", "sh", "-c", script, code=self.code())
        self.assertEqual(
            result.stdout.split(),
            [f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/jsmith" for role in ("AdminRole", "LongRole")])
        return result.stderr

    def test_of_another_profile(self):
        self.assertEqual(self.every_profile("prod"), "")

    def test_of_the_profile_itself(self):
        self.assertEqual(self.every_profile("long"), CUT)

    def test_asked_for_outright(self):
        self.assertEqual(self.every_profile("prod", "-d", "8h"), CUT)

    def test_of_the_settings(self):
        self.assertEqual(self.every_profile("prod", settings="duration = 8h\n"), CUT)


def trust(operator, key, value):
    return {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNT},
            "Action": "sts:AssumeRole",
            "Condition": {operator: {f"aws:MultiFactorAuth{key}": value}},
        }
    }


class TooOld(Kept):
    """A role that wants a code of the last seconds, and an MFA session that says it is hours old."""

    LIMIT = 4

    def setUp(self):
        anything = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        user = {"name": "jsmith", "mfa_devices": [{"name": "jsmith"}], "policies": [anything]}
        roles = [
            {"name": "AdminRole", "trust": trust("Bool", "Present", "true")},
            {"name": "Fresh", "trust": trust("NumericLessThan", "Age", str(self.LIMIT))},
        ]
        world = {"accounts": [{"account": ACCOUNT, "users": [user], "roles": roles}]}
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(world, file)
        self.addCleanup(os.unlink, file.name)
        self.start(
            "[default]\nregion = us-east-1\n"
            f"[profile admin]\nrole_arn = {ADMIN}\nsource_profile = default\n"
            f"[profile fresh]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/Fresh\n"
            "source_profile = default\n",
            "--world", file.name,
        )
        self.well("exec", "admin", "--", "true", code=self.code())
        cache = self.the_home.path / support.STATE / "sessions"
        old = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 7200))
        cache.write_text(re.sub("issued = .*", f"issued = {old}", cache.read_text()))
        time.sleep(self.LIMIT)

    def test_a_person_is_asked_once_and_the_role_is_tried_again(self):
        child = self.the_home.terminal("exec", "-u", "jsmith", "fresh", "--", "printenv", "AWS_PROFILE")
        child.expect(r"AWS refused a role to the MFA session from the cache, 2 h old; the role may want "
                     "a newer code\r\n")
        child.expect_exact("Code: ")
        child.sendline(self.next_code())
        child.expect_exact("fresh\r\n")
        self.assertEqual(support.finish(child)[1], 0)
        self.well("exec", "fresh", "--", "true")

    def test_the_code_that_was_given_is_used(self):
        self.well("exec", "fresh", "--", "true", code=self.next_code())

    def test_the_other_roles_are_kept_and_a_link_recovers(self):
        self.well("get", "admin", "fresh", code=self.next_code())
        self.well("get", "--link", "fresh", "-p", "linked")

    def test_with_nobody_to_ask_its_age_and_the_way_out_are_told(self):
        result = self.ask("exec", "--no-input", "fresh", "--", "true")
        self.assertEqual(result.returncode, 3)
        self.assertIn(
            "aws-session-token: hint: the MFA session is from the cache, 2 h old; if the role's trust "
            "policy limits its age (aws:MultiFactorAuthAge), get a new one with --renew\n",
            result.stderr)
        self.well("exec", "--renew", "fresh", "--", "true", code=self.next_code())


if __name__ == "__main__":
    support.main()
