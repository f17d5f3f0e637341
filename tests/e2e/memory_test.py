"""The long-term secret in memory: at each question, while each request is under way, while a helper of
the user's runs, beside the command of `exec --serve`, and just before exit it lies in guarded pages
or nowhere. Only root may look; prints a table of what was found."""

import http.client
import os
import shutil
import subprocess
import sys
import time

import pexpect

import memory
import support

CONFIG = """
# the old key: {secret}
[profile prod]
role_arn = arn:aws:iam::123456789012:role/AdminRole
source_profile = default
region = us-east-1
[profile long]
role_arn = arn:aws:iam::123456789012:role/LongRole
source_profile = default
  ; {secret}
[profile elsewhere]
credential_process = /usr/bin/printer --secret "{secret}"
[profile odd name]
aws_secret_access_key = {other}
  nested = {secret}
{secret}
"""
# As people's files are: the key again where it was rotated, renamed, noted down.
MORE_CREDENTIALS = """
# aws_secret_access_key = {secret}
[same]
AWS_Secret_Access_Key: {secret}
aws_access_key_id: {id}
region = us-east-1 # {secret}
[other]
aws_access_key_id = {other_id}
aws_secret_access_key = {other}
old_secret = {secret}
note
  {secret}
"""
HEADER = ("Command", "Moment", "Looks", "MB", "Whole", "Pieces", "Guarded")


class Table:
    """A row for each moment at which a command was looked at; `Looks` counts processes."""

    def __init__(self):
        self.rows = {}

    def add(self, command, moment, copies):
        row = self.rows.setdefault((command, moment), [0, 0, 0, 0, 0])
        row[0] += 1
        row[1] = max(row[1], copies.bytes >> 20)
        row[2] += copies.whole
        row[3] += copies.pieces
        row[4] = max(row[4], copies.guarded)

    def show(self):
        cells = [HEADER, *((*key, *map(str, row)) for key, row in self.rows.items())]
        widths = [max(len(line[i]) for line in cells) for i in range(len(HEADER))]
        for line in cells:
            words = [word.ljust(width) if i < 2 else word.rjust(width)
                     for i, (word, width) in enumerate(zip(line, widths))]
            print("  ".join(words).rstrip())


TABLE = Table()


