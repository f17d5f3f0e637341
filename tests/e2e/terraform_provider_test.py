"""examples/terraform with the AWS provider, as its README says: three roles in three accounts, each
request signed with the session that was issued for its role."""

import json
import os
import re

import support
import terraform_estate
from terraform_estate import ADMIN, PROD, STAGING

README = (terraform_estate.EXAMPLE / "README.md").read_text()
EXAMPLE = (terraform_estate.EXAMPLE / "main.tf").read_text()
PARAMETER = "/example/owner"
LATE = """
resource "aws_ssm_parameter" "late" {
  provider   = aws.prod
  depends_on = [terraform_data.middle]

  name  = "/example/late"
  type  = "String"
  value = "network"
}
"""


class Provider(terraform_estate.Terraform):
    @classmethod
    def setUpClass(cls):
        terraform_estate.need_plugins()
        super().setUpClass()

    def at(self, text=EXAMPLE, *options):
        """A home whose user has settings and a program that prints the code, so that the README's
        lines can be run as they stand."""
        at = self.place(self.id().rsplit(".", 1)[1], *options)
        at.write(text)
        at.home.config.write_text(re.search(r"```ini\n(.*?)```", README, re.S)[1])
        programs = at.home.path / "bin"
        programs.mkdir()
        (programs / "aws-session-token").symlink_to(support.TOOL)
        (programs / "print-my-code").write_text(
            f"#!/bin/sh\nexec {support.SANDBOX} --code {at.home.user['totp_secret']}\n")
        (programs / "print-my-code").chmod(0o755)
        at.home.write_settings(f"username = jsmith\nmfa_process = {programs}/print-my-code\n")
        self.variables = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "TF_CLI_ARGS": "-no-color",
            "TF_CLI_ARGS_init": f"-backend-config=key={at.name}.tfstate",
            "TF_CLI_ARGS_apply": "-auto-approve",
            "TF_CLI_ARGS_destroy": "-auto-approve",
        }
        return at

    def line(self, at, line):
        # Enter takes the user name of the settings, where it is asked for.
        result = at.run("sh", "-c", line, answers="\n", **self.variables)
        failed = [request for request in at.recorder.requests if request.status >= 400]
        self.assertEqual(
            result.returncode, 0,
            f"{line}\n{result.stdout}{result.stderr}{failed}{at.recorder.faults}")
        return result

    def check(self, at):
        """Each role made its parameter in its own account, and one code was enough."""
        self.assertEqual(at.recorder.signed("ssm"), {ADMIN, STAGING, PROD})
        self.assertEqual(at.recorder.signed("s3"), {ADMIN})
        self.assertEqual(at.recorder.refused(), [])
        self.assertEqual(at.recorder.codes, 1)
        for role in (ADMIN, STAGING, PROD):
            self.assertEqual(self.parameter(role), "network")

    def parameter(self, role, name=PARAMETER):
        answer = self.moto.call(
            "ssm", "POST", "/", json.dumps({"Name": name}),
            {"X-Amz-Target": "AmazonSSM.GetParameter", "x-moto-account-id": role.split(":")[4]})
        return json.loads(answer)["Parameter"]["Value"]

    def blocks(self):
        return [block.splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.S)]


class Example(Provider):
    def test_exec_as_the_readme_says(self):
        at = self.at()
        at.settle()
        lines = self.blocks()[0]
        for line in lines:
            self.line(at, line)
        self.check(at)
        before = lines[0].split(" terraform ")[0]
        self.line(at, f"{before} terraform plan -detailed-exitcode")
        self.line(at, f"{before} terraform destroy")
        self.assertEqual(at.recorder.refused(), [])

    def test_links_as_the_readme_says(self):
        at = self.at()
        at.home.config.unlink()
        at.settle()
        *links, apply = self.blocks()[1]
        for line in [*links, "terraform init", apply]:
            self.line(at, line)
        self.check(at)
        self.line(at, "terraform destroy")

    def test_static_profiles(self):
        at = self.at(re.sub('profile = "(staging|prod)"', r'profile = "\1-session"', EXAMPLE))
        at.settle()
        self.line(at, "aws-session-token get staging prod")
        self.line(at, "aws-session-token get -r AdminRole --min-ttl 1m")
        self.line(at, "terraform init")
        self.line(at, "terraform apply")
        self.check(at)
        self.assertEqual(len(at.recorder.keys("ssm")), 3)
        self.line(at, "terraform destroy")


class OneRole(Provider):
    """The other ways, with one provider."""

    TEXT = re.sub(r'\n(#.*\n)?(provider|resource) [^\n]* ?\{\n  (alias|provider)[^}]*\}\n', "", EXAMPLE)

    def check_one(self, before="", text=TEXT):
        self.assertNotIn("aws.prod", text)
        at = self.at(text)
        at.settle()
        self.line(at, "aws-session-token exec -r AdminRole -- true")
        self.line(at, f"{before} terraform init")
        self.line(at, f"{before} terraform apply")
        self.assertEqual(at.recorder.signed("ssm"), {ADMIN})
        self.assertEqual(at.recorder.refused(), [])
        self.assertEqual(at.recorder.codes, 1)
        self.assertEqual(self.parameter(ADMIN), "network")
        self.line(at, f"{before} terraform destroy")

    def test_exec_serve(self):
        self.check_one("aws-session-token exec --serve -r AdminRole --")

    def test_env(self):
        self.check_one('eval "$(aws-session-token env -r AdminRole)";',
                       re.sub(r" *profile *= .*\n", "", self.TEXT))

    def test_credential_process_line(self):
        line = ("[profile session_token]\ncredential_process = "
                f"{support.TOOL_WORD} credential-process --source-profile=default --role=AdminRole\n")
        self.check_one(f"printf '{line}' >$HOME/.aws/config;")


class LongApply(Provider):
    def test_the_provider_gets_a_new_session_in_the_middle(self):
        at = self.at(EXAMPLE + LATE, "--max-role-session", "40s")
        at.hold(after="aws_ssm_parameter.prod")
        at.settle()
        self.line(at, "aws-session-token exec -r AdminRole -- terraform init")
        since = len(at.recorder.requests)
        at.recorder.on_hold = at.recorder.wait_for_the_end
        self.line(at, "aws-session-token exec -r AdminRole -- terraform apply")
        self.check(at)
        self.assertEqual(self.parameter(PROD, "/example/late"), "network")
        keys = [key for key in at.recorder.keys("ssm", since)
                if at.recorder.issued[key].role == PROD]
        self.assertGreaterEqual(len(keys), 2)
        self.assertLess(at.recorder.issued[keys[0]].end, at.recorder.ended_at)


if __name__ == "__main__":
    support.main()
