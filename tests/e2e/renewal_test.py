"""Clients that live longer than a session: they ask who they are, wait until the session is over, and ask
again. Sessions are short by the sandbox's --max-role-session."""

import json
import os
import shlex
import subprocess
import sys
import time
import unittest

import interop_test
import support

ADMIN = "arn:aws:sts::123456789012:assumed-role/AdminRole/jsmith"
OVER = "The security token included in the request is expired"
# Of AWS_CREDENTIAL_EXPIRATION they know by themselves that there is no use in asking.
STILL_OVER = "Credentials were refreshed, but the refreshed credentials are still expired."
NOBODY = "an MFA code is needed, and there is no one to ask"

# Each answers every line with a line: the ARN and the key that it has then, or what went wrong.
BOTO3 = """
import boto3, json, sys
session = boto3.Session()
sts = session.client("sts", endpoint_url=sys.argv[1], region_name="us-east-1")
for line in sys.stdin:
    try:
        told = {"arn": sts.get_caller_identity()["Arn"], "key": session.get_credentials().access_key}
    except Exception as error:
        told = {"error": str(error)}
    print(json.dumps(told), flush=True)
"""
AWS_CLI = """
import json, subprocess, sys
for line in sys.stdin:
    result = subprocess.run(
        [sys.argv[1], "--endpoint-url", sys.argv[2], "--region", "us-east-1", "sts",
         "get-caller-identity", "--query", "Arn", "--output", "text"],
        capture_output=True, text=True)
    told = {"error": result.stderr} if result.returncode else {"arn": result.stdout.strip()}
    print(json.dumps(told), flush=True)
"""


PYTHON_CLIENT = ["/usr/bin/python3", "-c", BOTO3]


def clients():
    """The command of each client that is there; the endpoint comes after it."""
    known = {"boto3": PYTHON_CLIENT}
    if os.path.exists(support.AWS_CLI):
        known["the AWS CLI"] = ["/usr/bin/python3", "-c", AWS_CLI, support.AWS_CLI]
    else:
        print("SKIPPED: the AWS CLI is not installed", file=sys.stderr)
    try:
        known["JavaScript"] = ["node", str(interop_test.node_folder() / "renewal.mjs")]
    except unittest.SkipTest as missing:
        print(f"SKIPPED: {missing}", file=sys.stderr)
    return known


