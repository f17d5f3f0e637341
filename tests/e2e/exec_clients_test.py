"""The real clients inside exec, as an ordinary user: they read the overlay and call the helper."""

import shutil
import subprocess
import unittest

import interop_test
import support

ADMIN = "arn:aws:sts::123456789012:assumed-role/AdminRole/jsmith"
LONG = "arn:aws:sts::123456789012:assumed-role/LongRole/jsmith"
CONFIG = (
    "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
    "source_profile = default\nregion = us-east-1\n"
    "[profile long]\nrole_arn = arn:aws:iam::123456789012:role/LongRole\n"
    "source_profile = default\nregion = us-east-1\n"
)
BOTO3 = """
import boto3, sys
for profile in sys.argv[2:]:
    session = boto3.Session(profile_name=None if profile == "-" else profile)
    sts = session.client("sts", endpoint_url=sys.argv[1], region_name="us-east-1")
    print(sts.get_caller_identity()["Arn"])
"""
# No provider is needed to see whose credentials Terraform takes: its S3 backend asks STS.
BACKEND = """
terraform {
  backend "s3" {
    bucket  = "state"
    key     = "terraform.tfstate"
    region  = "us-east-1"
    profile = "%s"
    endpoints = { sts = "%s", s3 = "http://127.0.0.1:1" }
    use_path_style = true
    max_retries    = 1
  }
}
"""


class Clients(support.EndToEnd):
    def setUp(self):
        self.the_sandbox = self.sandbox()
        self.the_home = self.home(self.the_sandbox)
        self.the_home.config.write_text(CONFIG)
        self.as_user = self.the_home.as_ordinary_user()

    def exec(self, *arguments, **variables):
        first = [support.TOOL, "exec", "-u", "jsmith", "-c", self.the_home.code()]
        return subprocess.run(
            [*self.as_user, *first, *arguments], capture_output=True, text=True, timeout=120,
            env=self.the_home.environment(**variables), stdin=subprocess.DEVNULL,
            cwd=self.the_home.path,
        )

    def test_boto3_takes_every_profile_on(self):
        result = self.exec(
            "prod", "--", "/usr/bin/python3", "-c", BOTO3, self.the_sandbox.endpoint,
            "-", "prod", "long", "session_token",
        )
        self.assertEqual(result.stdout.splitlines(), [ADMIN, ADMIN, LONG, ADMIN], result.stderr)

    def test_the_aws_cli_takes_every_profile_on(self):
        script = (
            f'for p in prod long session_token; do {support.AWS_CLI} --endpoint-url "$1" --profile $p'
            " sts get-caller-identity --query Arn --output text; done"
        )
        result = self.exec("-r", "AdminRole", "--", "sh", "-c", script, "sh",
                           self.the_sandbox.endpoint, AWS_REGION="us-east-1", AWS_PAGER="")
        self.assertEqual(result.stdout.splitlines(), [ADMIN, LONG, ADMIN], result.stderr)

    def test_a_role_by_name_from_a_key_of_the_environment(self):
        self.the_home.credentials.unlink()
        user = self.the_home.user
        result = self.exec(
            "-r", "AdminRole", "--", "/usr/bin/python3", "-c", BOTO3, self.the_sandbox.endpoint, "-",
            AWS_ACCESS_KEY_ID=user["access_key_id"],
            AWS_SECRET_ACCESS_KEY=user["secret_access_key"],
        )
        self.assertEqual(result.stdout.splitlines(), [ADMIN], result.stderr)

    def test_what_a_client_cannot_have_it_says(self):
        result = self.exec(
            "prod", "--", "/usr/bin/python3", "-c", BOTO3, self.the_sandbox.endpoint, "default"
        )
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("NoCredentialsError", result.stderr)
        self.assertNotIn(self.the_home.user["secret_access_key"], result.stderr)

    def test_javascript_takes_the_profile_on(self):
        script = str(interop_test.node_folder() / "identity.mjs")
        result = self.exec("prod", "--", "node", script, self.the_sandbox.endpoint, "long")
        self.assertIn(LONG, result.stdout, result.stderr)

    def test_terraform_takes_the_profile_that_its_own_line_names(self):
        terraform = shutil.which("terraform")
        if not terraform:
            self.skipTest("terraform is not installed")
        folder = self.the_home.path / "infrastructure"
        folder.mkdir(mode=0o755)
        (folder / "main.tf").write_text(BACKEND % ("long", self.the_sandbox.endpoint))
        self.the_home.as_ordinary_user()
        result = self.exec(
            "prod", "--", terraform, f"-chdir={folder}", "init", "-no-color", "-input=false",
            CHECKPOINT_DISABLE="1", TF_LOG="debug",
        )
        # There is no S3 here; by then Terraform has had the role's credentials accepted by STS.
        self.assertIn("assumed-role/LongRole/jsmith", result.stderr + result.stdout)
        self.assertNotIn("error in credential_process", result.stderr)


if __name__ == "__main__":
    support.main()
