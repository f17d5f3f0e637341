"""What goes wrong on the way to AWS: nothing is lost, and each answer names what to do."""

import json
import socket
import unittest

import go_between
import support


class Faults(support.EndToEnd):
    def failed(self, home, *arguments, **variables):
        """Runs the whole job with a fresh code; nothing may be written."""
        with self.unchanged(home):
            return home.run(
                "-u", "jsmith", "-r", "AdminRole", "-c", home.code(), *arguments,
                environment=home.environment(**variables),
            )

    def succeeded(self, home, *arguments):
        result = home.run("-u", "jsmith", "-r", "AdminRole", "-c", home.code(), *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def test_the_nth_request_fails_for_every_n(self):
        # Look-ups are repeated, the request with the code never: it fails the run and spends at
        # most the one code.
        for operation, survives in (
            ("ListMFADevices", True),
            ("GetRole", True),
            ("AssumeRole", False),
        ):
            for fault in ("Throttling", "500", "503", "drop-before", "drop-after", "truncate"):
                with self.subTest(operation=operation, fault=fault):
                    home = self.home(self.sandbox("--fail", f"{operation}:{fault}:1"))
                    if survives:
                        self.succeeded(home)
                    else:
                        self.assertNotEqual(self.failed(home).returncode, 0)

    def test_a_lost_answer_to_the_code_is_said_and_the_next_code_asked_for(self):
        home = self.home(self.sandbox("--fail", "AssumeRole:drop-after:1"))
        first = home.code()
        child = home.terminal("-u", "jsmith", "-r", "AdminRole")
        child.expect_exact("Code: ")
        child.sendline(first)
        child.expect_exact(
            "the connection to 127.0.0.1 broke before the answer had come; the code may be "
            "spent: wait for the next one\r\nCode: "
        )
        # It is not sent again.
        child.sendline(first)
        child.expect_exact("this code was used already; the next one comes in")
        child.sendintr()
        _, status = support.finish(child)
        self.assertEqual(status, 130)

    def test_look_ups_that_fail_for_good_are_named(self):
        home = self.home(self.sandbox("--fail", "ListMFADevices:503:3"))
        self.assert_says(
            self.failed(home),
            1,
            "aws-session-token: error: AWS failed to answer ListMFADevices (ServiceUnavailable, "
            "HTTP 503)",
            "aws-session-token: hint: this is a fault of AWS; try again in a minute",
        )

    def test_aws_max_attempts_bounds_the_repetitions(self):
        home = self.home(self.sandbox("--fail", "ListMFADevices:Throttling:1"))
        result = self.failed(home, AWS_MAX_ATTEMPTS="1")
        self.assert_says(
            result,
            3,
            "aws-session-token: error: AWS is throttling requests (Throttling on ListMFADevices)",
            "aws-session-token: hint: wait a moment, then try again",
        )

    def test_a_clock_that_is_wrong_is_corrected_once(self):
        for skew, word in (("20m", "behind"), ("-3h", "ahead of")):
            with self.subTest(skew=skew):
                sandbox = self.sandbox("--clock-skew", skew)
                home = self.home(sandbox)
                # The device's clock is AWS's, not this machine's.
                code = sandbox.code(home.user["totp_secret"])
                result = home.run("-u", "jsmith", "-r", "AdminRole", "-c", code)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(f"{word} AWS's; requests are signed with AWS's time", result.stderr)

    def test_fields_that_nobody_knows_do_no_harm(self):
        self.succeeded(self.home(self.sandbox("--extra-fields")))

    def test_nobody_listens(self):
        home = self.home(self.sandbox())
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # bound and not listening: refused for sure
            port = unused.getsockname()[1]
            result = self.failed(home, "--endpoint-url", f"http://127.0.0.1:{port}")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: 127.0.0.1 cannot be reached",
            "aws-session-token: hint: check the network, and the proxy if there is one "
            "(HTTPS_PROXY)",
        )

    def test_no_network(self):
        home = self.home(self.sandbox())
        result = self.failed(home, AWS_ENDPOINT_URL="https://sts.eu-west-1.invalid")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: sts.eu-west-1.invalid cannot be found",
            "aws-session-token: hint: check the network, and the proxy if there is one "
            "(HTTPS_PROXY)",
            "aws-session-token: hint: check the region, which is part of the name",
        )

    def test_plain_http_is_for_loopback_only(self):
        home = self.home(self.sandbox())
        result = self.failed(home, "--endpoint-url", "http://sts.example.com")
        self.assertEqual(result.returncode, 2)
        self.assertIn("sts.example.com", result.stderr)

    def test_an_inactive_key(self):
        home = self.home(self.sandbox(), "inactive")
        with self.unchanged(home):
            result = home.run("-u", "inactive", "-r", "AdminRole", "-c", "123456")
        self.assert_says(
            result,
            3,
            "aws-session-token: error: AWS does not accept the access key "
            f"{home.user['access_key_id']} of inactive (InvalidClientTokenId on ListMFADevices)",
            "aws-session-token: hint: it was deleted or deactivated, or belongs to another "
            "partition than aws; check it in the IAM console, or create a new one",
            "aws-session-token: hint: store a new key in its profile with: aws configure",
        )

    def test_a_secret_that_does_not_fit_the_key(self):
        home = self.home(self.sandbox())
        text = home.credentials.read_text()
        home.write_credentials(text.replace(home.user["secret_access_key"], 40 * "x"))
        result = self.failed(home)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(
            result.stderr.splitlines()[0],
            "aws-session-token: error: the secret does not belong to the access key "
            f"{home.user['access_key_id']} of jsmith (SignatureDoesNotMatch on ListMFADevices)",
        )

    def test_a_role_that_is_not_there(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            result = home.run("-u", "jsmith", "-r", "Nope", "-c", home.code())
        self.assert_says(
            result,
            3,
            "aws-session-token: error: there is no role Nope in this account (NoSuchEntity on "
            "GetRole)",
            "aws-session-token: hint: role names are case-sensitive; list them with: aws iam "
            "list-roles",
            "aws-session-token: hint: give a role of another account as ACCOUNT:NAME or by its ARN",
        )

    def test_an_answer_for_another_role_or_account_is_not_written(self):
        asked = "123456789012:assumed-role/AdminRole/"
        for answered in ("123456789012:assumed-role/OtherRole/",
                         "210987654321:assumed-role/AdminRole/"):
            with self.subTest(answered=answered):
                sandbox = self.sandbox()
                home = self.home(sandbox)
                between = go_between.GoBetween(sandbox, rewrite=(asked, answered))
                self.addCleanup(between.stop)
                with self.unchanged(home):
                    result = home.run(
                        "-u", "jsmith", "-r", "AdminRole", "-c", home.code(),
                        environment=home.environment(AWS_ENDPOINT_URL=between.endpoint),
                    )
                self.assert_says(
                    result,
                    1,
                    f"aws-session-token: error: AWS answered with arn:aws:sts::{answered}jsmith, "
                    "which is not the role that was asked for",
                    "aws-session-token: hint: the answer was discarded; check that the endpoint is AWS's",
                )

    def test_a_role_whose_trust_refuses(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            result = home.run("-u", "jsmith", "-r", "NoTrustRole", "-c", home.code())
        arn = "arn:aws:iam::123456789012:role/NoTrustRole"
        self.assert_says(
            result,
            3,
            f"aws-session-token: error: AWS does not let you assume {arn} (AccessDenied on "
            "AssumeRole)",
            "aws-session-token: hint: the role exists, since GetRole found it: its trust policy "
            "does not allow this, or no policy of your user does",
            "aws-session-token: hint: the role's trust policy must allow your user or account",
            "aws-session-token: hint: a policy of your user or group must allow sts:AssumeRole on "
            "the role; aws-session-token policy prints both",
            "aws-session-token: hint: if the role's trust policy requires an external ID, give it "
            "with --external-id",
        )

    def test_the_external_id_is_sent(self):
        home = self.home(self.sandbox())
        result = home.run(
            "-u", "jsmith", "-r", "ExternalRole", "-c", home.code(),
            "--external-id", "sandbox-external-id",
        )
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_root_key(self):
        home = self.home(self.sandbox())
        root = next(
            user for user in home.sandbox.ready["users"] if user["arn"].endswith(":root")
        )
        home.write_credentials(home.key_section("default", root))
        with self.unchanged(home):
            result = home.run("-u", "", "-r", "AdminRole", "-n", root["serial_number"],
                              "-c", "123456")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: this is the root user's key, and root cannot assume a role",
            "aws-session-token: hint: use the access key of an IAM user, and delete the root "
            "user's",
        )


if __name__ == "__main__":
    support.main()
