"""exec --serve: the endpoint, what real clients make of it, and that it goes with the command."""

import concurrent.futures
import http.client
import json
import shutil
import signal
import subprocess
import time

import interop_test
import support
from exec_clients_test import BACKEND

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
    print(session.get_credentials().method, sts.get_caller_identity()["Arn"])
"""


class Serve(support.EndToEnd):
    def setUp(self):
        self.the_sandbox = self.sandbox()
        self.the_home = self.home(self.the_sandbox)
        self.the_home.config.write_text(CONFIG)
        self.as_user = self.the_home.as_ordinary_user()

    def command(self, *arguments):
        first = [support.TOOL, "exec", "--serve", "-u", "jsmith", "-c", self.the_home.code()]
        return [*self.as_user, *first, *arguments]

    def exec(self, *arguments, **variables):
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=120,
            env=self.the_home.environment(**variables), stdin=subprocess.DEVNULL,
            cwd=self.the_home.path,
        )

    def start(self, *arguments):
        """A command that stays; its process, the endpoint's port and the token."""
        process = subprocess.Popen(
            self.command(*arguments, "--", "sh", "-c",
                         "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI"
                         " $AWS_CONTAINER_AUTHORIZATION_TOKEN; exec sleep 120"),
            stdout=subprocess.PIPE, text=True, env=self.the_home.environment(),
        )

        def end():
            process.kill()
            process.wait()
            process.stdout.close()

        self.addCleanup(end)
        url, token = process.stdout.readline().split()
        self.assertRegex(url, r"^http://127\.0\.0\.1:\d+/credentials$")
        self.assertRegex(token, r"^[0-9a-f]{64}$")
        return process, int(url.split(":")[2].split("/")[0]), token


class Endpoint(Serve):
    def ask(self, port, token, host=None, method="GET", target="/credentials"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Host": host or f"127.0.0.1:{port}"}
        if token:
            headers["Authorization"] = token
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        return response.status, body

    def test_it_answers_to_the_token_and_to_nothing_else(self):
        _, port, token = self.start("prod")
        status, body = self.ask(port, token)
        self.assertEqual(status, 200)
        self.assertEqual(
            set(body), {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", "RoleArn"}
        )
        self.assertEqual(self.ask(port, token, host=f"localhost:{port}")[0], 200)
        self.assertEqual(self.ask(port, "")[0], 401)
        self.assertEqual(self.ask(port, token[:-1] + "x")[0], 401)
        self.assertEqual(self.ask(port, token, host="evil.example")[0], 403)
        self.assertEqual(self.ask(port, token, target="/")[0], 404)
        self.assertEqual(self.ask(port, token, method="POST")[0], 405)

    def test_it_is_gone_when_the_command_is(self):
        for ending in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=ending):
                process, port, token = self.start("prod") if ending == signal.SIGTERM else self.again()
                self.assertEqual(self.ask(port, token)[0], 200)
                process.send_signal(ending)
                process.wait()
                for _ in range(100):
                    try:
                        self.ask(port, token)
                    except OSError:
                        break
                    time.sleep(0.05)
                else:
                    self.fail("the endpoint still answers")

    def again(self):
        return self.start("prod", "--renew", "-c",
                          support.code(self.the_home.user["totp_secret"], "--clock-skew", "30s"))

    def test_a_pipe_that_reads_the_command_ends_with_it(self):
        began = time.monotonic()
        result = self.exec("prod", "--", "echo", "done")
        self.assertEqual((result.stdout, result.stderr), ("done\n", ""))
        self.assertLess(time.monotonic() - began, 15)

    def test_the_command_has_no_child_that_it_did_not_start(self):
        result = self.exec("prod", "--", "/usr/bin/python3", "-c",
                           "import os\ntry: os.waitpid(-1, os.WNOHANG)\n"
                           "except ChildProcessError: print('none')")
        self.assertEqual(result.stdout, "none\n", result.stderr)

    def test_many_at_a_time_are_answered_and_strangers_are_not(self):
        _, port, token = self.start("prod")

        def knock(number):
            kind = number % 3
            if kind == 0:
                return self.ask(port, token)[0] == 200
            if kind == 1:
                return self.ask(port, f"{number:064x}")[0] == 401
            return self.ask(port, token, host=f"host{number}.example:{port}")[0] == 403

        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            self.assertTrue(all(pool.map(knock, range(600))))


class Clients(Serve):
    def test_boto3(self):
        result = self.exec(
            "prod", "--", "/usr/bin/python3", "-c", BOTO3, self.the_sandbox.endpoint,
            "-", "prod", "session_token", "long",
        )
        self.assertEqual(
            result.stdout.splitlines(),
            [f"container-role {ADMIN}"] * 3 + [f"custom-process {LONG}"], result.stderr,
        )

    def test_the_aws_cli(self):
        result = self.exec(
            "prod", "--", support.AWS_CLI, "--endpoint-url", self.the_sandbox.endpoint, "sts",
            "get-caller-identity", "--query", "Arn", "--output", "text", AWS_PAGER="",
        )
        self.assertEqual(result.stdout.strip(), ADMIN, result.stderr)

    def test_javascript(self):
        script = str(interop_test.node_folder() / "chain.mjs")
        result = self.exec("prod", "--", "node", script, self.the_sandbox.endpoint)
        self.assertEqual(result.stdout.strip(), ADMIN, result.stderr)

    def test_terraform(self):
        terraform = shutil.which("terraform")
        if not terraform:
            self.skipTest("terraform is not installed")
        for profile in ("session_token", "prod"):
            with self.subTest(profile=profile):
                folder = self.the_home.path / profile
                folder.mkdir(mode=0o755)
                (folder / "main.tf").write_text(BACKEND % (profile, self.the_sandbox.endpoint))
                self.the_home.as_ordinary_user()
                result = self.exec(
                    "prod", "--", terraform, f"-chdir={folder}", "init", "-no-color",
                    "-input=false", CHECKPOINT_DISABLE="1", TF_LOG="debug",
                )
                self.assertIn("assumed-role/AdminRole/jsmith", result.stderr + result.stdout)


if __name__ == "__main__":
    support.main()
