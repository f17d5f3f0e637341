"""What the end-to-end tests share: the built programs, a sandbox, a scratch home, a terminal.

The programs are named by AWSST_TOOL and AWSST_SANDBOX, which ctest sets; by hand they are those of the
dev preset. Nothing of the caller's own environment reaches them but PATH.
"""

import atexit
import contextlib
import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import termios
import unittest

try:
    import pexpect
except ImportError:
    print("SKIPPED: python3-pexpect is not installed")
    sys.exit(77)

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILT = SOURCE / "build/dev/bin"
SANDBOX = os.environ.get("AWSST_SANDBOX", str(BUILT / "aws-session-token-sandbox"))
AWS_CLI = "/usr/bin/aws"  # Debian's; another one on PATH may need more than this environment

STATE = ".cache/aws-session-token/"
BANNER = "\r\nAWS Session Token Generator\r\nHit Enter on Role for Default\r\n\r\n"


def ordinary_user():
    """The words before a command that make it run as an ordinary user: of root every file can be read,
    also those that others could not. None where we are an ordinary user."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise unittest.SkipTest("setpriv is not installed, and as root this would show little")
    nobody = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def reachable(path):
    """The file or folder itself where an ordinary user can read it, else a copy of it where they can:
    a checkout in root's own home is closed to everybody else."""
    if os.geteuid() != 0 or not shutil.which("setpriv") or not os.path.exists(path):
        return path
    if subprocess.run([*ordinary_user(), "test", "-r", path]).returncode == 0:
        return path
    folder = tempfile.mkdtemp(prefix="awsst-reachable-")
    atexit.register(shutil.rmtree, folder)
    os.chmod(folder, 0o755)
    copy = os.path.join(folder, os.path.basename(path))
    (shutil.copytree if os.path.isdir(path) else shutil.copy)(path, copy)
    return copy


TOOL = reachable(os.environ.get("AWSST_TOOL", str(BUILT / "aws-session-token")))
# As it stands in a line for a shell and, written by the tool, in a credential_process.
TOOL_WORD = TOOL if re.fullmatch(r"[\w/.%:=@,+-]+", TOOL, re.ASCII) else f'"{TOOL}"'


def clean_environment(**variables):
    return {
        "PATH": os.environ["PATH"],
        "TERM": "xterm",
        "TZ": "UTC0",  # times are shown as they are here
        # The tool forbids itself to be traced, and the leak checker traces.
        "ASAN_OPTIONS": "detect_leaks=0",
        **variables,
    }


def code(secret, *options):
    """The present code of a device, as a phone would show it."""
    return subprocess.run(
        [SANDBOX, "--code", secret, *options], check=True, capture_output=True, text=True
    ).stdout.strip()


def wrong_code(secret, which=0):
    """A code that the device does not show; another one for each `which`."""
    return "".join(str((int(digit) + 3 + which) % 10) for digit in code(secret))


