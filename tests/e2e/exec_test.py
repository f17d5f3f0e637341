"""exec: what a command is given, and that nothing of ours is left when it ends."""

import json
import os
import re
import signal
import subprocess
import time

import support

ADMIN = "arn:aws:iam::123456789012:role/AdminRole"
LONG = "arn:aws:iam::123456789012:role/LongRole"
CONFIG = (
    "# mine\n"
    "[default]\nregion = us-east-1\n\n"
    f"[profile prod]\nrole_arn = {ADMIN}\nsource_profile = default\nregion = us-east-1\n"
    "output = json\n\n"
    f"[profile long]\nrole_arn = {LONG}\nsource_profile = default\n\n"
    "[profile sso]\nsso_start_url = https://example.com\nsso_account_id = 123456789012\n"
    "sso_role_name = x\nsso_region = us-east-1\n"
    f"[profile of-sso]\nrole_arn = {ADMIN}\nsource_profile = sso\n"
)
OTHER_KEY = "[minio]\naws_access_key_id = MINIO\naws_secret_access_key = miniosecret\n"
OTHER_SESSION = (
    "[of-saml2aws]\naws_access_key_id = ASIAEXAMPLE000000001\naws_secret_access_key = temporary\n"
    "aws_session_token = FwoGZXIvYXdzEXAMPLE\n"
)


