"""An AWS for Terraform on this machine: IAM and STS by our sandbox, all else by moto, one address for
both, and a folder with the example's own files.

moto takes any key. So a recorder stands before it, which knows the sessions that the sandbox issued,
writes down which of them signed what, and refuses those that are over as AWS does.
"""

import collections
import datetime
import glob
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import traceback
import unittest
import urllib.parse

import estate
import http_between
import support

EXAMPLE = support.SOURCE / "examples/terraform"
TERRAFORM = shutil.which("terraform")
MOTO = shutil.which("moto_server")
BUCKET = "example-terraform-state"
TABLE = "terraform-locks"
REGION = "eu-west-1"

ADMIN = f"arn:aws:iam::{estate.HOME_ACCOUNT}:role/AdminRole"
STAGING = f"arn:aws:iam::{estate.account_id(0)}:role/Deploy"
PROD = f"arn:aws:iam::{estate.account_id(1)}:role/Deploy"
PROFILES = (
    f"[profile staging]\nrole_arn = {STAGING}\nsource_profile = default\n\n"
    f"[profile prod]\nrole_arn = {PROD}\nsource_profile = default\n"
)

Issued = collections.namedtuple("Issued", "role token end")
Request = collections.namedtuple("Request", "service method path key status encryption")

# What each service says to a session that is over (FACTS of real AWS: S3's HEAD has no body).
OVER = {
    "s3": (400, "application/xml", "<Error><Code>ExpiredToken</Code>"
           "<Message>The provided token has expired.</Message></Error>"),
    "dynamodb": (400, "application/x-amz-json-1.0", json.dumps({
        "__type": "com.amazon.coral.service#ExpiredTokenException",
        "message": "The security token included in the request is expired"})),
    "ssm": (400, "application/x-amz-json-1.1", json.dumps({
        "__type": "ExpiredTokenException",
        "message": "The security token included in the request is expired"})),
}


def plugins():
    """The folder with the AWS provider, or nothing."""
    usual = ("/opt/tf-plugins", "/usr/share/terraform/plugins", "~/.terraform.d/plugins")
    for folder in (os.environ.get("AWSST_TERRAFORM_PLUGINS"), *usual):
        path = os.path.expanduser(folder or "")
        if folder and glob.glob(f"{path}/registry.terraform.io/hashicorp/aws/*"):
            return path
    return None


def need_terraform():
    if not TERRAFORM:
        raise unittest.SkipTest("terraform is not installed")


def need_plugins():
    need_terraform()
    if not plugins():
        raise unittest.SkipTest("no AWS provider; AWSST_TERRAFORM_PLUGINS can name a mirror with it")


def plugin_variables(folder):
    """What makes Terraform take its providers from there, and from nowhere else."""
    if not plugins():
        return {}
    file = folder / "terraform.rc"
    file.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{plugins()}"\n  }}\n}}\n')
    return {"TF_CLI_CONFIG_FILE": str(file)}


class Moto:
    """A moto server of its own."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="awsst-moto-")
        self.process = subprocess.Popen(
            [MOTO, "--host", "127.0.0.1", "--port", "0"], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
            env=support.clean_environment(HOME=self.home, PYTHONUNBUFFERED="1"),
        )
        for line in self.process.stderr:
            found = re.search(r"Running on http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                break
        else:
            raise RuntimeError("moto_server does not start")
        # Its log is read so that it never has to wait for room.
        self.log = threading.Thread(target=collections.deque, args=(self.process.stderr, 0))
        self.log.start()
        self.call("s3", "PUT", f"/{BUCKET}", f"<CreateBucketConfiguration><LocationConstraint>{REGION}"
                  "</LocationConstraint></CreateBucketConfiguration>")
        self.call("dynamodb", "POST", "/", json.dumps({
            "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
        }), {"X-Amz-Target": "DynamoDB_20120810.CreateTable"})

    def call(self, service, method, path, body="", headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20261122/"
                             f"{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=x",
            "Content-Type": "application/x-amz-json-1.0", **dict(headers)})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"moto: {answer.status} {text}")
        return text

    def locks(self):
        """The ids of the locks that are held; what is kept besides is the digest of a state."""
        items = json.loads(self.call(
            "dynamodb", "POST", "/", json.dumps({"TableName": TABLE}),
            {"X-Amz-Target": "DynamoDB_20120810.Scan"}))["Items"]
        return [item["LockID"]["S"] for item in items if "Info" in item]

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)  # it may be a script around the real one
        self.process.wait()
        self.log.join()
        self.process.stderr.close()
        shutil.rmtree(self.home, ignore_errors=True)


class Recorder(http_between.Server):
    """One address for the sandbox and moto. An apply that asks for `/hold` waits there while `on_hold`
    runs, which is how a test gets into the middle of it."""

    def __init__(self, sandbox, moto):
        self.issued = {}  # by access key id
        self.requests = []
        self.over = set()  # what a test has declared to be over
        self.faults = []  # of the recorder itself
        self.codes = 0  # how many MFA codes were sent
        self.on_hold = lambda: None
        self.ended_at = None  # when wait_for_the_end() was through
        self.sandbox = urllib.parse.urlsplit(sandbox.endpoint)
        self.moto = moto
        recorder = self

        class Handler(http_between.Handler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/hold":
                    recorder.on_hold()
                    return self.answer(200, {}, b"go on")
                status, headers, content = recorder.answer(self, body)
                self.answer(status, headers, content)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

        super().__init__(Handler, lambda: self.faults.append(traceback.format_exc()))

    def answer(self, handler, body):
        scope = re.search(r"Credential=(\w+)/\d+/[\w-]+/(\w+)/", handler.headers.get("Authorization", ""))
        key, service = scope.groups() if scope else ("", "")
        if service in ("", "sts", "iam"):  # unsigned: a connection that is being warmed
            return self.ask_sandbox(handler, body)
        session = self.issued.get(key)
        if key in self.over or (session and session.end <= time.time()):
            status, kind, text = OVER[service]
            headers, content = {"Content-Type": kind}, text.encode()
        elif session and session.token == handler.headers.get("X-Amz-Security-Token"):
            status, headers, content = http_between.forward(
                handler, body, ("127.0.0.1", self.moto.port),
                {"x-moto-account-id": session.role.split(":")[4]})
        else:
            status, headers, content = 403, {"Content-Type": "text/plain"}, b"not issued here"
        self.requests.append(Request(
            service, handler.command, handler.path, key, status,
            handler.headers.get("X-Amz-Server-Side-Encryption")))
        return status, headers, content

    def ask_sandbox(self, handler, body):
        address = (self.sandbox.hostname, self.sandbox.port)
        status, headers, content = http_between.forward(handler, body, address, {})
        if handler.command != "POST":
            return status, headers, content
        form = urllib.parse.parse_qs(body.decode())
        self.codes += "TokenCode" in form
        text = content.decode()
        if status == 200 and form["Action"][0] in ("AssumeRole", "GetSessionToken"):
            parts = {name: re.search(rf"<{name}>(.*?)</{name}>", text)[1]
                     for name in ("AccessKeyId", "SessionToken", "Expiration")}
            end = datetime.datetime.fromisoformat(parts["Expiration"].replace("Z", "+00:00"))
            self.issued[parts["AccessKeyId"]] = Issued(
                form.get("RoleArn", [""])[0], parts["SessionToken"], end.timestamp())
        return status, headers, content

    # What tests ask.

    def signed(self, service):
        """The roles that signed requests to a service."""
        return {self.issued[r.key].role if r.key in self.issued else r.key
                for r in self.requests if r.service == service}

    def keys(self, service, since=0):
        """The access key ids that signed requests to a service, in the order of their appearance."""
        return list(dict.fromkeys(r.key for r in self.requests[since:] if r.service == service))

    def refused(self):
        return [r for r in self.requests if r.status in (400, 403)]

    def end_all_sessions(self):
        self.over.update(self.issued)

    def wait_for_the_end(self):
        """Until every role session that there is now is over."""
        end = max(session.end for session in list(self.issued.values()) if session.role)
        while time.time() <= end:
            time.sleep(max(0.0, end - time.time()) + 0.1)
        self.ended_at = time.time()


def without_provider():
    """The example's backend alone, for where there is no AWS provider; and a resource."""
    text = (EXAMPLE / "main.tf").read_text()
    backend, rest = text.split("\n  required_providers", 1)
    assert rest.count("\n}\n") > 1
    return backend + '}\n\nresource "terraform_data" "network" {\n  input = "network"\n}\n'


