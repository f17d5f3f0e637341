"""The main job from a pipe: what is asked, what is written, what is said."""

import datetime
import json
import os
import re
import stat
import subprocess
import unittest

import support


def session_section(text):
    return text[text.index("[session_token]") :]


class MainJob(support.EndToEnd):
    def test_three_answers_leave_a_profile_that_the_aws_cli_can_use(self):
        home = self.home(self.sandbox())
        result = home.run(answers=f"jsmith\n\n{home.code()}\n")
        lines = result.stderr.splitlines()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(lines[0], "Profile  session_token in ~/.aws/credentials")
        self.assertEqual(lines[1], "Role     arn:aws:iam::123456789012:role/AdminRole")
        self.assertRegex(lines[2], r"^Until    \d{4}-\d\d-\d\d \d\d:\d\d UTC \((1 h|59 min.*)\)$")
        self.assertEqual(
            lines[3],
            'Use it   AWS_PROFILE=session_token, or profile = "session_token" in Terraform',
        )
        self.assertEqual(len(lines), 4)
        identity = json.loads(home.aws_cli("sts", "get-caller-identity").stdout)
        self.assertEqual(
            identity["Arn"], "arn:aws:sts::123456789012:assumed-role/AdminRole/jsmith"
        )

    def test_the_section_is_written_as_promised_and_nothing_else_is_touched(self):
        home = self.home(self.sandbox())
        before = "# mine\r\n".replace("\r", "") + home.credentials.read_text() + "# end\n"
        home.write_credentials(before)
        home.run(answers=f"jsmith\n\n{home.code()}\n")
        text = home.credentials.read_text()
        self.assertTrue(text.startswith(before + "\n[session_token]\n"))
        self.assertRegex(
            session_section(text),
            r"\A\[session_token\]\n"
            r"aws_access_key_id = ASIA[A-Z2-7]{16}\n"
            r"aws_secret_access_key = [A-Za-z0-9/+]{40}\n"
            r"aws_session_token = [A-Za-z0-9/+=]{300,}\n"
            r"manager = aws-session-token\n"
            r"assumed_role_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            r"expiration = (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n"
            r"x_security_token_expires = \1\n\Z",
        )
        self.assertEqual(stat.S_IMODE(home.credentials.stat().st_mode), 0o600)
        self.assertEqual(home.files(), [".aws/credentials"])

    def test_a_second_run_replaces_the_profile_and_leaves_every_other_byte(self):
        sandbox = self.sandbox()
        home = self.home(sandbox)
        head = home.credentials.read_text() + "; note\n\n"
        old = (
            "[session_token]  # by hand\n"
            "region = eu-west-1\n"
            "AWS_ACCESS_KEY_ID=ASIAOLD\n"
            "aws_secret_access_key=replaced-value\n"
            "aws_security_token = replaced-value\n"
            "aws_session_token=replaced-value\n"
            "# keep me\n"
        )
        tail = "\n[other]\nx = 1\n  nested = 2"
        home.write_credentials(head + old + tail)
        result = home.run(answers=f"jsmith\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        text = home.credentials.read_text()
        self.assertTrue(text.startswith(head + "[session_token]  # by hand\nregion = eu-west-1\n"))
        self.assertTrue(text.endswith("\n# keep me\n" + tail))
        self.assertNotIn("replaced-value", text)
        self.assertNotIn("aws_security_token", text)
        self.assertEqual(text.count("aws_access_key_id"), 2)

    def test_over_tls_with_the_ca_of_aws_ca_bundle(self):
        home = self.home(self.sandbox("--tls"))
        result = home.run(answers=f"jsmith\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_certificate_that_nobody_vouches_for_is_refused(self):
        home = self.home(self.sandbox("--tls"))
        with self.unchanged(home):
            result = home.run(
                answers=f"jsmith\n\n{home.code()}\n",
                environment=home.environment(AWS_CA_BUNDLE=None),
            )
        self.assert_says(
            result,
            1,
            "aws-session-token: error: the certificate of 127.0.0.1 is not trusted",
            "aws-session-token: hint: behind a proxy that intercepts TLS, name its CA file with "
            "AWS_CA_BUNDLE",
        )

    def test_json_tells_the_result_without_a_secret(self):
        home = self.home(self.sandbox())
        result = home.run("--json", "--quiet", answers=f"jsmith\n\n{home.code()}\n")
        self.assertEqual(result.stderr, "")
        told = json.loads(result.stdout)
        expiration = re.search(r"^expiration = (.*)$", home.credentials.read_text(), re.M)[1]
        self.assertEqual(
            told,
            {
                "profile": "session_token",
                "credentials_file": "~/.aws/credentials",
                "role_arn": "arn:aws:iam::123456789012:role/AdminRole",
                "expiration": expiration,
            },
        )

    def test_times_are_shown_in_the_zone_of_who_reads_and_stored_in_utc(self):
        home = self.home(self.sandbox())
        result = home.run("-u", "jsmith", "-r", "AdminRole", "-c", home.code(), "--json",
                          environment=home.environment(TZ="CET-1"))
        expiration = datetime.datetime.fromisoformat(json.loads(result.stdout)["expiration"])
        self.assertEqual(expiration.utcoffset(), datetime.timedelta(0))
        local = expiration.astimezone(datetime.timezone(datetime.timedelta(hours=1)))
        self.assertIn(f"Until    {local:%Y-%m-%d %H:%M} CET (", result.stderr)
        self.assertIn(f"expiration = {expiration:%Y-%m-%dT%H:%M:%SZ}\n",
                      home.credentials.read_text())

    def test_the_banner_stands_only_where_the_role_is_asked(self):
        home = self.home(self.sandbox())
        for arguments, is_greeted in ((["-u", "jsmith"], True),
                                      (["-u", "jsmith", "--quiet"], False),
                                      (["-r", "AdminRole"], False)):
            with self.subTest(arguments=arguments):
                child = home.terminal(*arguments)
                child.expect_exact("Role [AdminRole]: " if "-u" in arguments else "Username: ")
                self.assertEqual("AWS Session Token Generator" in child.before, is_greeted)
                child.sendintr()
                support.finish(child)

    def test_verbose_lists_the_requests_and_no_secret(self):
        home = self.home(self.sandbox())
        code = home.code()
        result = home.run("--verbose", answers=f"jsmith\n\n{code}\n")
        requests = [line.split(":")[0] for line in result.stderr.splitlines() if " ms" in line]
        self.assertEqual(requests, ["ListMFADevices", "GetRole", "AssumeRole"])
        for secret in (code, home.user["secret_access_key"], "aws_session_token"):
            self.assertNotIn(secret, result.stderr)
        for secret in re.findall(r"(?:secret_access_key|session_token) = (.*)",
                                 home.credentials.read_text()):
            self.assertNotIn(secret, result.stderr)


    def test_help_is_shown_however_it_is_asked_for(self):
        home = self.home(self.sandbox())
        for asked, shown in ((["help"], ["--help"]), (["help", "get"], ["get", "--help"])):
            with self.subTest(asked=asked):
                results = [
                    subprocess.run([support.TOOL, *arguments], capture_output=True, text=True,
                                   stdin=subprocess.DEVNULL, env=home.environment())
                    for arguments in (asked, shown)
                ]
                self.assertEqual([result.returncode for result in results], [0, 0])
                self.assertEqual(results[0].stdout, results[1].stdout)
                self.assertTrue(results[0].stdout.startswith("Usage: "))

    def test_options_may_stand_before_the_command(self):
        home = self.home(self.sandbox())
        result = home.run("-u", "jsmith", "-c", home.code(), "--quiet", "exec", "--",
                          "sh", "-c", "echo $AWS_PROFILE --verbose")
        self.assertEqual((result.returncode, result.stdout), (0, "session_token --verbose\n"),
                         result.stderr)
        with self.unchanged(home):
            self.assert_says(
                home.run("--format=fish", "status"), 2,
                "aws-session-token: error: unknown option: --format",
                "aws-session-token: hint: --format is an option of env and policy",
            )
            self.assert_says(
                home.run("--role-arn", "arn:aws:iam::123456789012:role/AdminRole", "exec"), 2,
                "aws-session-token: error: unknown option: --role-arn",
                "aws-session-token: hint: use -r (--role)",
            )
            self.assertTrue(home.run("--help", "exec").stdout.startswith(
                "Usage: aws-session-token exec "))
            self.assertEqual(home.run("--quiet", "--help").stdout, home.run("--help").stdout)

    def test_a_profile_may_have_the_name_of_a_command(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            "[profile exec]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
        )
        result = home.run("-u", "jsmith", "get", "exec", answers=f"{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        result = home.run("get", "env")  # here env can only be a profile
        self.assertIn("there is no profile env\n", result.stderr)

    def test_what_cannot_be_written_to_standard_output_is_an_error(self):
        home = self.home(self.sandbox())
        no_space = "aws-session-token: error: cannot write to standard output: No space left on device"
        for arguments in (
            ["--help"],
            ["get", "--help"],
            ["--version"],
            ["-u", "", "-r", "AdminRole", "--json", "--quiet", "-c", home.code()],
        ):
            with self.subTest(arguments=arguments), open("/dev/full", "w") as full:
                result = subprocess.run(
                    [support.TOOL, *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
                    stdin=subprocess.DEVNULL, env=home.environment(),
                )
                self.assert_says(result, 1, no_space)
        # The session is not lost with its description.
        self.assertIn("[session_token]", home.credentials.read_text())

    def test_standard_output_that_nobody_reads_or_that_is_closed_is_an_error(self):
        home = self.home(self.sandbox())
        for shell, error in (
            ('"$0" --help >&-', "Bad file descriptor"),
            # The reader is gone for sure before anything is written.
            ('{ sleep 1; "$0" --help; } | true', "Broken pipe"),
        ):
            with self.subTest(shell=shell):
                result = subprocess.run(
                    ["/bin/sh", "-c", shell, support.TOOL], capture_output=True, text=True,
                    env=home.environment(),
                )
                self.assertEqual(
                    result.stderr,
                    f"aws-session-token: error: cannot write to standard output: {error}\n",
                )

    def test_what_is_repeated_never_steers_the_terminal(self):
        home = self.home(self.sandbox())
        evil = "x\x1b]0;owned\x07\u009b31m"
        for arguments in (
            [evil],
            [f"--{evil}"],
            ["get", "a", evil],
            ["-u", evil, "-r", "AdminRole"],
            ["-u", "", "-r", evil],
            ["-u", "", "get", evil],
            ["-u", "", "-r", "AdminRole", "-s", evil],
            ["-u", "", "-r", "AdminRole", "-p", evil],
            ["-u", "", "-r", "AdminRole", "-d", evil],
            ["-u", "", "-r", "AdminRole", "--policy", evil],
            ["-u", "", "-r", "AdminRole", "--region", evil],
            ["-u", "", "-r", "AdminRole", "--endpoint-url", evil],
        ):
            with self.subTest(arguments=arguments):
                result = home.run(*arguments, "-c", "123456")
                self.assertIn("aws-session-token: error: ", result.stderr)
                self.assertNotRegex(result.stderr, r"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]")


class Roles(support.EndToEnd):
    def arn_written(self, home):
        return re.search(r"^assumed_role_arn = (.*)$", home.credentials.read_text(), re.M)[1]

    def test_each_way_to_name_a_role(self):
        for role, arn in (
            ("LongRole", "arn:aws:iam::123456789012:role/LongRole"),
            ("/deploy/DeployRole", "arn:aws:iam::123456789012:role/deploy/DeployRole"),
            ("DeployRole", "arn:aws:iam::123456789012:role/deploy/DeployRole"),
            ("role/AdminRole", "arn:aws:iam::123456789012:role/AdminRole"),
            ("123456789012:AdminRole", "arn:aws:iam::123456789012:role/AdminRole"),
            ("210987654321:Deploy", "arn:aws:iam::210987654321:role/Deploy"),
            (
                "arn:aws:iam::210987654321:role/Deploy",
                "arn:aws:iam::210987654321:role/Deploy",
            ),
            ("admin", "arn:aws:iam::123456789012:role/AdminRole"),
        ):
            for how in ("option", "answer"):
                with self.subTest(role=role, how=how):
                    home = self.home(self.sandbox())
                    home.config.write_text(
                        "[profile admin]\n"
                        "role_arn = arn:aws:iam::123456789012:role/AdminRole\n"
                        "source_profile = default\n"
                    )
                    if how == "option":
                        result = home.run("-r", role, answers=f"\n{home.code()}\n")
                    else:
                        result = home.run(answers=f"\n{role}\n{home.code()}\n")
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertEqual(self.arn_written(home), arn)

    def test_a_profile_argument_brings_its_role_and_its_options(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            "[profile ext]\n"
            f"role_arn = {home.sandbox.role('ExternalRole')['arn']}\n"
            "source_profile = default\n"
            f"mfa_serial = {home.user['serial_number']}\n"
            f"external_id = sandbox-external-id\n"
            "role_session_name = from-the-profile\n"
            "duration_seconds = 1800\n"
        )
        result = home.run("get", "ext", answers=f"jsmith\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stderr, r"\((30|29) min")
        identity = json.loads(home.aws_cli("sts", "get-caller-identity").stdout)
        self.assertTrue(identity["Arn"].endswith("/ExternalRole/from-the-profile"))

    def test_a_chain_of_roles_is_walked(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
            "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/ChainB\nsource_profile = a\n"
            "[profile c]\nrole_arn = arn:aws:iam::123456789012:role/ChainC\nsource_profile = b\n"
        )
        result = home.run("get", "c", answers=f"\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        identity = json.loads(home.aws_cli("sts", "get-caller-identity").stdout)
        self.assertEqual(identity["Arn"], "arn:aws:sts::123456789012:assumed-role/ChainC/jsmith")

    def test_a_role_in_a_chain_that_wants_mfa_is_explained(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
            "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/ChainB\nsource_profile = a\n"
            "[profile m]\nrole_arn = arn:aws:iam::123456789012:role/ChainMfa\nsource_profile = b\n"
        )
        with self.unchanged(home):
            result = home.run("get", "m", answers=f"\n{home.code()}\n")
        self.assertEqual(result.returncode, 3)
        self.assertIn(
            "hint: the role's trust policy must name the role before it in the chain, and must "
            "not require MFA, which a role session does not have",
            result.stderr,
        )

    def test_a_duration_that_a_chain_cannot_give_is_refused_before_the_code(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
            "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/ChainB\nsource_profile = a\n"
        )
        result = home.run("get", "b", "-d", "2h", answers="\n")
        self.assert_says(
            result,
            2,
            "aws-session-token: error: a role assumed from another role lasts at most one hour",
            "aws-session-token: hint: ask for 1h or less with --duration",
        )

    def test_duration_max_takes_what_the_role_allows(self):
        home = self.home(self.sandbox())
        result = home.run("-r", "LongRole", "-d", "max", answers=f"\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stderr, r"\((12 h|11 h 59 min.*)\)")

    def test_a_session_policy_narrows_the_session(self):
        home = self.home(self.sandbox())
        policy = home.path / "policy.json"
        policy.write_text(
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:GetUser",'
            '"Resource":"*"}}'
        )
        result = home.run("--policy", str(policy), answers=f"\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(home.aws_cli("iam", "get-user", "--user-name", "jsmith").returncode, 0)
        denied = home.aws_cli("iam", "get-role", "--role-name", "AdminRole")
        self.assertIn("AccessDenied", denied.stderr)

    def test_no_role_writes_the_mfa_session_itself(self):
        home = self.home(self.sandbox())
        result = home.run("--no-role", answers=f"\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Role     none (the MFA session itself)\n", result.stderr)
        self.assertRegex(result.stderr, r"\((12 h|11 h 59 min.*)\)")
        self.assertNotIn("assumed_role_arn", home.credentials.read_text())
        identity = json.loads(home.aws_cli("sts", "get-caller-identity").stdout)
        self.assertEqual(identity["Arn"], "arn:aws:iam::123456789012:user/jsmith")

    def test_a_profile_with_a_device_and_no_role_is_the_mfa_session(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            f"[profile mfa]\nsource_profile = default\nmfa_serial = {home.user['serial_number']}\n"
        )
        result = home.run("get", "mfa", answers=f"\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("assumed_role_arn", home.credentials.read_text())


class Devices(support.EndToEnd):
    def test_one_of_several_devices_is_chosen_by_its_number(self):
        sandbox = self.sandbox()
        home = self.home(sandbox, "mjones")
        tablet = home.user["mfa_devices"][1]
        result = home.run(
            answers=f"mjones\nAdminRole\n2\n{support.code(tablet['totp_secret'])}\n"
        )
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_user_with_only_a_security_key_is_told_so(self):
        home = self.home(self.sandbox(), "fido")
        with self.unchanged(home):
            result = home.run(answers="fido\n\n")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: fido has only passkeys or security keys, and STS takes no "
            "code of those",
            "aws-session-token: hint: add an authenticator app as a second MFA device in the IAM "
            "console",
        )

    def test_a_user_without_a_device_is_told_so(self):
        home = self.home(self.sandbox(), "nodevice")
        with self.unchanged(home):
            result = home.run(answers="nodevice\n\n")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: nodevice has no MFA device",
            "aws-session-token: hint: add an authenticator app as MFA device in the IAM console: "
            "My security credentials",
        )

    def test_refused_look_ups_fall_back_to_what_needs_no_permission(self):
        home = self.home(self.sandbox(), "lookup-denied")
        result = home.run(answers=f"\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(
            result.stderr.splitlines()[:2],
            [
                "you may not list your MFA devices (iam:ListMFADevices); "
                "arn:aws:iam::123456789012:mfa/lookup-denied is a guess, --serial-number gives "
                "the right one",
                "you may not look the role up (iam:GetRole); it is taken to be "
                "arn:aws:iam::123456789012:role/AdminRole",
            ],
        )

    def test_a_name_that_is_not_the_owner_of_the_key_is_noticed(self):
        home = self.home(self.sandbox(), "lookup-denied")
        with self.unchanged(home):
            result = home.run(answers="jsmith\n\n123456\n")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: the access key belongs to lookup-denied, not to jsmith",
            "aws-session-token: hint: give that user name, or another key with -s",
        )

    def test_a_user_with_a_path(self):
        home = self.home(self.sandbox(), "pat")
        result = home.run(answers=f"\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)


class Answers(support.EndToEnd):
    def test_no_input_takes_the_defaults_and_the_code_of_the_option(self):
        home = self.home(self.sandbox())
        home.write_settings("username = jsmith\nrole = LongRole\nduration = 2h\n")
        result = home.run("--no-input", "-c", home.code())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Role     arn:aws:iam::123456789012:role/LongRole\n", result.stderr)

    def test_no_input_without_a_code_exits_with_4(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            result = home.run("--no-input")
        self.assert_says(
            result,
            4,
            "aws-session-token: error: an answer is needed, and --no-input forbids to ask",
            "aws-session-token: hint: give it with --code",
        )

    def test_the_end_of_input_at_any_answer_exits_with_4(self):
        home = self.home(self.sandbox())
        for answers, option in (("", "--username"), ("jsmith\n", "--role"), ("\n\n", "--code")):
            with self.subTest(answers=answers), self.unchanged(home):
                result = home.run(answers=answers)
                self.assert_says(
                    result,
                    4,
                    "aws-session-token: error: the input ended where an answer is needed",
                    f"aws-session-token: hint: give it with {option}",
                )

    def test_from_a_pipe_the_first_refusal_is_final(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            result = home.run(answers=f"\n\n{home.wrong_code()}\n{home.code()}\n")
        self.assert_says(
            result,
            3,
            "aws-session-token: error: AWS refused the MFA code (AccessDenied on AssumeRole)",
            "aws-session-token: hint: a code works once; wait for the next one on your device",
            "aws-session-token: hint: if new codes are refused too, check that they come from the "
            "device arn:aws:iam::123456789012:mfa/jsmith and that its clock is right",
        )

    def test_a_code_that_is_none_is_named_as_what_it_is(self):
        home = self.home(self.sandbox())
        for code, what in (
            ("12345", "; this has 5"),
            ("AKIAIOSFODNN7EXAMPLE", "; this looks like an access key ID"),
            ("cccccckdvvulgjvtkjdhtlrbjjctggdihuevikehtlil", "; this looks like a YubiKey OTP"),
            ("hunter2!", "; this has other characters too: was it a password?"),
        ):
            with self.subTest(what=what), self.unchanged(home):
                self.assert_says(
                    home.run("-c", code),
                    2,
                    f"aws-session-token: error: an MFA code has six digits{what}",
                    "aws-session-token: hint: read the code from the app or the token of your "
                    "MFA device",
                )

    def test_dash_reads_the_code_from_standard_input(self):
        home = self.home(self.sandbox())
        result = home.run("-u", "jsmith", "-r", "AdminRole", "-c", "-", answers=home.code() + "\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_setting_that_is_not_known_is_named_with_its_line(self):
        home = self.home(self.sandbox())
        home.write_settings("usrname = jsmith\n")
        path = home.path / ".config/aws-session-token/config"
        self.assert_says(
            home.run(),
            1,
            f"aws-session-token: error: {path}, line 2: there is no setting usrname",
            "aws-session-token: hint: did you mean username?",
        )


class Links(support.EndToEnd):
    def test_a_symbolic_link_stays_and_its_target_is_replaced(self):
        home = self.home(self.sandbox())
        dotfiles = home.path / "dotfiles"
        dotfiles.mkdir()
        real = dotfiles / "credentials"
        os.rename(home.credentials, real)
        home.credentials.symlink_to("../dotfiles/credentials")
        result = home.run(answers=f"\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(home.credentials.is_symlink())
        self.assertIn("[session_token]", real.read_text())
        self.assertEqual(home.files(), [".aws/credentials", "dotfiles/credentials"])


if __name__ == "__main__":
    support.main()
