"""Texts from files, servers and variables that steer a terminal, hide what they say, or are a secret:
none of it reaches a person, whatever the field and the command."""

import re
import subprocess
import unittest

import go_between
import support

# A control sequence, C1, a bidirectional override, and a byte that is not UTF-8.
HOSTILE = b"a\x1b]0;owned\x07b\xc2\x9b31mc\xe2\x80\xaed\xff"
SECRET = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
STEERING = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]")

CONFIG_KEYS = (
    "region output role_arn source_profile credential_source mfa_serial external_id "
    "duration_seconds role_session_name session_tags transitive_session_tags source_identity "
    "include_profile credential_process mfa_process manager expiration endpoint_url "
    "sts_regional_endpoints use_fips_endpoint ca_bundle max_attempts sso_session sso_start_url "
    "web_identity_token_file services"
).split()
CREDENTIALS_KEYS = (
    "aws_access_key_id aws_secret_access_key aws_session_token manager expiration "
    "assumed_role_arn x_security_token_expires autoawsume region"
).split()
SETTINGS = (
    "profile role duration session_duration min_ttl source_profile username serial_number "
    "mfa_process region endpoint_url role_session_name nonsense"
).split()
VARIABLES = (
    "AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL_STS "
    "AWS_STS_REGIONAL_ENDPOINTS AWS_USE_FIPS_ENDPOINT AWS_MAX_ATTEMPTS AWS_CA_BUNDLE "
    "AWS_ACCESS_KEY_ID AWSST_EXEC AWSST_CONFIG_FILE XDG_CACHE_HOME XDG_CONFIG_HOME SHELL"
).split()
COMMANDS = (
    ["status"], ["status", "--json"], ["status", "--prompt"], ["configure"],
    ["doctor"], ["doctor", "--json"], ["doctor", "odd"],
    ["get", "-u", "jsmith", "-c", "123456", "--verbose", "odd"],
    ["get", "-u", "jsmith", "-c", "123456", "--json", "--all"],
    ["get", "-u", "jsmith", "-c", "123456", "-r", "AdminRole", "-p", "odd"],
    ["exec", "-u", "jsmith", "-c", "123456", "odd", "--", "true"],
    ["env", "-u", "jsmith", "-c", "123456", "odd"],
    ["credential-process", "-c", "123456", "odd"],
    ["policy"], ["logout", "--all"],
)


