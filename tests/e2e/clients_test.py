"""What we write, read by the real AWS CLI and boto3."""

import json
import subprocess

import support

BOTO3 = """
import boto3, json, sys
session = boto3.Session(profile_name="session_token", region_name="us-east-1")
print(json.dumps(session.client("sts", endpoint_url=sys.argv[1]).get_caller_identity()["Arn"]))
"""


class Clients(support.EndToEnd):
    def setUp(self):
        self.the_home = self.home(self.sandbox())
        result = self.the_home.run(answers=f"jsmith\n\n{self.the_home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_aws_cli_is_the_role(self):
        identity = json.loads(self.the_home.aws_cli("sts", "get-caller-identity").stdout)
        self.assertEqual(
            identity["Arn"], "arn:aws:sts::123456789012:assumed-role/AdminRole/jsmith"
        )

    def test_boto3_is_the_role(self):
        home = self.the_home
        result = subprocess.run(
            ["/usr/bin/python3", "-c", BOTO3, home.sandbox.endpoint],
            capture_output=True, text=True, env=home.environment(), timeout=120,
        )
        self.assertEqual(
            result.stdout.strip(),
            '"arn:aws:sts::123456789012:assumed-role/AdminRole/jsmith"',
            result.stderr,
        )

    def test_the_aws_cli_goes_on_writing_the_same_file(self):
        home = self.the_home
        result = home.aws_cli("configure", "set", "region", "eu-west-1", "--profile", "session_token")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("aws_session_token", home.credentials.read_text())


if __name__ == "__main__":
    support.main()