class Place:
    """A home in a world with short sessions, in which clients run as an ordinary user."""

    def __init__(self, test, *options):
        self.test = test
        self.home = test.home(test.sandbox(*options))
        self.as_user = self.home.as_ordinary_user()

    def environment(self, **variables):
        return self.home.environment(
            AWS_PAGER="", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED="true", **variables)

    def tool(self, command, *arguments, code=None):
        result = subprocess.run(
            [*self.as_user, support.TOOL, command, "-u", "jsmith", "-r", "AdminRole",
             "-c", code or self.home.code(), *arguments],
            capture_output=True, text=True, timeout=60, env=self.environment(),
            stdin=subprocess.DEVNULL, start_new_session=True)
        self.test.assertEqual(result.returncode, 0, result.stderr)

    def next_code(self):
        return support.code(self.home.user["totp_secret"], "--clock-skew", "30s")

    def start(self, *command, **variables):
        # Of a session of its own: a helper must not find the terminal of whoever runs this test.
        process = subprocess.Popen(
            [*self.as_user, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=self.environment(**variables), cwd=self.home.path, start_new_session=True)

        def end():
            process.stdin.close()
            process.wait(timeout=60)
            process.stdout.close()

        self.test.addCleanup(end)
        return process


def ask(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


EXEC = (support.TOOL, "exec", "-u", "jsmith", "-r", "AdminRole")


class Renewal(support.EndToEnd):
    def static_profile(self):
        at = Place(self, "--max-role-session", "40s")
        at.tool("get")
        return at, (), {"AWS_PROFILE": "session_token"}

    def env(self):
        at = Place(self, "--max-role-session", "40s")
        at.tool("env")
        line = f'eval "$({shlex.quote(support.TOOL)} env -u jsmith -r AdminRole)"; exec "$@"'
        return at, ("sh", "-c", line, "sh"), {}

    def link(self):
        at = Place(self, "--max-role-session", "40s")
        at.tool("get", "--link")
        return at, (), {"AWS_PROFILE": "session_token"}

    def credential_process(self):
        at = Place(self, "--max-role-session", "40s")
        at.home.config.write_text(
            f"[profile session_token]\ncredential_process = {support.TOOL_WORD} credential-process"
            " --username=jsmith --source-profile=default --role=AdminRole\n")
        at.tool("credential-process", "-s", "default")
        return at, (), {"AWS_PROFILE": "session_token"}

    def exec(self):
        at = Place(self, "--max-role-session", "40s")
        at.tool("exec", "--", "true")
        return at, (*EXEC, "--"), {}

    def exec_serve(self):
        at = Place(self, "--max-role-session", "50s")
        at.tool("exec", "--", "true")
        return at, (*EXEC, "--serve", "--"), {}

    def test_which_ways_are_renewed(self):
        """All at the same time: most of it is waiting."""
        ways = {"get": self.static_profile, "env": self.env, "get --link": self.link,
                "credential-process": self.credential_process, "exec": self.exec,
                "exec --serve": self.exec_serve}
        programs = clients()
        running, first = {}, {}
        for way, prepare in ways.items():
            at, before, variables = prepare()
            for name, command in programs.items():
                endpoint = at.home.sandbox.endpoint
                running[way, name] = at.start(*before, *command, endpoint, **variables)
                first[way, name] = ask(running[way, name])
        # By then each session that was used above is over.
        time.sleep(50)
        for (way, name), process in running.items():
            with self.subTest(way=way, client=name):
                self.assertEqual(first[way, name].get("arn"), ADMIN, first[way, name])
                second = ask(process)
                if way in ("get", "env"):
                    knows = way == "env" and name != "JavaScript"
                    expected = STILL_OVER if knows else OVER
                    self.assertIn(expected, second.get("error", ""), second)
                else:
                    self.assertEqual(second.get("arn"), ADMIN, second)
                    if name != "the AWS CLI":  # which does not tell its key
                        self.assertNotEqual(second["key"], first[way, name]["key"])


# A base session is used until a minute before its end; without it only a code helps. On a busy machine
# the clients must have asked for the first time by then, so that it is not made shorter.
class TheBaseOfExecIsOver(support.EndToEnd):
    def test_exec(self):
        """The command gets a refusal that says what to do; and goes on with a new base session."""
        at = Place(self, "--max-role-session", "20s", "--max-mfa-session", "110s")
        at.tool("exec", "--", "true")
        process = at.start(*EXEC, "--", *PYTHON_CLIENT, at.home.sandbox.endpoint)
        self.assertEqual(ask(process).get("arn"), ADMIN)
        time.sleep(50)  # the base session has less than a minute left, the role session is over
        self.assertIn(NOBODY, ask(process).get("error", ""))
        at.tool("exec", "--", "true", code=at.next_code())
        self.assertEqual(ask(process).get("arn"), ADMIN)


class TheBaseOfServeIsOver(support.EndToEnd):
    def test_exec_serve(self):
        at = Place(self, "--max-role-session", "30s", "--max-mfa-session", "105s")
        at.tool("exec", "--", "true")
        process = at.start(*EXEC, "--serve", "--", *PYTHON_CLIENT, at.home.sandbox.endpoint)
        first = ask(process)
        self.assertEqual(first.get("arn"), ADMIN, first)
        # The last session that the endpoint may have had from the base session is over, too.
        time.sleep(80)
        second = ask(process)
        self.assertIn(NOBODY, second.get("error", ""), second)
        at.tool("exec", "--", "true", code=at.next_code())
        # The endpoint looks again every 20 seconds.
        deadline = time.monotonic() + 40
        while True:
            third = ask(process)
            if "arn" in third or time.monotonic() > deadline:
                break
        self.assertEqual(third.get("arn"), ADMIN, third)
        self.assertNotEqual(third["key"], first["key"])


if __name__ == "__main__":
    support.main()