class HostileText(support.EndToEnd):
    def setUp(self):
        self.the_home = self.home(self.sandbox())

    def check(self, *words, **variables):
        environment = self.the_home.environment()
        environment = {name.encode(): value.encode() for name, value in environment.items()}
        environment.update({name.encode(): value for name, value in variables.items()})
        result = subprocess.run(
            [support.TOOL, *words], input=b"", capture_output=True, env=environment, timeout=60
        )
        for text in (result.stdout, result.stderr):
            with self.subTest(words=words):
                self.assertIsNone(STEERING.search(text), text)
                self.assertNotIn(b"\xff", text)
                self.assertNotIn(SECRET, text)
                text.decode()

    def config(self, key, text):
        self.the_home.config.write_bytes(
            b"[profile odd]\n" + b"role_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            + key.encode() + b" = " + text + b"\n"
        )

    def test_in_the_shared_config_file(self):
        for text in (HOSTILE, SECRET):
            for key in CONFIG_KEYS:
                self.config(key, text)
                for words in (["status", "--json"], ["doctor", "odd"], ["get", "-u", "jsmith", "-c",
                              "123456", "--verbose", "odd"], ["doctor", "--json"]):
                    self.check(*words)
            self.the_home.config.write_bytes(b"[profile " + text + b"]\nrole_arn = " + text + b"\n"
                                             + text + b" = x\n" + text + b"\n[" + text)
            for words in COMMANDS:
                self.check(*words)

    def test_in_the_shared_credentials_file(self):
        for text in (HOSTILE, SECRET):
            for key in CREDENTIALS_KEYS:
                token = b"" if key == "aws_session_token" else b"aws_session_token = t\n"
                self.the_home.credentials.write_bytes(
                    b"[odd]\n" + token + key.encode() + b" = " + text + b"\n"
                )
                for words in (["status"], ["status", "--json"], ["doctor", "--json"],
                              ["get", "-u", "jsmith", "-c", "123456", "-r", "AdminRole", "-p", "odd"]):
                    self.check(*words)
            self.the_home.credentials.write_bytes(
                b"[" + text + b"]\naws_access_key_id = " + text + b"\naws_session_token = " + text
                + b"\nmanager = " + text + b"\nassumed_role_arn = arn:aws:iam::1:role/" + text + b"\n"
            )
            for words in COMMANDS:
                self.check(*words)

    def test_with_the_halves_of_the_key_swapped(self):
        user = self.the_home.user
        self.the_home.write_credentials(
            f"[default]\naws_access_key_id = {user['secret_access_key']}\n"
            f"aws_secret_access_key = {user['access_key_id']}\n"
        )
        for words in (["doctor"], ["get", "-u", "jsmith", "-c", "123456", "--verbose", "-r", "AdminRole"],
                      ["exec", "-c", "123456", "-r", "AdminRole", "--", "true"]):
            result = self.the_home.run(*words)
            with self.subTest(words=words):
                self.assertEqual(result.returncode, 1)
                self.assertNotIn(user["secret_access_key"], result.stdout + result.stderr)
                self.assertIn("swapped", result.stdout + result.stderr)

    def test_in_the_settings(self):
        folder = self.the_home.path / ".config/aws-session-token"
        folder.mkdir(parents=True)
        for text in (HOSTILE, SECRET):
            for name in SETTINGS:
                (folder / "config").write_bytes(
                    b"[settings]\n" + name.encode() + b" = " + text + b"\n")
                for words in (["configure"], ["configure", name], ["status"], ["doctor"],
                              ["get", "-u", "jsmith", "-c", "123456"]):
                    self.check(*words)

    def test_in_variables(self):
        for text in (HOSTILE, SECRET):
            for name in VARIABLES:
                for words in (["status"], ["status", "--prompt"], ["doctor", "--json"],
                              ["get", "-u", "jsmith", "-c", "123456", "-r", "AdminRole"]):
                    self.check(*words, **{name: text})

    def test_in_what_was_kept(self):
        self.the_home.run("get", "-u", "jsmith", "-r", "AdminRole", "-r", "LongRole", "-c",
                          self.the_home.code())
        sessions = self.the_home.path / support.STATE / "sessions"
        before = sessions.read_bytes()
        for key in ("profile", "user_name", "assumed_role_arn", "serial_number", "endpoint",
                    "expiration", "source_access_key_id", "aws_access_key_id"):
            for text in (HOSTILE, SECRET, b"%1b%5b31m%c2%9b%ff"):
                sessions.write_bytes(
                    re.sub(rb"(?m)^" + key.encode() + rb" = .*$", b"", before).replace(
                        b"\naws_access_key_id", b"\n" + key.encode() + b" = " + text
                        + b"\naws_access_key_id"))
                for words in (["status"], ["status", "--json"], ["doctor"]):
                    self.check(*words)

    def test_in_answers(self):
        # XML takes no control characters but as references, and some not even so.
        text = HOSTILE.replace(b"\x1b", b"&#27;").replace(b"\x07", b"&#7;").decode("latin-1")
        for operation in ("ListMFADevices", "GetRole", "AssumeRole", "GetCallerIdentity"):
            for status in (400, 403, 500):
                between = go_between.GoBetween(
                    self.the_home.sandbox, instead=(operation, status, text, text))
                self.addCleanup(between.stop)
                self.check("get", "-u", "jsmith", "-c", self.the_home.code(), "-r", "AdminRole",
                           "--verbose", AWS_ENDPOINT_URL=between.endpoint.encode())
                self.check("doctor", AWS_ENDPOINT_URL=between.endpoint.encode())


if __name__ == "__main__":
    support.main()