class Memory(support.EndToEnd):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("only root can read the memory of another process")
        self.the_sandbox = self.sandbox("--tls")
        self.the_home = self.home(self.the_sandbox)
        user = self.the_home.user
        other = next(u for u in self.the_sandbox.ready["users"] if u is not user)
        self.secret = user["secret_access_key"]
        words = {"secret": self.secret, "id": user["access_key_id"],
                 "other": other["secret_access_key"], "other_id": other["access_key_id"]}
        self.the_home.write_credentials(
            self.the_home.key_section("default") + MORE_CREDENTIALS.format(**words))
        self.the_home.config.write_text(CONFIG.format(**words))
        self.command = ""
        self.leaks = []
        self.guarded = 0
        self.requests = 0
        self.relay = memory.Relay(self.the_sandbox, self.look_at_request)
        self.addCleanup(self.relay.stop)

    def environment(self, **variables):
        return self.the_home.environment(AWS_ENDPOINT_URL=self.relay.endpoint, **variables)

    def look(self, moment, pids=None):
        """At every process of the tool's, or at these."""
        if pids is None:
            pids = memory.processes(support.TOOL, self.the_home.path)
        self.assertTrue(pids, f"nobody to look at {moment}")
        for pid in pids:
            copies = memory.scan(pid, self.secret)
            TABLE.add(self.command, moment, copies)
            self.guarded = max(self.guarded, copies.guarded)
            if copies.whole or copies.pieces:
                self.leaks.append(f"{moment}: {copies.whole} whole, {copies.pieces} pieces in "
                                  f"{sorted(copies.places)}")

    def look_at_request(self):
        looks = 0
        for pid in memory.processes(support.TOOL, self.the_home.path):
            try:
                self.look("request", [pid])
            except (FileNotFoundError, ProcessLookupError):
                continue  # it closed its connections, and has ended since
            looks += 1
        if looks:
            self.requests += 1

    def assert_no_leak(self):
        self.assertEqual(self.relay.errors, [])
        self.assertEqual(self.leaks, [])

    def stop_at_exit(self, process):
        try:
            memory.stop_at_exit(process.pid)
        except PermissionError:
            process.kill(9) if hasattr(process, "isalive") else process.kill()
            self.skipTest("no process may be traced here")

    def run_tool(self, *arguments, statuses=(0,), **variables):
        """Runs to its end, and looks at what is left when it has called exit."""
        # It starts when it is traced: a quick command would have ended by then.
        process = subprocess.Popen(
            ["sh", "-c", 'read -r _; exec "$@" </dev/null', "sh", support.TOOL, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment(**variables))
        self.stop_at_exit(process)
        process.stdin.write("\n")
        process.stdin.close()
        process.stdin = None
        memory.wait_for_exit(process.pid, lambda: self.look("exit", [process.pid]))
        output, errors = process.communicate(timeout=60)
        self.assertIn(process.returncode, statuses, output + errors)
        return output


class Closed(support.EndToEnd):
    """What the kernel says of the process: nobody but root may look into it."""

    def test_other_processes_of_the_user_cannot_look_into_it(self):
        home = self.home(self.sandbox())
        as_user = home.as_ordinary_user()
        words = [*as_user, support.TOOL, "get", "-u", "jsmith", "-r", "AdminRole"]
        child = pexpect.spawn(words[0], words[1:], env=home.environment(), encoding="utf-8",
                              timeout=60)
        self.addCleanup(child.close, force=True)
        child.expect_exact("Code: ")
        folder = f"/proc/{child.pid}"
        self.assertEqual(os.stat(f"{folder}/mem").st_uid, 0)
        with open(f"{folder}/limits", encoding="ascii") as limits:
            self.assertRegex(limits.read(), r"Max core file size +0 ")
        look = subprocess.run([*as_user, "cat", f"{folder}/mem", f"{folder}/environ"],
                              capture_output=True, text=True)
        self.assertEqual(look.stdout, "")
        self.assertEqual(look.stderr.count("Permission denied"), 2, look.stderr)


class Tool(Memory):
    def test_get_at_each_question_and_request(self):
        self.command = "get"
        child = self.the_home.terminal(environment=self.environment())
        self.stop_at_exit(child)
        for prompt, answer in (("Username: ", "jsmith"), ("Role [AdminRole]: ", ""),
                               ("Code: ", self.the_home.code())):
            child.expect_exact(prompt)
            self.look("question " + prompt.split()[0].rstrip(":"))
            child.sendline(answer)
        memory.wait_for_exit(child.pid, lambda: self.look("exit", [child.pid]))
        shown, status = support.finish(child)
        self.assertEqual(status, 0, shown)
        self.assertGreaterEqual(self.requests, 3)
        self.assertGreaterEqual(self.guarded, 1)  # it was there to be found
        self.assert_no_leak()

    def test_get_of_several_roles(self):
        self.command = "get, several"
        self.run_tool("get", "prod", "long", "-u", "jsmith", "-c", self.the_home.code())
        self.assert_no_leak()

    def test_env_and_what_is_cached(self):
        self.command = "env"
        self.run_tool("env", "-u", "jsmith", "-c", self.the_home.code())
        self.command = "env, cached"
        self.relay.stop()  # nobody is asked any more
        self.run_tool("env", "-u", "jsmith")
        for command in ("credential-process", "status", "logout"):
            self.command = command
            self.run_tool(command)
        self.assert_no_leak()

    def test_console(self):
        self.command = "console"
        self.run_tool("console", "--print", "prod", "-u", "jsmith", "-c", self.the_home.code(),
                      "--signin-endpoint", f"{self.relay.endpoint}/federation")
        self.assert_no_leak()

    def test_doctor(self):
        self.command = "doctor"
        # The files are as people's are, and it says so.
        self.run_tool("doctor", "prod", "-c", self.the_home.code(), statuses=(0, 1))
        self.assertGreaterEqual(self.requests, 4)
        self.assert_no_leak()

    def test_a_command_that_prints_the_code(self):
        self.command = "mfa_process"
        go, started = self.the_home.path / "go", self.the_home.path / "started"
        script = f"touch {started}; while [ ! -e {go} ]; do sleep 0.1; done; echo {self.the_home.code()}"
        process = subprocess.Popen(
            [support.TOOL, "env", "-u", "jsmith", "--mfa-process", script], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())
        while not started.exists() and process.poll() is None:
            time.sleep(0.05)
        self.look("helper runs")
        go.touch()
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, errors)
        self.assert_no_leak()

    def test_exec_and_what_runs_beside_its_command(self):
        self.command = "exec --serve"
        process = subprocess.Popen(
            [support.TOOL, "exec", "--serve", "prod", "long", "-u", "jsmith", "-c",
             self.the_home.code(), "--", "sh", "-c",
             "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN; cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        url, token = process.stdout.readline().split()
        sidecars = memory.processes(support.TOOL, self.the_home.path)
        self.assertEqual(len(sidecars), 1)
        self.look("sidecar", sidecars)
        address = url.removeprefix("http://").split("/")[0]
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request("GET", "/credentials", headers={"Authorization": token})
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        self.look("sidecar, asked", sidecars)
        self.assert_no_leak()


class Renewal(Memory):
    def sandbox(self, *options):
        return super().sandbox("--max-role-session", "2s", *options)

    def test_the_sidecar_renews(self):
        self.command = "exec --serve"
        process = subprocess.Popen(
            [support.TOOL, "exec", "--serve", "prod", "-u", "jsmith", "-c", self.the_home.code(),
             "--", "sh", "-c", "echo; cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        process.stdout.readline()
        before = self.requests
        for _ in range(450):  # it looks every twenty seconds
            if self.requests > before:
                break
            time.sleep(0.1)
        self.assertGreater(self.requests, before)
        self.assert_no_leak()


class AnotherClient(Memory):
    """That the test can fail: libcurl's own signature, as the curl program makes it."""

    def test_libcurl_spreads_the_secret(self):
        curl = shutil.which("curl")
        if not curl:
            self.skipTest("curl is not installed")
        self.command = "curl --aws-sigv4"
        process = None

        def look():
            self.look("request", [process.pid])

        self.relay.look = look
        configuration = (
            f'user = "{self.the_home.user["access_key_id"]}:{self.secret}"\n'
            'aws-sigv4 = "aws:amz:us-east-1:sts"\n'
            'data = "Action=GetCallerIdentity&Version=2011-06-15"\n'
            f'cacert = "{self.the_sandbox.ready["ca"]}"\nurl = "{self.relay.endpoint}/"\n')
        process = subprocess.Popen([curl, "--silent", "--show-error", "--config", "-"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   env=support.clean_environment())
        output, _ = process.communicate(configuration, timeout=60)
        self.assertIn("arn:aws:iam::123456789012:user/jsmith", output)
        # A look that comes when curl has ended finds no process; one in time is what counts.
        self.assertEqual([error for error in self.relay.errors
                          if not isinstance(error, ProcessLookupError)], [])
        self.assertTrue(self.leaks)

    def test_a_piece_is_found(self):
        self.command = "a program that leaks"
        program = (
            "import ctypes, sys\n"
            "secret = sys.stdin.readline().strip()\n"
            "piece = ctypes.create_string_buffer(secret[11:19].encode())\n"
            "del secret\n"
            "print(flush=True)\n"
            "sys.stdin.readline()\n")
        process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True,
                                   env=support.clean_environment())
        process.stdin.write(self.secret + "\n")
        process.stdin.flush()
        process.stdout.readline()
        self.look("a piece is kept", [process.pid])
        process.communicate("\n")
        self.assertTrue(self.leaks)


if __name__ == "__main__":
    try:
        support.main()
    finally:
        TABLE.show()
