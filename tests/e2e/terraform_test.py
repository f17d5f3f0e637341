"""Terraform from init to destroy with each way of handing it a session: state and lock in S3 and
DynamoDB, as examples/terraform has them."""

import shlex

import support
import terraform_estate
from terraform_estate import ADMIN, BUCKET

NO_CHANGES = 0  # of plan -detailed-exitcode


class Ways(terraform_estate.Terraform):
    def setUp(self):
        self.at = self.place(self.id().rsplit(".", 1)[1])
        self.at.write(terraform_estate.without_provider())
        self.at.settle()

    def live(self, **how):
        """The whole life of a state, all of it signed by sessions of one role."""
        at, recorder = self.at, self.at.recorder
        self.assertEqual(self.done(at.init(**how)), 0)
        self.assertEqual(self.done(at.terraform("apply", "-auto-approve", **how)), 0)
        self.assertEqual(self.done(at.terraform("plan", "-detailed-exitcode", **how)), NO_CHANGES)
        self.assertEqual(self.done(at.terraform("destroy", "-auto-approve", **how)), 0)
        for service in ("s3", "dynamodb"):
            self.assertEqual(recorder.signed(service), {ADMIN}, service)
        self.assertEqual(recorder.refused(), [])
        state = f"/{BUCKET}/{at.name}.tfstate"
        written = [r for r in recorder.requests
                   if r.method == "PUT" and r.path.split("?")[0] == state]
        self.assertEqual([r.encryption for r in written], ["AES256"] * 2)  # apply and destroy
        self.assertEqual(self.moto.locks(), [])
        self.assertEqual(recorder.codes, 1)

    def done(self, result):
        self.assertNotIn("Error:", result.stderr + result.stdout)
        return result.returncode

    def test_static_profile(self):
        self.at.tool("get", "-r", "AdminRole")
        self.live()
        self.assertEqual(len(self.at.recorder.keys("s3")), 1)

    def test_linked_profile(self):
        self.at.tool("get", "--link", "-r", "AdminRole")
        self.live()

    def test_exec(self):
        self.live(before=self.exec())

    def test_exec_serve(self):
        self.live(before=self.exec("--serve"))

    def exec(self, *options):
        """The code is given before the first command; the others find the MFA session."""
        self.at.tool("exec", "-r", "AdminRole", "--", "true")
        return [support.TOOL, "exec", *options, "-u", "jsmith", "-r", "AdminRole", "--"]

    def test_env(self):
        # Terraform wants a profile that its lines name to be there, whatever the environment has.
        text = terraform_estate.without_provider()
        self.at.write(text.replace('    profile        = "session_token"\n', ""))
        self.at.tool("env", "-r", "AdminRole")
        line = f'eval "$({shlex.quote(support.TOOL)} env -u jsmith -r AdminRole)"; exec "$@"'
        self.live(before=["sh", "-c", line, "sh"])

    def test_env_beside_a_profile_that_is_not_there(self):
        self.at.tool("env", "-r", "AdminRole")
        line = f'eval "$({shlex.quote(support.TOOL)} env -u jsmith -r AdminRole)"; exec "$@"'
        result = self.at.init(before=["sh", "-c", line, "sh"])
        self.assertEqual(result.returncode, 1)
        self.assertIn("failed to get shared config profile, session_token", result.stderr)

    def test_credential_process_line(self):
        home = self.at.home
        home.config.write_text(
            "[profile session_token]\n"
            f"credential_process = {support.TOOL_WORD} credential-process --username=jsmith"
            " --source-profile=default --role=AdminRole\n")
        self.at.tool("credential-process", "-s", "default", "-r", "AdminRole")
        self.live()


class TheRecorder(terraform_estate.Terraform):
    def test_it_can_refuse(self):
        """The tests above can fail: keys that the sandbox did not issue are seen."""
        at = self.place("stranger")
        at.write(terraform_estate.without_provider().replace(
            '"session_token"\n', '"session_token"\n    skip_credentials_validation = true\n'
            "    skip_requesting_account_id = true\n"))
        at.home.write_credentials("[session_token]\naws_access_key_id = ASIASTRANGER\n"
                                  "aws_secret_access_key = s\naws_session_token = t\n")
        self.assertEqual(at.init().returncode, 1)
        self.assertEqual(at.recorder.signed("s3"), {"ASIASTRANGER"})
        self.assertTrue(at.recorder.refused())


if __name__ == "__main__":
    support.main()
