"""get --link: a profile that renews itself, as real clients read it."""

import json
import os
import shutil
import subprocess

import interop_test
import support

ROLE = "arn:aws:iam::123456789012:role/AdminRole"


def write_policy(home, name):
    path = home.path / name
    path.write_text(
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    )
    return str(path)


class Link(support.EndToEnd):
    def setUp(self):
        self.the_home = self.home(self.sandbox())

    def link(self, *arguments, **variables):
        home = self.the_home
        return home.run(
            "get", "--link", "-u", "jsmith", "-c", home.code(), *arguments,
            environment=home.environment(**variables),
        )  # fmt: skip

    def linked(self, *arguments):
        result = self.link(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.the_home.config.read_text()

    def line(self, words, profile="session_token"):
        return (
            f"[profile {profile}]\n"
            f"credential_process = {support.TOOL_WORD} credential-process --username=jsmith {words}\n"
            "manager = aws-session-token\n"
        )

    def test_the_role_is_named_by_its_arn_and_the_key_by_its_profile(self):
        result = self.link("-r", "AdminRole")
        self.assert_says(
            result,
            0,
            "Profile  session_token in ~/.aws/config (renews itself)",
            f"Role     {ROLE}",
            'Use it   AWS_PROFILE=session_token, or profile = "session_token" in Terraform',
        )
        self.assertEqual(
            self.the_home.config.read_text(),
            self.line(f"--source-profile=default --role={ROLE}"),
        )

    def test_a_profile_that_names_its_key_is_named_alone(self):
        config = f"[profile prod]\nrole_arn = {ROLE}\nsource_profile = default\n"
        self.the_home.config.write_text(config)
        self.assertEqual(
            self.linked("prod", "-p", "linked"), config + "\n" + self.line("prod", "linked")
        )

    def test_a_profile_without_a_role_starts_from_its_own_key(self):
        home = self.the_home
        other = home.sandbox.user("pat")
        home.write_credentials(home.key_section("default", other) + home.key_section("mine"))
        config = f"[profile mine]\nmfa_serial = {home.user['serial_number']}\n"
        home.config.write_text(config)
        result = self.link("mine")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(
            home.config.read_text(),
            config + "\n" + self.line("--source-profile=mine mine"),
        )
        seen = home.run("credential-process", "mine", "--source-profile=mine", "--username=jsmith")
        self.assertIn("SessionToken", seen.stdout, seen.stderr)

    def test_several_at_once_by_a_pattern(self):
        config = "".join(
            f"[profile {name}]\nrole_arn = {ROLE}\nsource_profile = default\n\n"
            for name in ("dev", "prod")
        )
        self.the_home.config.write_text(config)
        text = self.linked("dev", "prod", "-p", "{name}-linked")
        for name in ("dev", "prod"):
            self.assertIn(self.line(name, f"{name}-linked"), text)

    def test_our_keys_go_and_the_rest_of_the_profile_stays(self):
        home = self.the_home
        home.credentials.write_text(
            home.key_section("default")
            + "\n[session_token]\naws_access_key_id = ASIAOLD\naws_secret_access_key = old\n"
            "aws_session_token = old\nmanager = aws-session-token\nregion = eu-west-1\n"
        )
        self.linked("-r", "AdminRole")
        self.assertEqual(
            home.credentials.read_text(),
            home.key_section("default") + "\n[session_token]\nregion = eu-west-1\n",
        )

    def test_a_link_of_ours_is_replaced_and_one_in_quotes_is_found(self):
        self.the_home.config.write_text(
            '[profile "session_token"]\ncredential_process = old\nmanager = aws-session-token\n'
            "region = us-east-1\n"
        )
        text = self.linked("-r", "AdminRole")
        self.assertEqual(
            text,
            self.line(f"--source-profile=default --role={ROLE}") + "region = us-east-1\n",
        )

    def test_a_credentials_file_without_our_keys_is_not_written(self):
        before = os.stat(self.the_home.credentials)
        self.linked("-r", "AdminRole")
        after = os.stat(self.the_home.credentials)
        self.assertEqual(
            (after.st_ino, after.st_mtime_ns, after.st_ctime_ns),
            (before.st_ino, before.st_mtime_ns, before.st_ctime_ns),
        )

    def test_what_is_not_ours_is_left_alone(self):
        home = self.the_home
        for keys, why in (
            ("credential_process = other\n", "has credential_process in the shared config file"),
            (f"role_arn = {ROLE}\n", "is a role profile"),
            ("sso_session = x\n", "has sso_session in the shared config file"),
            ("manager = awsume\n", "belongs to another tool (awsume)"),
            ("aws_access_key_id = AKIAX\naws_secret_access_key = x\n", "long-term access key"),
        ):
            home.config.write_text("[profile session_token]\n" + keys)
            with self.subTest(keys=keys), self.unchanged(home):
                result = self.link("-r", "AdminRole")
                self.assertEqual(result.returncode, 1)
                self.assertIn(why, result.stderr)

    def test_what_cannot_be_said_in_the_line_is_refused_before_the_code(self):
        home = self.the_home
        policy = write_policy(home, "a #b.json")
        with self.unchanged(home):
            self.assert_says(
                self.link("-r", "AdminRole", "--mfa-process", "my code"),
                2,
                "aws-session-token: error: --mfa-process is a line for the shell and cannot be "
                "part of a credential_process",
                "aws-session-token: hint: write it into the settings, or into the role's profile, "
                "as mfa_process",
            )
            result = self.link("-r", "AdminRole", "--policy", policy)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("cannot be part of a credential_process", result.stderr)
            key = home.user
            home_without_key = home.environment(
                AWS_ACCESS_KEY_ID=key["access_key_id"],
                AWS_SECRET_ACCESS_KEY=key["secret_access_key"],
                AWS_SHARED_CREDENTIALS_FILE="/nonexistent",
            )
            self.assert_says(
                home.run(
                    "get", "--link", "-u", "jsmith", "-r", "AdminRole", "-c", home.code(),
                    environment=home_without_key,
                ),
                2,
                "aws-session-token: error: a profile cannot be linked to a key of the "
                "environment, which other programs may not have",
                "aws-session-token: hint: store the key with aws configure, or name the profile "
                "that holds it with -s",
            )  # fmt: skip
        # None of them took the code.
        self.linked("-r", "AdminRole")

    def test_json_names_the_config_file(self):
        result = self.link("-r", "AdminRole", "--json", "--quiet")
        told = json.loads(result.stdout)
        self.assertEqual(told["config_file"], "~/.aws/config")
        self.assertEqual(told["profile"], "session_token")


class Clients(support.EndToEnd):
    """Through the linked profile, whose line has odd but writable characters; no code is asked."""

    def setUp(self):
        self.the_home = home = self.home(self.sandbox())
        result = home.run(
            "get", "--link", "-u", "jsmith", "-r", "TaggedRole", "--tag", "project=my  app",
            "--policy", write_policy(home, "(1) policy.json"),
            "--session-name", "j=@,.-", "--endpoint-url", home.sandbox.endpoint,
            "-c", home.code(),
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        self.arn = "arn:aws:sts::123456789012:assumed-role/TaggedRole/j=@,.-"

    def identity(self, *command):
        result = subprocess.run(
            [*command, self.the_home.sandbox.endpoint, "session_token"],
            capture_output=True, text=True, timeout=120,
            env=self.the_home.environment(AWS_ENDPOINT_URL=None),
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["Arn"]

    def test_the_aws_cli(self):
        if not os.path.exists(support.AWS_CLI):
            self.skipTest("the AWS CLI is not installed")
        result = self.the_home.aws_cli("sts", "get-caller-identity")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["Arn"], self.arn)

    def test_boto3(self):
        self.assertEqual(
            self.identity("/usr/bin/python3", "-c", interop_test.BOTO3), self.arn
        )

    def test_the_javascript_sdk(self):
        script = interop_test.node_folder() / "identity.mjs"
        self.assertEqual(self.identity("node", str(script)), self.arn)

    def test_terraform(self):
        if not shutil.which("terraform"):
            self.skipTest("terraform is not installed")
        home = self.the_home
        folder = home.path / "terraform"
        folder.mkdir()
        endpoint = home.sandbox.endpoint
        (folder / "main.tf").write_text(
            interop_test.TERRAFORM % ("session_token", endpoint, endpoint)
        )
        result = subprocess.run(
            ["terraform", "init", "-input=false", "-no-color"],
            cwd=folder, capture_output=True, text=True, timeout=120,
            env=home.environment(AWS_ENDPOINT_URL=None, CHECKPOINT_DISABLE="1"),
        )  # fmt: skip
        said = result.stdout + result.stderr
        self.assertNotIn("validating provider credentials", said)
        self.assertRegex(said, "S3: ListObjects")


if __name__ == "__main__":
    support.main()
