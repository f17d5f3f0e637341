"""examples/terraform: formatted and valid, and its module is what the command `policy` prints."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.parse

import support
import terraform_estate
from terraform_estate import EXAMPLE

MODULE = EXAMPLE / "modules/mfa-role"
ACCOUNT = "123456789012"


def policy(*arguments):
    return subprocess.run(
        [support.TOOL, "policy", *arguments, "--account", ACCOUNT], check=True, text=True,
        capture_output=True, env=support.clean_environment(HOME="/nonexistent"), timeout=60,
    ).stdout


def without_sids(text):
    return re.sub(r'^ *"?Sid"? *[=:].*\n', "", text, flags=re.M)


class Example(support.EndToEnd):
    def test_the_backend_is_that_of_the_readme(self):
        readme = (support.SOURCE / "README.md").read_text()
        [shown] = re.findall(r'```hcl\n(terraform \{.*?)```', readme, re.S)
        [backend, provider] = shown.split("}\n\n")
        text = (EXAMPLE / "main.tf").read_text()
        self.assertTrue(text.startswith(backend.removesuffix("}\n")), backend)
        self.assertIn("\n" + provider, text)

    def test_its_readme_names_each_variable_and_output(self):
        readme = (EXAMPLE / "README.md").read_text()
        found = re.findall(r'^(variable|output) "(\w+)"', "".join(
            path.read_text() for path in MODULE.glob("*.tf")), re.M)
        self.assertEqual(len(found), 5)
        for _, name in found:
            self.assertIn(f"`{name}`", readme)


class Module(support.EndToEnd):
    def test_the_module_is_what_policy_prints(self):
        """To the letter, once its variables have values; but for the name of a statement, which a
        role's name may not fit into."""
        text = (MODULE / "main.tf").read_text()
        for expression, value in (
            ("${local.account}", f"arn:aws:iam::{ACCOUNT}"), ("${var.role}", "AdminRole"),
            ("= var.role\n", '= "AdminRole"\n'), ("= var.group\n", '= "developers"\n'),
            ("= var.max_session_duration\n", "= 3600\n"),
            ('"aws_iam_role" "this"', '"aws_iam_role" "admin_role"'),
        ):
            self.assertIn(expression, text)
            text = text.replace(expression, value)
        for printed in (policy("user", "--group", "developers", "--format", "hcl"),
                        policy("role", "--format", "hcl")):
            self.assertIn(without_sids(printed), without_sids(text))


class WithTerraform(support.EndToEnd):
    def setUp(self):
        terraform_estate.need_terraform()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="awsst-example-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(EXAMPLE, self.folder / "example")

    def terraform(self, *arguments, folder="example", **variables):
        result = subprocess.run(
            [terraform_estate.TERRAFORM, *arguments], cwd=self.folder / folder, text=True,
            capture_output=True, timeout=180,
            env=support.clean_environment(
                HOME=str(self.folder), CHECKPOINT_DISABLE="1", NO_COLOR="1",
                **terraform_estate.plugin_variables(self.folder), **variables))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def test_it_is_formatted(self):
        self.terraform("fmt", "-check", "-recursive")

    def test_it_is_valid(self):
        terraform_estate.need_plugins()
        for folder in ("example", "example/modules/mfa-role"):
            with self.subTest(folder=folder):
                self.terraform("init", "-backend=false", folder=folder)
                self.terraform("validate", folder=folder)

    def test_the_module_makes_what_policy_prints(self):
        """In meaning, for another role, as IAM is told it."""
        terraform_estate.need_plugins()
        if not terraform_estate.MOTO:
            self.skipTest("moto_server is not installed")
        moto = terraform_estate.Moto()
        self.addCleanup(moto.stop)
        moto.call("iam", "POST", "/", urllib.parse.urlencode(
            {"Action": "CreateGroup", "Version": "2010-05-08", "GroupName": "developers"}),
            {"Content-Type": "application/x-www-form-urlencoded"})
        (self.folder / "main.tf").write_text(
            'module "role" {\n  source = "./example/modules/mfa-role"\n  group = "developers"\n'
            '  role = "Long_Role+1"\n  max_session_duration = 7200\n}\n'
            'output "arn" { value = module.role.role_arn }\n')
        administrator = {
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{moto.port}",
        }
        self.terraform("init", folder=".")
        self.terraform("apply", "-auto-approve", "-input=false", folder=".", **administrator)
        state = json.loads(self.terraform("show", "-json", folder="."))["values"]
        self.assertEqual(state["outputs"]["arn"]["value"], f"arn:aws:iam::{ACCOUNT}:role/Long_Role+1")
        made = {resource["type"]: resource["values"]
                for resource in state["root_module"]["child_modules"][0]["resources"]}
        for kind, key, told in (
            ("aws_iam_group_policy", "policy", policy("user", "-r", "Long_Role+1")),
            ("aws_iam_role", "assume_role_policy", policy("role", "-r", "Long_Role+1")),
        ):
            self.assertEqual(self.meaning(made[kind][key]), self.meaning(told), kind)
        self.assertEqual(made["aws_iam_role"]["max_session_duration"], 7200)

    def meaning(self, document):
        parsed = json.loads(document)
        for statement in parsed["Statement"]:
            del statement["Sid"]
        return parsed


if __name__ == "__main__":
    support.main()
