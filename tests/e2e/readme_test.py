"""The README is true: its dialogues and commands run, its policies are the ones that work."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import pexpect

import support

README = (support.SOURCE / "README.md").read_text()
BLOCK = re.compile(r"(?:<!-- policy (.*?) -->\n)?```(\w+)\n(.*?)```\n", re.S)
PROMPT = re.compile(r"^((?:Username|Role|MFA device|Code|AWS|Default)[^:]*?:)(?: (.*))?$")

# Run by ./test itself, or in need of the network; everything else is run here.
RUN_ELSEWHERE = ("sudo ", "cmake ")


def blocks(language, policy=None):
    return [
        text for marker, kind, text in BLOCK.findall(README)
        if kind == language and (policy is None or marker.split(" ")[0] == policy)
    ]


def dialogues():
    """Each command of a console block with what the README shows below it."""
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            yield command, [line for line in shown.splitlines() if line]


def world(user_policy, role_policy):
    """A sandbox with one user and one role under exactly these policies."""
    return {
        "accounts": [
            {
                "account": "123456789012",
                "policies": {"readme": user_policy},
                "users": [
                    {"name": "jsmith", "mfa_devices": [{"name": "jsmith"}], "policies": ["readme"]}
                ],
                "roles": [{"name": "AdminRole", "trust": role_policy}],
            }
        ]
    }


class Policies(support.EndToEnd):
    def setUp(self):
        [self.user_policy] = [json.loads(text) for text in blocks("json", "user")]
        [self.role_policy] = [json.loads(text) for text in blocks("json", "role")]

    def test_they_are_what_the_command_policy_prints(self):
        marked = [(marker, text) for marker, _, text in BLOCK.findall(README) if marker]
        self.assertEqual(len(marked), 4)
        for marker, text in marked:
            with self.subTest(policy=marker):
                result = subprocess.run(
                    [support.TOOL, "policy", *marker.split(" ")], capture_output=True, text=True,
                    env=support.clean_environment(HOME="/nonexistent"), timeout=60,
                )
                self.assert_says(result, 0)
                self.assertEqual(result.stdout, text)

    def home_in(self, document):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(document, file)
        self.addCleanup(os.unlink, file.name)
        return self.home(self.sandbox("--world", file.name))

    def test_the_main_job_runs_under_exactly_these_documents(self):
        home = self.home_in(world(self.user_policy, self.role_policy))
        result = home.run(answers=f"jsmith\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        # Look-ups that fell back would have said so: four lines of the report and no more.
        self.assertEqual(len(result.stderr.splitlines()), 4, result.stderr)

    def test_a_user_with_a_path_may_as_well(self):
        document = world(self.user_policy, self.role_policy)
        document["accounts"][0]["users"][0]["path"] = "/engineering/"
        home = self.home_in(document)
        result = home.run(answers=f"jsmith\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 4, result.stderr)

    def test_without_mfa_the_role_is_refused(self):
        home = self.home_in(world(self.user_policy, self.role_policy))
        result = home.aws_cli(
            "sts", "assume-role", "--role-session-name", "without-mfa",
            "--role-arn", "arn:aws:iam::123456789012:role/AdminRole", profile="default",
        )
        self.assertIn("is not authorized to perform: sts:AssumeRole", result.stderr)

    def test_the_key_alone_may_do_nothing_else(self):
        home = self.home_in(world(self.user_policy, self.role_policy))
        for arguments in (
            ("iam", "get-user", "--user-name", "jsmith"),
            ("iam", "list-mfa-devices", "--user-name", "somebody"),
        ):
            with self.subTest(arguments=arguments):
                self.assertIn("AccessDenied", home.aws_cli(*arguments, profile="default").stderr)

    def test_each_statement_is_needed(self):
        for i in range(len(self.user_policy["Statement"])):
            with self.subTest(removed=self.user_policy["Statement"][i]["Sid"]):
                shorter = json.loads(json.dumps(self.user_policy))
                del shorter["Statement"][i]
                home = self.home_in(world(shorter, self.role_policy))
                result = home.run(answers=f"jsmith\n\n{home.code()}\n")
                said = "you may not" in result.stderr or result.returncode == 3
                self.assertTrue(said, result.stderr)

    def test_the_hcl_says_the_same_as_the_json(self):
        for marker, document in (("user", self.user_policy), ("role", self.role_policy)):
            with self.subTest(policy=marker):
                [hcl] = blocks("hcl", marker)
                encoded = hcl[hcl.index("jsonencode(") + len("jsonencode(") : hcl.rindex("})") + 1]
                text = encoded.replace("$${", "${")
                text = re.sub(r"^(\s*)\"?([\w:]+)\"?(\s*)= ", r'\1"\2": ', text, flags=re.M)
                text = re.sub(r"([\]}\"])\n(\s*[\"{])", r"\1,\n\2", text)
                self.assertEqual(json.loads(text), document)


class Terraform(unittest.TestCase):
    def setUp(self):
        if not shutil.which("terraform"):
            self.skipTest("terraform is not installed")

    def test_every_hcl_block_is_formatted_as_terraform_fmt_would(self):
        for text in blocks("hcl"):
            result = subprocess.run(
                ["terraform", "fmt", "-check", "-diff", "-"], input=text, capture_output=True,
                text=True,
            )
            self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)


class Commands(support.EndToEnd):
    """Every command, on a terminal, in a home with the set-up that the README supposes."""

    def setUp(self):
        self.the_sandbox = self.sandbox()
        self.the_home = self.home(self.the_sandbox)
        self.the_home.config.write_text(
            "[profile staging]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
            "[profile production]\nrole_arn = arn:aws:iam::123456789012:role/LongRole\n"
            "source_profile = default\n"
        )
        programs = self.the_home.path / "bin"
        programs.mkdir()
        (programs / "aws-session-token").symlink_to(support.TOOL)
        # The README's reader talks to AWS; Debian's AWS CLI knows no AWS_ENDPOINT_URL yet.
        (programs / "aws").write_text(
            f'#!/bin/sh\nexec {support.AWS_CLI} --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n'
        )
        (programs / "aws").chmod(0o755)
        # What Terraform does first with the profile of its lines.
        (programs / "terraform").write_text(
            "#!/bin/sh\nexec aws sts get-caller-identity --profile session_token\n"
        )
        (programs / "terraform").chmod(0o755)
        # The reader's own program: a phone that can type.
        (programs / "print-my-code").write_text(
            f"#!/bin/sh\nexec {support.SANDBOX} --code {self.the_home.user['totp_secret']}\n"
        )
        (programs / "print-my-code").chmod(0o755)
        self.environment = self.the_home.environment(
            PATH=f"{programs}:{os.environ['PATH']}", AWS_REGION="us-east-1",
            AWS_PAGER="",  # a bare machine has no less
        )

    def answer(self, prompt, shown):
        return self.the_home.code() if prompt == "Code:" else shown or ""

    def test_every_dialogue(self):
        count = 0
        for command, lines in dialogues():
            with self.subTest(command=command):
                count += 1
                # A fresh world: each code works once, and no dialogue may wait for the next.
                if command.startswith("aws-session-token"):
                    self.setUp()
                if command == "aws configure":
                    self.the_home.credentials.unlink()
                self.play(command, lines)
        self.assertGreater(count, 8)

    def play(self, command, lines):
        child = pexpect.spawn(
            "/bin/sh", ["-c", command], env=self.environment, encoding="utf-8", timeout=60,
            dimensions=(40, 250),
        )
        child.delaybeforesend = None
        expects_error = False
        for line in lines:
            prompt = PROMPT.match(line)
            if prompt:
                child.expect_exact(prompt[1])
                child.sendline(self.answer(prompt[1], prompt[2]))
            else:
                child.expect_exact(line)
                expects_error = expects_error or "error:" in line
        # Questions that the README does not show again are answered as it showed them.
        while True:
            shown = child.expect(
                [r"Username: $", r"Role \[\w+\]: $", r"Code: $", pexpect.EOF]
            )
            if shown == 3:
                break
            child.sendline(["jsmith", "", self.the_home.code()][shown])
        child.close()
        self.assertEqual(child.exitstatus != 0, expects_error, child.before)

    def test_every_plain_command(self):
        count = 0
        for block in blocks("sh"):
            for command in block.replace("\\\n", " ").splitlines():
                if command.startswith(RUN_ELSEWHERE):
                    continue
                with self.subTest(command=command):
                    count += 1
                    self.setUp()
                    result = subprocess.run(
                        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60,
                        stdin=subprocess.DEVNULL,
                        env={**self.environment, "CODE": self.the_home.code()},
                    )
                    self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(count, 3)

    def test_the_settings_block_is_read(self):
        [text] = blocks("ini")
        self.the_home.write_settings(text.removeprefix("[settings]\n"))
        result = self.the_home.run("--no-input", "-c", self.the_home.code())
        self.assertEqual(result.returncode, 0, result.stderr)


class Links(unittest.TestCase):
    def test_every_file_that_is_named_is_there(self):
        for target in re.findall(r"\]\(([\w./-]+)\)", README) + re.findall(r"`(doc/[\w./-]+)`", README):
            self.assertTrue((support.SOURCE / target).exists(), target)


if __name__ == "__main__":
    support.main()