class Exec(support.EndToEnd):
    def setUp(self):
        self.the_home = self.home(self.sandbox())
        self.the_home.config.write_text(CONFIG)
        self.the_home.write_credentials(
            self.the_home.key_section("default") + OTHER_KEY + OTHER_SESSION
        )

    def exec(self, *arguments, code=True, **options):
        first = ["-u", "jsmith", "-c", self.the_home.code()] if code else []
        return self.the_home.run("exec", *first, *arguments, **options)

    def variables(self, *arguments, **options):
        result = self.exec(*arguments, "--", "/usr/bin/env", "-0", **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return dict(line.split("=", 1) for line in result.stdout.split("\0") if line)

    def overlay(self, *arguments, **options):
        script = 'cat "$AWS_CONFIG_FILE"; echo =====; cat "$AWS_SHARED_CREDENTIALS_FILE"'
        result = self.exec(*arguments, "--", "sh", "-c", script, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.split("=====\n")


class TheEnvironment(Exec):
    def test_the_profile_and_the_files_are_named_and_no_key_is_there(self):
        seen = self.variables("prod")
        pid = re.fullmatch(r"/proc/(\d+)/fd/\d+", seen["AWS_CONFIG_FILE"])[1]
        self.assertRegex(seen["AWS_SHARED_CREDENTIALS_FILE"], rf"^/proc/{pid}/fd/\d+$")
        self.assertEqual(seen["AWS_PROFILE"], "prod")
        self.assertEqual(seen["AWSST_EXEC"], "prod")
        # Each profile has a region of its own, which the variables would override.
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            self.assertNotIn(name, seen)
        self.assertRegex(seen["AWS_CREDENTIAL_EXPIRATION"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(seen["AWSST_CONFIG_FILE"], str(self.the_home.config))
        self.assertEqual(seen["AWSST_SHARED_CREDENTIALS_FILE"], str(self.the_home.credentials))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            self.assertNotIn(name, seen)

    def test_without_a_profile_it_is_session_token_and_no_region_is_forced(self):
        seen = self.variables()
        self.assertEqual(seen["AWS_PROFILE"], "session_token")
        self.assertNotIn("AWS_REGION", seen)

    def test_the_region_option_wins(self):
        self.the_home.config.write_text(CONFIG.replace("us-east-1", "eu-west-1"))
        seen = self.variables("prod", "--region", "us-east-1")
        self.assertEqual((seen["AWS_REGION"], seen["AWS_DEFAULT_REGION"]), ("us-east-1",) * 2)

    def test_the_callers_region_stays(self):
        # A region that the profile has, and `exec` must not put in its place.
        for arguments in ((), ("--env-keys",)):
            for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
                environment = self.the_home.environment(**{name: "us-east-1"})
                self.the_home.config.write_text(CONFIG.replace("us-east-1", "eu-west-1"))
                seen = self.variables("prod", *arguments, environment=environment)
                found = {n: seen[n] for n in ("AWS_REGION", "AWS_DEFAULT_REGION") if n in seen}
                self.assertEqual(found, {name: "us-east-1"})

    def test_programs_that_know_no_profiles_get_the_region_with_the_keys(self):
        seen = self.variables("prod", "--env-keys")
        self.assertEqual((seen["AWS_REGION"], seen["AWS_DEFAULT_REGION"]), ("us-east-1",) * 2)

    def test_conflicting_variables_are_unset(self):
        names = (
            "AWS_SECURITY_TOKEN AWS_ACCESS_KEY AWS_SECRET_KEY AWS_DEFAULT_PROFILE AWS_ROLE_ARN "
            "AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_AUTHORIZATION_TOKEN "
            "AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI "
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_SHARED_CONFIG_FILE"
        ).split()
        environment = self.the_home.environment(**{name: "x" for name in names})
        seen = self.variables("prod", environment=environment)
        self.assertEqual([name for name in names if name in seen], [])

    def test_env_keys_gives_them_too_and_says_that_they_end(self):
        result = self.exec(
            "prod", "--env-keys", "--", "sh", "-c", "echo $AWS_ACCESS_KEY_ID:$AWS_SESSION_TOKEN"
        )
        self.assertRegex(result.stdout, r"^ASIA\w+:\S+\n$")
        self.assertRegex(
            result.stderr,
            r"^the keys in the environment expire at [\d-]+ \d\d:\d\d UTC and are not renewed\n$",
        )

    def test_a_long_term_key_of_the_environment_stays_outside(self):
        self.the_home.credentials.unlink()
        self.the_home.config.unlink()
        user = self.the_home.user
        environment = self.the_home.environment(
            AWS_ACCESS_KEY_ID=user["access_key_id"],
            AWS_SECRET_ACCESS_KEY=user["secret_access_key"],
        )
        seen = self.variables("-r", "AdminRole", environment=environment)
        self.assertNotIn(user["secret_access_key"], json.dumps(seen))
        self.assertEqual(seen["AWSST_SOURCE_ACCESS_KEY_ID"], user["access_key_id"])
        # Nested: the sessions are found by the id of the key alone.
        inner = [support.TOOL, "exec", "-r", "AdminRole", "--", "printenv", "AWS_PROFILE"]
        result = self.exec("-r", "AdminRole", "--", *inner, code=False, environment=environment)
        self.assertEqual((result.stdout, result.stderr), ("session_token\n", ""))
        inner[2:2] = ["--renew", "--no-input"]
        result = self.exec("-r", "AdminRole", "--", support.TOOL, "exec", "--renew", "-r",
                           "AdminRole", "-c", "123456", "--", "true", code=False,
                           environment=environment)
        self.assertEqual(result.returncode, 1)
        self.assertIn("the long-term key that it came from is in the environment outside", result.stderr)


class TheOverlay(Exec):
    def test_roles_become_helpers_and_the_keys_of_their_sources_go(self):
        config, credentials = self.overlay("prod")
        tool = os.path.realpath(support.TOOL)
        self.assertEqual(
            config,
            "[default]\nregion = us-east-1\n"
            "[profile prod]\n"
            f"credential_process = {tool} credential-process prod --username=jsmith "
            "--source-profile=default --region=us-east-1\n"
            "region = us-east-1\noutput = json\n"
            "[profile long]\n"
            f"credential_process = {tool} credential-process long --username=jsmith "
            "--source-profile=default --region=us-east-1\n"
            "[profile sso]\nsso_start_url = https://example.com\nsso_account_id = 123456789012\n"
            "sso_role_name = x\nsso_region = us-east-1\n"
            f"[profile of-sso]\nrole_arn = {ADMIN}\nsource_profile = sso\n"
            "[profile session_token]\n"
            f"credential_process = {tool} credential-process prod --username=jsmith "
            "--source-profile=default --region=us-east-1\n"
            "region = us-east-1\n",
        )
        self.assertEqual(credentials, "[default]\n[minio]\n" + OTHER_SESSION)

    def test_no_long_term_key_goes_along_wherever_it_stands(self):
        secret = self.the_home.user["secret_access_key"]
        key_id = self.the_home.user["access_key_id"]
        pair = f"aws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
        self.the_home.config.write_text(
            f"# before the rotation: {secret}\n"
            + CONFIG
            + f"region = eu-west-1\n    {secret}\n"
            + f"[profile copy]\n{pair}"
            + f"[profile my copy]\n{pair}"
            + f"[profile nested]\ns3 =\n  aws_secret_access_key = {secret}\n"
            + f"[profile helper]\ncredential_process = /bin/helper --secret {secret}\n"
            + f"[elsewhere]\n{pair}"
        )
        self.the_home.write_credentials(
            self.the_home.key_section("default")
            + f"; aws_secret_access_key = {secret}\n"
            + f"[profile default]\n{pair}"
            + f"[with-a-token]\n{pair}aws_session_token = x\n"
            + f"[COPY]\nAWS_SECRET_ACCESS_KEY: {secret}\n"
        )
        look = ('cat "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"; env; '
                'cat /proc/$$/cmdline | tr "\\0" " "')
        for number, options in enumerate((["prod"], ["-r", "AdminRole"], ["--serve", "prod"])):
            with self.subTest(options=options):
                first = ["-u", "jsmith", "-c", self.the_home.code()] if number == 0 else []
                result = self.the_home.run("exec", *first, *options, "--", "sh", "-c", look)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertNotIn(secret, result.stdout)
                self.assertNotIn(secret, result.stderr)
                self.assertIn("[profile prod]", result.stdout)

    def test_the_real_files_stay_as_they_are(self):
        with self.unchanged(self.the_home):
            self.overlay("prod")

    def test_the_overlay_cannot_be_changed(self):
        result = self.exec("prod", "--", "sh", "-c", 'echo x >> "$AWS_CONFIG_FILE"')
        self.assertNotEqual(result.returncode, 0)

    def test_options_are_handed_on_with_odd_characters_quoted(self):
        policy = self.the_home.path / "my policy.json"
        policy.write_text('{"Version":"2012-10-17","Statement":'
                          '[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
        config, _ = self.overlay(
            "prod", "-d", "30m", "--session-name=me", f"--policy={policy}"
        )
        line = config[config.index("[profile prod]") :].splitlines()[1]
        self.assertIn(f'--duration=30m --session-name=me "--policy={policy}" --region', line)

    def test_what_no_client_could_carry_is_said_before_the_code_is_spent(self):
        result = self.exec("prod", "--tag", "a=b;c", "--", "true")
        self.assertEqual(result.returncode, 2)
        self.assertIn("cannot be part of a credential_process", result.stderr)
        self.assertEqual(self.exec("prod", "--", "true").returncode, 0)  # the code still works


class TheCommand(Exec):
    def test_the_line_that_prints_the_code_is_handed_on_in_memory(self):
        line = "print-my-code --pin 4711"
        result = self.exec("prod", "--mfa-process", line, "--", "sh", "-c",
                           'cat "$AWSST_MFA_PROCESS_FILE"; echo; env')
        self.assertEqual(result.stdout.splitlines()[0], line)
        self.assertEqual(result.stdout.count("4711"), 1)

    def test_its_exit_status_is_ours(self):
        self.assertEqual(self.exec("prod", "--", "sh", "-c", "exit 7").returncode, 7)
        result = self.exec("prod", "--", "sh", "-c", "kill -TERM $$", code=False)
        self.assertEqual(result.returncode, -signal.SIGTERM)

    def test_what_cannot_start_costs_no_code(self):
        home = self.the_home
        plain = home.path / "plain"
        plain.write_text("x")
        for command, status in (("no-such-command", 127), (str(plain), 126), (str(home.path), 126)):
            with self.subTest(command=command), self.unchanged(home):
                result = self.exec("prod", "--", command)
                self.assertEqual(result.returncode, status, result.stderr)
                self.assertIn("error: ", result.stderr)
        self.assertEqual(self.exec("prod", "--", "true").returncode, 0)

    def test_a_word_too_many_is_taken_for_a_command(self):
        result = self.exec("prod", "terraform", "plan")
        self.assert_says(
            result, 1,
            "aws-session-token: error: there is no profile terraform",
            "aws-session-token: hint: a command stands behind --, as in: "
            "aws-session-token exec -- terraform plan",
        )

    def test_standard_input_is_the_commands(self):
        result = self.exec("prod", "--", "cat", answers="for the command\n")
        self.assertEqual(result.stdout, "for the command\n")
        # But for the one line of -c -.
        result = self.the_home.run(
            "exec", "-u", "jsmith", "--renew", "-c", "-", "long", "--", "cat",
            answers=f"{self.next_code()}\nthe rest\n",
        )
        self.assertEqual((result.stdout, result.stderr), ("the rest\n", ""))

    def next_code(self):
        return support.code(self.the_home.user["totp_secret"], "--clock-skew", "30s")

    def test_nobody_to_ask_is_exit_4(self):
        result = self.the_home.run("exec", "-u", "jsmith", "prod", "--", "true")
        self.assertEqual(result.returncode, 4, result.stderr)

    def test_the_code_is_asked_once_while_the_base_session_lives(self):
        self.assertEqual(self.exec("prod", "--", "true").returncode, 0)
        for profile in ("prod", "long"):
            result = self.exec(profile, "--", "printenv", "AWS_PROFILE", code=False)
            self.assertEqual((result.stdout, result.stderr), (profile + "\n", ""))

    def test_it_gets_limits_and_files_as_our_caller_had_them(self):
        script = (
            "import json, os, resource\n"
            "files = {int(n): os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
            " if int(n) > 2 and os.path.exists(f'/proc/self/fd/{n}')}\n"
            "print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE), files]))\n"
        )
        read, write = os.pipe()  # as of a process substitution: the command's
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)

        def run(*command):
            result = subprocess.run(
                [*command, "/usr/bin/python3", "-c", script], capture_output=True, text=True,
                env=self.the_home.environment(), pass_fds=[read], stdin=subprocess.DEVNULL,
            )
            self.assertEqual(result.returncode, 0, result.stderr)
            return json.loads(result.stdout)

        limit, files = run()
        limit_inside, files_inside = run(
            support.TOOL, "exec", "-u", "jsmith", "-c", self.the_home.code(), "prod", "--"
        )
        self.assertEqual(limit_inside, limit)
        added = {number: path for number, path in files_inside.items() if number not in files}
        self.assertEqual(list(added.values()), ["/memfd:aws-session-token (deleted)"] * 2)
        self.assertTrue(all(int(number) >= 100 for number in added), added)
        self.assertIn(str(read), files_inside)

    def test_sigpipe_ends_it_as_usual(self):
        result = self.exec("prod", "--", "sh", "-c", "grep SigIgn /proc/self/status")
        ignored = int(result.stdout.split()[1], 16)
        self.assertEqual(ignored & (1 << (signal.SIGPIPE - 1)), 0)

    def test_a_shell_is_refused_inside_but_a_command_is_not(self):
        tool = support.TOOL
        result = self.exec("prod", "--", tool, "exec", "long")
        self.assert_says(
            result, 1,
            "aws-session-token: error: this shell runs inside exec already, with profile prod",
            "aws-session-token: hint: leave it first with: exit",
            "aws-session-token: hint: a single command may run inside: "
            "aws-session-token exec PROFILE -- COMMAND",
        )
        result = self.exec(
            "prod", "--", tool, "exec", "long", "--", "sh", "-c",
            'echo $AWS_PROFILE $AWSST_CONFIG_FILE; grep -c credential_process "$AWS_CONFIG_FILE"',
            code=False,
        )
        self.assertEqual(result.stdout, f"long {self.the_home.config}\n3\n", result.stderr)

    def test_without_a_command_it_is_the_users_shell(self):
        shell = self.the_home.path / "my-shell"
        shell.write_text("#!/bin/sh\necho shell with $AWS_PROFILE\n")
        shell.chmod(0o755)
        result = self.exec("prod", environment=self.the_home.environment(SHELL=str(shell)))
        self.assertEqual(result.stdout, "shell with prod\n")
        self.assertEqual(result.stderr, f"{shell} with profile prod; leave it with: exit\n")

    def test_nothing_is_left_when_it_is_killed(self):
        child = subprocess.Popen(
            [support.TOOL, "exec", "-u", "jsmith", "-c", self.the_home.code(), "prod", "--",
             "sh", "-c", "echo $AWS_CONFIG_FILE; exec sleep 60"],
            stdout=subprocess.PIPE, text=True, env=self.the_home.environment(),
        )
        path = child.stdout.readline().strip()
        self.assertTrue(os.path.exists(path))
        self.assertEqual(path.split("/")[2], str(child.pid))
        child.kill()
        child.wait()
        child.stdout.close()
        self.assertFalse(os.path.exists(path))
        self.assertEqual(self.the_home.files(), [".aws/config", ".aws/credentials"])


if __name__ == "__main__":
    support.main()
