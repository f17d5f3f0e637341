"""Where the long-term key comes from: the order of the contract, each step beating the next."""

import json

import support

WRONG = "aws_access_key_id = AKIAWRONGWRONGWRONG0\naws_secret_access_key = wrong\n"


class Sources(support.EndToEnd):
    def setUp(self):
        self.the_sandbox = self.sandbox()
        self.the_home = self.home(self.the_sandbox)

    def owner(self, *arguments, variables=None):
        # Another user's name makes the tool say whose key it is, before any code is spent.
        home = self.the_home
        result = home.run(
            "-u", "nobody", "-r", "AdminRole", "-c", "123456", *arguments,
            environment=home.environment(**(variables or {})),
        )
        marker = "the access key belongs to "
        for line in result.stderr.splitlines():
            if marker in line:
                return line.split(marker)[1].split(",")[0]
        return result.stderr

    def keys(self, **profiles):
        home = self.the_home
        text = ""
        for profile, user in profiles.items():
            text += home.key_section(profile, self.the_sandbox.user(user))
        home.write_credentials(text)

    def test_default_is_the_last_resort(self):
        self.keys(default="lookup-denied")
        self.assertEqual(self.owner(), "lookup-denied")

    def test_the_environment_beats_default(self):
        self.keys(default="jsmith")
        user = self.the_sandbox.user("lookup-denied")
        variables = {
            "AWS_ACCESS_KEY_ID": user["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": user["secret_access_key"],
        }
        self.assertEqual(self.owner(variables=variables), "lookup-denied")

    def test_temporary_keys_in_the_environment_are_never_a_source(self):
        self.keys(default="lookup-denied")
        variables = {
            "AWS_ACCESS_KEY_ID": "ASIAXXXXXXXXXXXXXXXX",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_SESSION_TOKEN": "y",
        }
        self.assertEqual(self.owner(variables=variables), "lookup-denied")

    def test_the_setting_beats_the_environment(self):
        self.keys(default="jsmith", work="lookup-denied")
        self.the_home.write_settings("source_profile = work\n")
        user = self.the_sandbox.user("jsmith")
        variables = {
            "AWS_ACCESS_KEY_ID": user["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": user["secret_access_key"],
        }
        self.assertEqual(self.owner(variables=variables), "lookup-denied")

    def test_aws_profile_beats_aws_default_profile_and_the_setting(self):
        self.keys(default="jsmith", one="lookup-denied", two="jsmith")
        self.the_home.write_settings("source_profile = two\n")
        variables = {"AWS_PROFILE": "one", "AWS_DEFAULT_PROFILE": "two"}
        self.assertEqual(self.owner(variables=variables), "lookup-denied")

    def test_a_role_profile_in_aws_profile_means_its_source(self):
        self.keys(default="jsmith", one="lookup-denied")
        self.the_home.config.write_text(
            "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = one\n"
        )
        self.assertEqual(self.owner(variables={"AWS_PROFILE": "prod"}), "lookup-denied")

    def test_temporary_keys_in_aws_profile_are_passed_over_with_one_line(self):
        home = self.the_home
        self.keys(default="lookup-denied")
        home.write_credentials(
            home.credentials.read_text()
            + f"[session_token]\n{WRONG}aws_session_token = T\nmanager = aws-session-token\n"
        )
        result = home.run(
            "-u", "jsmith", "-r", "AdminRole", "-c", "123456",
            environment=home.environment(AWS_PROFILE="session_token"),
        )
        self.assertEqual(
            result.stderr.splitlines()[:2],
            [
                "AWS_PROFILE names session_token, which holds temporary keys: passed over",
                "aws-session-token: error: the access key belongs to lookup-denied, not to jsmith",
            ],
        )

    def test_the_role_profile_beats_aws_profile(self):
        self.keys(default="jsmith", one="jsmith", two="lookup-denied")
        self.the_home.config.write_text(
            "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = two\n"
        )
        result = self.the_home.run(
            "get", "prod", "-u", "nobody", "-c", "123456",
            environment=self.the_home.environment(AWS_PROFILE="one"),
        )
        self.assertIn("the access key belongs to lookup-denied", result.stderr)

    def test_the_option_beats_everything(self):
        self.keys(default="jsmith", one="jsmith", two="lookup-denied")
        self.assertEqual(
            self.owner("-s", "two", variables={"AWS_PROFILE": "one"}), "lookup-denied"
        )

    def test_a_named_source_that_is_our_own_profile_is_an_error(self):
        home = self.the_home
        home.write_credentials(
            f"[session_token]\n{WRONG}aws_session_token = T\nmanager = aws-session-token\n"
        )
        result = home.run("-s", "session_token", "-p", "other", "-u", "", "-r", "X")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: profile session_token holds a session that this tool wrote, "
            "not a long-term access key",
            "aws-session-token: hint: name the profile that holds your long-term access key with "
            "-s",
        )

    def test_an_sso_profile_gets_a_hint_of_its_own(self):
        self.the_home.config.write_text("[profile sso]\nsso_session = work\n")
        result = self.the_home.run("-s", "sso", "-u", "", "-r", "X")
        self.assert_says(
            result,
            1,
            "aws-session-token: error: profile sso signs in through IAM Identity Center (SSO)",
            "aws-session-token: hint: such a session needs no MFA code here: run aws sso login and "
            "use the profile itself",
            "aws-session-token: hint: name the profile that holds your long-term access key with "
            "-s",
        )

    def test_no_key_at_all(self):
        self.the_home.write_credentials("")
        self.assert_says(
            self.the_home.run("-u", "", "-r", "X"),
            1,
            "aws-session-token: error: there is no long-term access key to start from",
            "aws-session-token: hint: store the key of your IAM user with: aws configure",
            "aws-session-token: hint: or name the profile that holds it with -s",
        )

    def test_default_is_followed_through_its_source_profile(self):
        self.keys(one="lookup-denied")
        self.the_home.config.write_text(
            "[default]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = one\n"
        )
        self.assertEqual(self.owner(), "lookup-denied")


LONG = "arn:aws:iam::123456789012:role/LongRole"
NOTE = "the role is that of profile staging, which the environment names\n"


class RoleOfTheEnvironment(support.EndToEnd):
    """A role profile in AWS_PROFILE is the role, as it is for every AWS client."""

    def setUp(self):
        self.the_home = self.home(self.sandbox())
        self.the_home.config.write_text(
            f"[profile staging]\nrole_arn = {LONG}\nsource_profile = default\n"
        )

    def run_with(self, *arguments, answers="", **variables):
        variables = variables or {"AWS_PROFILE": "staging"}
        return self.the_home.run(*arguments, answers=answers,
                                 environment=self.the_home.environment(**variables))

    def code_options(self):
        return ["-u", "jsmith", "-c", self.the_home.code()]

    def assert_written(self, result, role):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"assumed_role_arn = {role}\n", self.the_home.credentials.read_text())

    def test_exec(self):
        shown = ("sh", "-c", "echo $AWS_PROFILE; echo $AWSST_EXEC")
        result = self.run_with("exec", *self.code_options(), "--", *shown)
        self.assertEqual(result.stdout, "staging\nstaging\n", result.stderr)
        self.assertIn(NOTE, result.stderr)

    def test_exec_without_a_word(self):
        result = self.run_with("exec", "--quiet", *self.code_options(), "--", "true")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_env(self):
        result = self.run_with("env", *self.code_options())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(NOTE, result.stderr)

    def test_credential_process(self):
        result = self.run_with("credential-process", *self.code_options())
        self.assertEqual(result.returncode, 0, result.stderr)
        # The session of that role, which is cached by now.
        named = self.run_with("credential-process", "staging", "-u", "jsmith", "--no-input")
        self.assertEqual(named.stdout, result.stdout, named.stderr)

    def test_get_offers_it(self):
        result = self.run_with("get", answers=f"jsmith\n\n{self.the_home.code()}\n")
        self.assert_written(result, LONG)

    def test_get_takes_it_where_nobody_is_asked(self):
        result = self.run_with("get", "--no-input", *self.code_options())
        self.assertIn(NOTE, result.stderr)
        self.assert_written(result, LONG)

    def test_get_shows_it_in_brackets(self):
        child = self.the_home.terminal(
            "-u", "jsmith", environment=self.the_home.environment(AWS_PROFILE="staging"))
        child.expect_exact("Role [staging]: ")
        child.sendline("")
        child.expect_exact("Code: ")
        child.sendline(self.the_home.code())
        support.finish(child)
        self.assertIn(LONG, self.the_home.credentials.read_text())

    def test_what_is_named_beats_it(self):
        result = self.run_with("get", *self.code_options(), "-r", "AdminRole")
        self.assertNotIn(NOTE, result.stderr)
        self.assert_written(result, "arn:aws:iam::123456789012:role/AdminRole")

    def test_aws_default_profile(self):
        result = self.run_with("get", "--no-input", *self.code_options(),
                               AWS_DEFAULT_PROFILE="staging")
        self.assert_written(result, LONG)

    def test_a_profile_without_a_role_leaves_the_role_to_the_setting(self):
        result = self.run_with("get", "--no-input", *self.code_options(), AWS_PROFILE="default",
                               AWS_DEFAULT_PROFILE="staging")
        self.assert_written(result, "arn:aws:iam::123456789012:role/AdminRole")


