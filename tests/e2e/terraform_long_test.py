"""A session that ends in the middle of an apply: which ways of handing it to Terraform survive, and what
Terraform leaves behind where it does not."""

import concurrent.futures
import shlex

import support
import terraform_estate
from terraform_estate import ADMIN, BUCKET

PROFILE_LINE = '    profile        = "session_token"\n'


class NotRenewed(terraform_estate.Terraform):
    """Keys that Terraform has read once. The recorder says when their hour is over."""

    def place_with(self, text):
        at = self.place(self.id().rsplit(".", 1)[1])
        at.write(text)
        at.hold()
        at.settle()
        return at

    def fail_to_apply(self, at, **how):
        """An apply in whose middle the session ends; and what must be left of it."""
        self.assertEqual(at.init(**how).returncode, 0)
        at.recorder.on_hold = at.recorder.end_all_sessions
        result = at.terraform("apply", "-auto-approve", **how)
        self.assertEqual(result.returncode, 1, result.stdout)
        # A HEAD of S3 has no body, so that the user does not read that the session is over.
        self.assertIn("Failed to save state", result.stderr)
        self.assertIn("StatusCode: 400", result.stderr)
        self.assertIn("Error releasing the state lock", result.stderr)
        self.assertIn("ExpiredTokenException", result.stderr)
        self.assertIn("terraform_data.middle: Creation complete", result.stdout)
        self.assertTrue((at.work / "errored.tfstate").exists())
        self.assertIn(f"{BUCKET}/{at.name}.tfstate", self.moto.locks())

    def recover(self, at, **how):
        """With a fresh session, as doc/clients.md says."""
        held = at.terraform("plan", **how)
        self.assertIn("Error acquiring the state lock", held.stderr)
        [lock_id] = [line.split()[-1] for line in held.stderr.splitlines() if " ID: " in line]
        for command in (["force-unlock", "-force", lock_id], ["state", "push", "errored.tfstate"]):
            result = at.run(*how.get("before", ()), terraform_estate.TERRAFORM, *command)
            self.assertEqual(result.returncode, 0, result.stderr)
        result = at.terraform("plan", "-detailed-exitcode", **how)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)  # no changes

    def renew(self, at, *command):
        """A fresh session needs a fresh code: the device's next one, which AWS takes ahead of time."""
        code = support.code(at.home.user["totp_secret"], "--clock-skew", "30s")
        result = at.run(support.TOOL, *command, "-u", "jsmith", "-r", "AdminRole", "-c", code)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_static_profile(self):
        at = self.place_with(terraform_estate.without_provider())
        at.tool("get", "-r", "AdminRole")
        self.fail_to_apply(at)
        self.renew(at, "get")
        self.recover(at)

    def test_env(self):
        at = self.place_with(terraform_estate.without_provider().replace(PROFILE_LINE, ""))
        at.tool("env", "-r", "AdminRole")
        line = f'eval "$({shlex.quote(support.TOOL)} env -u jsmith -r AdminRole)"; exec "$@"'
        how = {"before": ["sh", "-c", line, "sh"]}
        self.fail_to_apply(at, **how)
        self.renew(at, "env", "--renew")
        self.recover(at, **how)


class Renewed(terraform_estate.Terraform):
    """Sessions that really end soon. All at the same time: most of it is waiting."""

    def test_all_ways(self):
        ways = {
            # A helper tells half of what so short a session lives; Terraform asks it again then.
            "link": self.way("link", "16s"),
            "exec": self.way("exec", "16s"),
            "credential-process": self.way("credential-process", "16s"),
            # The endpoint looks every 20 seconds whether half of it is left, and has the next one.
            "exec --serve": self.way("serve", "50s"),
        }
        ways["link"].tool("get", "--link", "-r", "AdminRole")
        ways["credential-process"].home.config.write_text(
            "[profile session_token]\n"
            f"credential_process = {support.TOOL_WORD} credential-process --username=jsmith"
            " --source-profile=default --role=AdminRole\n")
        ways["credential-process"].tool("credential-process", "-s", "default", "-r", "AdminRole")
        before = {name: () for name in ways}
        for name in ("exec", "exec --serve"):
            ways[name].tool("exec", "-r", "AdminRole", "--", "true")
            before[name] = [
                support.TOOL, *name.split(" "), "-u", "jsmith", "-r", "AdminRole", "--"]
        with concurrent.futures.ThreadPoolExecutor(len(ways)) as pool:
            applies = {name: pool.submit(self.apply, at, before[name]) for name, at in ways.items()}
        for name, at in ways.items():
            with self.subTest(way=name):
                result = applies[name].result()
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.check(at)

    def way(self, name, lifetime):
        at = self.place(name, "--max-role-session", lifetime)
        at.write(terraform_estate.without_provider())
        at.hold()
        at.settle()
        return at

    def apply(self, at, before):
        at.recorder.on_hold = at.recorder.wait_for_the_end
        result = at.init(before=before)
        if result.returncode != 0:
            return result
        at.since = len(at.recorder.requests)
        return at.terraform("apply", "-auto-approve", before=before)

    def check(self, at):
        recorder = at.recorder
        first, *_, last = recorder.keys("s3", at.since)
        self.assertNotEqual(first, last)
        self.assertLess(recorder.issued[first].end, recorder.ended_at)
        self.assertEqual({recorder.issued[key].role for key in (first, last)}, {ADMIN})
        self.assertEqual(recorder.refused(), [])
        self.assertEqual(recorder.codes, 1)
        self.assertEqual([lock for lock in self.moto.locks() if at.name in lock], [])
        self.assertFalse((at.work / "errored.tfstate").exists())


if __name__ == "__main__":
    support.main()