# In the middle of an apply: the lock is held, and the state is not yet written.
HOLD = """
resource "terraform_data" "middle" {
  depends_on = [%s]

  provisioner "local-exec" {
    command = "/usr/bin/python3 -c \\"import urllib.request; urllib.request.urlopen('%s/hold')\\""
  }
}
"""


class Terraform(support.EndToEnd):
    """A world, a recorder before it, a home, and Terraform in a folder."""

    moto = None

    @classmethod
    def setUpClass(cls):
        need_terraform()
        if not MOTO:
            raise unittest.SkipTest("moto_server is not installed")
        cls.moto = Moto()
        cls.addClassCleanup(cls.moto.stop)

    def place(self, name="work", *options):
        """A home of an ordinary user in a world of its own."""
        return Place(self, name, options)


class Place:
    def __init__(self, test, name, options=()):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="awsst-world-"))
        test.addCleanup(shutil.rmtree, folder)
        (folder / "world.json").write_text(estate.world(2))
        self.name = name
        self.sandbox = test.sandbox(
            "--world", str(folder / "world.json"), "--region", REGION, *options)
        self.recorder = Recorder(self.sandbox, test.moto)
        test.addCleanup(self.recorder.stop)
        self.home = test.home(self.sandbox)
        self.home.config.write_text(PROFILES)
        self.work = self.home.path / "work"
        self.work.mkdir()
        self.as_user = []

    def write(self, text, name="main.tf"):
        (self.work / name).write_text(text)

    def hold(self, after=""):
        """Makes an apply stop at the recorder's /hold; when that resource is made."""
        self.write(HOLD % (after, self.recorder.endpoint), "middle.tf")

    def settle(self):
        """From here on everything runs as an ordinary user."""
        self.as_user = self.home.as_ordinary_user()

    def environment(self, **variables):
        # A request that is sent again would hide what went wrong with the first: a lock that was taken
        # then looks like somebody else's.
        return self.home.environment(**{
            "AWS_ENDPOINT_URL": self.recorder.endpoint, "AWS_REGION": REGION, "AWS_MAX_ATTEMPTS": "1", "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1", **plugin_variables(self.home.path), **variables})

    def run(self, *command, answers="", **variables):
        return subprocess.run(
            [*self.as_user, *command], cwd=self.work, capture_output=True, text=True, timeout=180,
            input=answers, start_new_session=True,  # nobody's terminal is asked
            env=self.environment(**variables))

    def tool(self, command, *arguments):
        """Runs the tool with the present code, which must do."""
        result = self.run(
            support.TOOL, command, "-u", "jsmith", "-c", self.home.code(), *arguments)
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        return result

    def terraform(self, *arguments, before=(), **variables):
        return self.run(*before, TERRAFORM, *arguments, "-no-color", "-input=false", **variables)

    def init(self, **how):
        # Its own state, of all that run at the same time.
        return self.terraform("init", f"-backend-config=key={self.name}.tfstate", **how)
