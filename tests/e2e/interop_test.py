"""What we write, read by foreign programs: the AWS CLI, boto3, the JavaScript SDK, Terraform.

Each signs a request with the profile's credentials, which the sandbox checks. A program that is not
there is skipped aloud; the JavaScript SDK is installed by npm into build/node.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import support

ARN = "arn:aws:sts::123456789012:assumed-role/AdminRole/jsmith"

BOTO3 = """
import boto3, json, sys
session = boto3.Session(profile_name=sys.argv[2], region_name="us-east-1")
arn = session.client("sts", endpoint_url=sys.argv[1]).get_caller_identity()["Arn"]
keys = session.get_credentials().get_frozen_credentials()
print(json.dumps({"Arn": arn, "credentials": list(keys)}))
"""

TERRAFORM = """
terraform {
  backend "s3" {
    bucket                      = "state"
    key                         = "terraform.tfstate"
    region                      = "us-east-1"
    profile                     = "%s"
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    use_path_style              = true
    max_retries                 = 1
    endpoints                   = { sts = "%s", s3 = "%s" }
  }
}
"""


# The credentials file before the run, made of the section with the long-term key.
SHAPES = {
    "plain": lambda key: key,
    "crlf": lambda key: key.replace("\n", "\r\n"),
    "no final newline": lambda key: key.rstrip("\n"),
    "our section in the middle": lambda key: (
        "[session_token]\naws_access_key_id = ASIAOLD\naws_session_token = old\n\n"
        + key
        + "\n# end\n[last]\nregion = eu-west-1"
    ),
    "region and comments of ours": lambda key: (
        key
        + "\n# before\n[ session_token ]  # mine, see [1]\nregion = eu-west-1\n"
        "; between\nAWS_SESSION_TOKEN: old\naws_security_token = old\n# after\n"
    ),
    "our section twice": lambda key: (
        "[session_token]\naws_session_token = one\nregion = eu-west-1\n\n"
        + key
        + "\n[session_token]\nregion = us-east-1\naws_session_token = two\noutput = json\n"
    ),
    "indented": lambda key: (
        key
        + "[session_token]\naws_session_token = old\n  region = eu-west-1\n    word\n"
    ),
    "a header below that is indented": lambda key: (
        "[session_token]\naws_session_token = old\n  [default]\n" + key.split("\n", 1)[1]
    ),
    "carriage returns alone": lambda key: (
        "[other]\rregion = eu-west-1\r" + "[session_token]\raws_session_token = old\n" + key
    ),
    "rubbish of other tools": lambda key: (
        key + "[old]\nx_principal_arn = a\ns3 =\n  max_concurrent_requests = 2\n" + "#" * 100_000
    ),
}


class Interop(support.EndToEnd):
    def for_each_shape(self, check):
        """Checks a home for each shape, in which a session has been drawn."""
        for shape, text in SHAPES.items():
            with self.subTest(shape=shape):
                # A code counts once, so each has a sandbox of its own.
                home = self.home(self.sandbox())
                home.credentials.write_bytes(text(home.key_section("default")).encode())
                self.draw(home)
                check(home)

    def draw(self, home, *clock):
        code = support.code(home.user["totp_secret"], *clock)
        result = home.run(answers=f"jsmith\n\n{code}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("refuses the whole file", result.stderr)

    def written(self, home):
        """The three values as they stand in the file."""
        section = home.credentials.read_bytes().decode().split("[session_token]")[1]
        return [
            re.search(rf"^\s*{key} = (\S+)\r?$", section, re.M)[1]
            for key in ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        ]

    def identity(self, home, *command, **variables):
        result = subprocess.run(
            [*command, home.sandbox.endpoint, "session_token"],
            capture_output=True, text=True, timeout=120,
            env=home.environment(AWS_ENDPOINT_URL=None, **variables),
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def check_aws_cli(self, home):
        result = home.aws_cli("sts", "get-caller-identity")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["Arn"], ARN)

    def check_boto3(self, home):
        self.assertEqual(
            self.identity(home, "/usr/bin/python3", "-c", BOTO3),
            {"Arn": ARN, "credentials": self.written(home)},
        )

    def check_javascript(self, home):
        told = self.identity(
            home, "node", str(node_folder() / "identity.mjs"),
            NODE_EXTRA_CA_CERTS=home.sandbox.ready["ca"],
        )  # fmt: skip
        self.assertEqual(told, {"Arn": ARN, "credentials": self.written(home)})

    def test_the_aws_cli(self):
        if not os.path.exists(support.AWS_CLI):
            self.skipTest("the AWS CLI is not installed")
        self.for_each_shape(self.check_aws_cli)

    def test_boto3(self):
        self.for_each_shape(self.check_boto3)

    def test_the_javascript_sdk(self):
        node_folder()
        self.for_each_shape(self.check_javascript)

    def test_over_tls(self):
        home = self.home(self.sandbox("--tls"))
        self.draw(home)
        self.check_aws_cli(home)
        self.check_boto3(home)
        with contextlib.suppress(unittest.SkipTest):
            node_folder()
            self.check_javascript(home)

    def test_after_a_second_run(self):
        home = self.home(self.sandbox())
        self.draw(home)
        first = self.written(home)
        self.draw(home, "--clock-skew", "30s")  # the device's next code
        self.assertNotEqual(self.written(home), first)
        self.check_aws_cli(home)
        self.check_boto3(home)

    def test_a_changed_secret_is_noticed_by_the_sandbox(self):
        """The tests above can fail: the sandbox knows a wrong signature and a wrong token."""
        for key in ("aws_secret_access_key", "aws_session_token"):
            home = self.home(self.sandbox())
            self.draw(home)
            head, tail = home.credentials.read_text().rsplit(f"{key} = ", 1)
            home.write_credentials(f"{head}{key} = {'A' if tail[0] != 'A' else 'B'}{tail[1:]}")
            self.assertNotEqual(home.aws_cli("sts", "get-caller-identity").returncode, 0)

    def terraform(self, home, profile):
        folder = home.path / f"terraform-{profile}"
        folder.mkdir()
        endpoint = home.sandbox.endpoint
        (folder / "main.tf").write_text(TERRAFORM % (profile, endpoint, endpoint))
        result = subprocess.run(
            ["terraform", "init", "-input=false", "-no-color"],
            cwd=folder, capture_output=True, text=True, timeout=120,
            env=home.environment(AWS_ENDPOINT_URL=None, CHECKPOINT_DISABLE="1"),
        )  # fmt: skip
        return result.stdout + result.stderr

    def test_terraform(self):
        if not shutil.which("terraform"):
            self.skipTest("terraform is not installed")
        self.for_each_shape(self.check_terraform)

    def check_terraform(self, home):
        wrong = b"\n[wrong]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n"
        home.credentials.write_bytes(home.credentials.read_bytes() + wrong)
        # init asks STS who it is, then S3, which the sandbox is not.
        self.assertIn("api error InvalidClientTokenId", self.terraform(home, "wrong"))
        said = self.terraform(home, "session_token")
        self.assertNotIn("validating provider credentials", said)
        self.assertRegex(said, "S3: ListObjects")


def node_folder():
    """A folder with the JavaScript SDK and the scripts of tests/e2e/node; skips where it cannot be had."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise unittest.SkipTest("node or npm is not installed")
    major = int(subprocess.check_output(["node", "--version"], text=True)[1:].split(".")[0])
    if major < 20:
        raise unittest.SkipTest("the AWS SDK for JavaScript wants node 20")
    folder = support.SOURCE / "build/node"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several scripts want it at the same time
        install_sdk(support.SOURCE / "tests/e2e/node", folder)
    return pathlib.Path(support.reachable(folder))


def install_sdk(source, folder):
    for script in source.glob("*.mjs"):
        if not same(script, folder / script.name):
            shutil.copy(script, folder)
    if same(source / "package-lock.json", folder / "package-lock.json"):
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, folder)
    result = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    if result.returncode != 0:
        (folder / "package-lock.json").unlink()
        raise unittest.SkipTest("npm cannot get the AWS SDK for JavaScript")


def same(one, other):
    return other.exists() and one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    support.main()