class PrintedKey(support.EndToEnd):
    """The key comes out of a password manager, by the credential_process of the source profile."""

    def setUp(self):
        self.the_sandbox = self.sandbox()
        self.the_home = self.home(self.the_sandbox)
        self.user = self.the_home.user
        self.the_home.write_credentials("")
        self.runs = self.the_home.path / "runs"
        self.write_vault({"Version": 1, "AccessKeyId": self.user["access_key_id"],
                          "SecretAccessKey": self.user["secret_access_key"]})
        self.write_config(self.vault)

    @property
    def vault(self):
        return self.the_home.path / "vault"

    def write_vault(self, answer):
        self.vault.write_text(f"#!/bin/sh\necho run >>'{self.runs}'\n"
                              f"echo '{json.dumps(answer)}'\n")
        self.vault.chmod(0o700)

    def write_config(self, process):
        self.the_home.config.write_text(
            f"[default]\ncredential_process = {process}\nregion = us-east-1\n"
            "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\nmfa_serial = arn:aws:iam::123456789012:mfa/jsmith\n"
            "[profile other]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n")

    def times_run(self):
        return len(self.runs.read_text().splitlines()) if self.runs.exists() else 0

    def test_the_main_job(self):
        result = self.the_home.run("-u", "jsmith", "-r", "AdminRole", "-c", self.the_home.code())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("aws_session_token", self.the_home.credentials.read_text())

    def test_what_is_cached_asks_the_manager_for_nothing(self):
        arguments = ("credential-process", "--no-input", "work")
        result = self.the_home.run(*arguments, "-c", self.the_home.code())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.times_run(), 1)
        again = self.the_home.run(*arguments)
        self.assertEqual(again.stdout, result.stdout)
        other = self.the_home.run("credential-process", "--no-input", "other")
        self.assertEqual(other.returncode, 0, other.stderr)
        self.assertEqual(self.times_run(), 1)

    def test_another_line_is_another_key(self):
        result = self.the_home.run("credential-process", "--no-input", "work", "-c",
                                   self.the_home.code())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.write_config(f"{self.vault} other")
        result = self.the_home.run("credential-process", "--no-input", "work")
        self.assertEqual(result.returncode, 4, result.stderr)

    def test_exec_gives_its_command_no_key(self):
        script = ('set -e; cat "$AWS_CONFIG_FILE"; '
                  'aws --region us-east-1 --profile other sts get-caller-identity')
        result = self.the_home.run("exec", "work", "-c", self.the_home.code(), "--",
                                   "sh", "-c", script)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(str(self.vault), result.stdout)
        self.assertIn("[default]", result.stdout)
        self.assertIn("assumed-role/AdminRole", result.stdout)

    def refused(self):
        result = self.the_home.run("get", "work", "-c", self.the_home.code())
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertNotIn("aws_session_token", self.the_home.credentials.read_text())
        return result.stderr

    def test_a_temporary_key_is_refused(self):
        self.write_vault({"Version": 1, "AccessKeyId": "ASIA" + "X" * 16,
                          "SecretAccessKey": "s" * 40, "SessionToken": "t" * 40})
        self.assertIn("cannot carry an MFA code", self.refused())

    def test_what_is_no_answer_is_told_and_not_shown(self):
        secret = self.user["secret_access_key"]
        for process, words in (
                ("exit 3", "ended with exit code 3"),
                (f"echo {secret}", "printed no access key"),
                (f"""echo '{{"AccessKeyId":"{secret}","SecretAccessKey":"AKIA"}}'""",
                 "is not an access key ID"),
                (f"""echo '{{"AccessKeyId":"AKIA{'X' * 16}","SecretAccessKey":"a b"}}'""",
                 "has a character that no AWS key has")):
            self.vault.write_text(f"#!/bin/sh\n{process}\n")
            errors = self.refused()
            self.assertIn("the credential_process of profile default", errors.replace(
                "the AccessKeyId that ", "").replace("the SecretAccessKey that ", ""))
            self.assertIn(words, errors)
            self.assertNotIn(secret, errors)

    def test_a_command_that_asks_this_program_for_its_own_key_ends(self):
        self.vault.write_text(f"#!/bin/sh\necho run >>'{self.runs}'\n"
                              f"exec '{support.TOOL}' get work -c 123456\n")
        self.assertIn("ended with exit code 1", self.refused())
        self.assertEqual(self.times_run(), 1)


if __name__ == "__main__":
    support.main()