class Sandbox:
    """A running sandbox; `ready` is the line that it prints."""

    def __init__(self, *options):
        skewed = "--clock-skew" in options
        self.clock = ["--clock-skew", options[options.index("--clock-skew") + 1]] if skewed else []
        self.process = subprocess.Popen(
            [SANDBOX, *options],
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environment(TMPDIR=tempfile.gettempdir()),
        )
        self.ready = json.loads(self.process.stdout.readline())

    @property
    def endpoint(self):
        return self.ready["endpoint"]

    def code(self, secret):
        """The code that a device shows whose clock is the sandbox's."""
        return code(secret, *self.clock)

    def user(self, name):
        return next(user for user in self.ready["users"] if user["username"] == name)

    def role(self, name):
        return next(role for role in self.ready["roles"] if role["arn"].endswith("/" + name))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Home:
    """A scratch home folder with the long-term key of one user of the sandbox."""

    def __init__(self, sandbox, username="jsmith"):
        self.sandbox = sandbox
        self.user = sandbox.user(username)
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="awsst-home-"))
        folder = self.path / ".aws"
        folder.mkdir(mode=0o700)
        self.credentials = folder / "credentials"
        self.config = folder / "config"
        self.write_credentials(self.key_section("default"))

    def remove(self):
        shutil.rmtree(self.path)

    def key_section(self, profile, user=None):
        user = user or self.user
        return (
            f"[{profile}]\n"
            f"aws_access_key_id = {user['access_key_id']}\n"
            f"aws_secret_access_key = {user['secret_access_key']}\n"
        )

    def write_credentials(self, text):
        self.credentials.write_text(text)
        self.credentials.chmod(0o600)

    def write_settings(self, text):
        folder = self.path / ".config/aws-session-token"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config").write_text("[settings]\n" + text)

    def environment(self, **variables):
        """What the tool sees; a variable that is None is not set."""
        standard = {
            "HOME": str(self.path),
            "AWS_ENDPOINT_URL": self.sandbox.endpoint,
            "AWS_CA_BUNDLE": self.sandbox.ready["ca"],
        }
        environment = clean_environment(**{**standard, **variables})
        return {name: value for name, value in environment.items() if value is not None}

    def as_ordinary_user(self):
        """Gives the home to an ordinary user, and returns the words that make a command run as them."""
        as_user = ordinary_user()
        if as_user:
            nobody = pwd.getpwnam("nobody")
            for path in [self.path, *self.path.rglob("*")]:
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        return as_user

    def code(self):
        return code(self.user["totp_secret"])

    def wrong_code(self, which=0):
        return wrong_code(self.user["totp_secret"], which)

    def run(self, *arguments, answers="", environment=None):
        """Runs the tool with its answers from a pipe."""
        return subprocess.run(
            [TOOL, *arguments],
            input=answers,
            capture_output=True,
            text=True,
            env=environment or self.environment(),
            timeout=60,
        )

    def terminal(self, *arguments, environment=None):
        """Runs the tool on a terminal of its own."""
        child = pexpect.spawn(
            TOOL,
            list(arguments),
            env=environment or self.environment(),
            encoding="utf-8",
            timeout=30,
            dimensions=(40, 200),
        )
        child.delaybeforesend = None
        return child

    def aws_cli(self, *arguments, profile="session_token"):
        """What the real AWS CLI makes of the files."""
        return subprocess.run(
            [AWS_CLI, "--endpoint-url", self.sandbox.endpoint, *arguments],
            capture_output=True,
            text=True,
            env=self.environment(AWS_PROFILE=profile, AWS_REGION="us-east-1"),
            timeout=120,
        )

    def files(self):
        """Every file below the home, to show that nothing was left behind; but for the tool's own
        state."""
        names = (
            str(path.relative_to(self.path)) for path in self.path.rglob("*") if path.is_file()
        )
        return sorted(name for name in names if not name.startswith(STATE))


def finish(child):
    """Reads the terminal to the end; returns the last text and the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return child.before, child.exitstatus


def finish_with_settings(child, before):
    """As finish(), and the terminal's settings must be what they were."""
    child.expect(pexpect.EOF)
    after = termios.tcgetattr(child.child_fd)
    child.close()
    assert after == before, "the terminal's settings changed"
    return child.before, child.exitstatus


class EndToEnd(unittest.TestCase):
    """A test with a sandbox and homes that are gone when it ends."""

    maxDiff = None

    def sandbox(self, *options):
        sandbox = Sandbox(*options)
        self.addCleanup(sandbox.stop)
        return sandbox

    def home(self, sandbox, username="jsmith"):
        home = Home(sandbox, username)
        self.addCleanup(home.remove)
        return home

    def assert_says(self, result, status, *lines):
        """Exit code and the whole of standard error."""
        self.assertEqual(result.stderr.splitlines(), list(lines))
        self.assertEqual(result.returncode, status)

    @contextlib.contextmanager
    def unchanged(self, home):
        """Nothing below the home is written."""
        before = {name: (home.path / name).read_bytes() for name in home.files()}
        yield
        after = {name: (home.path / name).read_bytes() for name in home.files()}
        self.assertEqual(after, before)


def main():
    """Runs the script's tests and says what was skipped, as tests/skipped reads it; 77 tells ctest that
    every one of them was."""
    result = unittest.main(verbosity=2, exit=False).result
    for _, reason in result.skipped:
        print(f"SKIPPED: {reason}")
    ran = result.testsRun - len(result.skipped)
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped and ran <= 0 else 0)
