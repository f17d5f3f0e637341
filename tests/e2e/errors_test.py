"""Every refusal of AWS that we know of, provoked end to end: what AWS says and what we say. The table
in doc/errors.md is what comes out here; `errors_test.py --write` writes it anew."""

import json
import os
import re
import sys
import tempfile

import estate
import go_between
import support

PAGE = support.SOURCE / "doc/errors.md"
VECTORS = support.SOURCE.parent / "shared/vectors/sts_iam_errors.json"
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/"
INTRODUCTION = """\
# What AWS says and what we say

Each refusal of STS and IAM whose wording is known, provoked in the sandbox and met by
`aws-session-token get`; [sandbox-errors.md](sandbox-errors.md) tells how to provoke them otherwise.
Some requests are spoiled on their way to it, as a bad proxy does. Where the program never sends what
would be refused so, AWS's answer is put in the place of the sandbox's: *in AWS's stead*. These are
requests that it refuses to make itself (a code without its device, temporary keys for the long-term
one, what AWS's limits forbid) and the words of S3, to which it never speaks. The rest of a cell after
a line break are hints. The table is written by `tests/e2e/errors_test.py --write`, and that test holds
it to be true.

| provoked by | AWS says | we say |
|---|---|---|
"""

CASES = []


def case(how, *arguments, **settings):
    CASES.append((how, arguments, settings))


def spoiled(how, place, text, other):
    """The request for the role as a bad proxy passes it on: the sandbox itself refuses it."""
    case(f"{how}, by a proxy", *DIRECT, spoil=("AssumeRole", place, text, other))


def instead(how, operation, status, code, message, *arguments):
    """AWS's answer without a sandbox that gives it."""
    case(f"{how}, in AWS's stead", *arguments, instead=(operation, status, code, message))


MAIN = ("-u", "jsmith", "-r", "AdminRole")
# Nothing is looked up: the code goes out with the first request.
DIRECT = ("-u", "jsmith", "-n", DEVICE + "jsmith", "-r", ROLE + "AdminRole")

case("a wrong code", *MAIN, wrong_code=True)
instead("a device without its code", "AssumeRole", 403, "AccessDenied",
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass "
        "code.", *MAIN)
case("another user's device", *MAIN, "-n", DEVICE + "mjones-phone")
case("the user's ARN for the device's", *MAIN, "-n", f"arn:aws:iam::{ACCOUNT}:user/jsmith")
case("a role that trusts somebody else", "-u", "jsmith", "-r", "NoTrustRole")
case("the ARN of a role that is not there", "-u", "jsmith", "-r", ROLE + "NoSuchRole")
case("a role of another account that is not there", "-u", "jsmith", "-r", "210987654321:NoSuchRole")
case("another external id", "-u", "jsmith", "-r", "ExternalRole", "--external-id", "another")
case("a role that demands MFA in a chain", "chained", config=(
    f"[profile a]\nrole_arn = {ROLE}AdminRole\nsource_profile = default\n"
    f"[profile b]\nrole_arn = {ROLE}ChainB\nsource_profile = a\n"
    f"[profile chained]\nrole_arn = {ROLE}ChainMfa\nsource_profile = b\n"))
case("a policy that denies the role", "-u", "jsmith", "-r", "AdminRole", deny="sts:AssumeRole")
case("session tags that the trust policy does not allow", *MAIN, "--tag", "team=core")
case("a source identity that the trust policy does not allow", *MAIN, "--source-identity", "jsmith")
case("the root user's key", "-u", "root", "-n", DEVICE + "root-account-mfa-device",
     "-r", ROLE + "AdminRole", user="<root_account>")
for operation in ("GetSessionToken", "GetFederationToken"):
    instead("temporary keys for the long-term one", "GetSessionToken", 403, "AccessDenied",
            f"Cannot call {operation} with session credentials", "-u", "jsmith", "--no-role")
case("an inactive key, at STS", *DIRECT, user="inactive")
case("an inactive key, at IAM", "-u", "inactive", "-r", "AdminRole", user="inactive")
case("a session that is over", *DIRECT, fail="AssumeRole:ExpiredToken:1")
case("a wrong secret", *DIRECT, wrong_secret=True)
case("a clock that is 16 minutes behind", *DIRECT, skew="16m")
case("a clock that is 16 minutes ahead", *DIRECT, skew="-16m")
case("another region than the endpoint's", *DIRECT, "--region", "eu-west-1")
spoiled("a signature for another service", "Authorization", "/sts/", "/s3/")
case("a region where STS is switched off", *DIRECT, fail="AssumeRole:RegionDisabledException:1")
case("a longer duration than the role's, which cannot be looked up", "-u", "lookup-denied",
     "-r", "AdminRole", "-d", "2h", user="lookup-denied")
instead("more than an hour in a chain", "AssumeRole", 400, "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining.", *DIRECT)
instead("a duration that is out of bounds", "AssumeRole", 400, "ValidationError",
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy "
        "constraint: Member must have value greater than or equal to 900", *DIRECT)
instead("a role session name that is none", "AssumeRole", 400, "ValidationError",
        "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*", *DIRECT)
instead("an empty role ARN", "AssumeRole", 400, "ValidationError",
        "2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member "
        "must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085"
        "\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+; Value '' at 'roleArn' failed to "
        "satisfy constraint: Member must have length greater than or equal to 20", *DIRECT)
case("a second source identity in a chain", "chained", config=(
    f"[profile tagged]\nrole_arn = {ROLE}TaggedRole\nsource_profile = default\n"
    "session_tags = project=unicorn\ntransitive_session_tags = project\nsource_identity = jsmith\n"
    f"[profile chained]\nrole_arn = {ROLE}TaggedChain\nsource_profile = tagged\n"
    "source_identity = somebody\n"))
case("a request that cannot be read", *DIRECT, fail="AssumeRole:MalformedInput:1")
case("too many requests", *DIRECT, fail="AssumeRole:Throttling:1")
instead("too many requests", "AssumeRole", 400, "ThrottlingException", "Rate exceeded", *DIRECT)
instead("too many requests", "AssumeRole", 503, "RequestLimitExceeded", "Request limit exceeded.",
        *DIRECT)
spoiled("an operation that STS has not", "body", "Action=AssumeRole", "Action=AssumeRoll")
spoiled("a form without its Content-Type", "Content-Type", "", "")
spoiled("a request without its signature", "Authorization", "", "")
spoiled("a signature without its key", "Authorization", "Credential=", "Credentia=")
case("a session policy with a condition that does not exist", *DIRECT, policy=json.dumps({
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
                  "Condition": {"StringAlmostEquals": {"aws:username": "jsmith"}}}}))
case("a managed session policy that does not exist", *DIRECT, "--policy-arn",
     "arn:aws:iam::aws:policy/NoSuchPolicy")
case("session policy and tags of more than 2048 characters", "-u", "jsmith", "-r", "TaggedRole",
     "--tag", "project=" + 200 * "x", policy=json.dumps({
         "Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Sid": 1900 * "S"}],
     }))
case("no permission to list the devices", "-u", "lookup-denied", "-r", ROLE + "AdminRole",
     user="lookup-denied")
case("an explicit deny of a look-up", "-u", "forced", "-r", "AdminRole", user="forced")
case("a third access key", *MAIN, fail="ListMFADevices:LimitExceeded:1")
case("a user name that is none", "-u", "nobody", "-r", "AdminRole", deny="nothing")
case("a role name that is none", "-u", "jsmith", "-r", "AdmniRole")
for status, code, message in (
    (400, "ExpiredToken", "The provided token has expired."),
    (403, "InvalidAccessKeyId",
     "The AWS Access Key Id you provided does not exist in our records."),
    (400, "InvalidToken", "The provided token is malformed or otherwise invalid."),
    (403, "SignatureDoesNotMatch",
     "The request signature we calculated does not match the signature you provided. Check your "
     "key and signing method."),
):
    instead("the same in the words of S3", "AssumeRole", status, code, message, *DIRECT)


def world_that_denies(action):
    """The user may everything but this."""
    world = json.loads(estate.world(0))
    statements = [{"Effect": "Allow", "Action": "*", "Resource": "*"},
                  {"Effect": "Deny", "Action": action, "Resource": "*"}]
    world["accounts"][0]["users"][0]["policies"] = [
        {"Version": "2012-10-17", "Statement": statements[: 1 if action == "nothing" else 2]}
    ]
    return world


def masked(text, home):
    """Without what differs from run to run: keys, times."""
    text = text.replace(home.user["access_key_id"], "AKIA...")
    return re.sub(r"\b\d{8}T\d{6}Z", "TIME", text)


class Errors(support.EndToEnd):
    def provoke(self, arguments, user="jsmith", wrong_code=False, wrong_secret=False, config="",
                fail="", skew="", deny="", policy="", instead=None, spoil=None):
        """The last refusal on the wire, and what the program says."""
        options = (["--fail", fail] if fail else []) + ([f"--clock-skew={skew}"] if skew else [])
        if deny:
            file = self.temporary(json.dumps(world_that_denies(deny)))
            options += ["--world", file]
        sandbox = self.sandbox(*options)
        home = self.home(sandbox, user)
        if config:
            home.config.write_text(config)
        if wrong_secret:
            text = home.credentials.read_text()
            home.write_credentials(text.replace(home.user["secret_access_key"], 40 * "x"))
        if policy:
            arguments = (*arguments, "--policy", self.temporary(policy))
        between = go_between.GoBetween(sandbox, instead, spoil=spoil)
        self.addCleanup(between.stop)
        secret = home.user.get("totp_secret") or sandbox.user("jsmith")["totp_secret"]
        code = (support.wrong_code if wrong_code else support.code)(secret)
        result = home.run("get", *arguments, "-c", code, "--no-input",
                          environment=home.environment(AWS_ENDPOINT_URL=between.endpoint))
        self.assertTrue(between.refusals, result.stderr)
        said = [line for line in result.stderr.splitlines()
                if not re.match(r"(Profile|Role|Until|Use it)  ", line)]
        _, status, refused_code, message = between.refusals[-1]
        return (masked(f"{status} {refused_code}: `{message}`" if message else
                       f"{status} {refused_code}".strip(), home),
                masked("<br>".join(strip(line) for line in said), home))

    def temporary(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            file.write(text)
        self.addCleanup(os.unlink, file.name)
        return file.name

    def rows(self):
        for how, arguments, settings in CASES:
            says, we_say = self.provoke(arguments, **settings)
            yield f"| {how} | {cell(says)} | {cell(we_say)} |"

    def test_the_table_is_what_happens(self):
        told = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")][1:]
        self.assertEqual(PAGE.read_text(), INTRODUCTION + "\n".join(told) + "\n")
        self.assertEqual(len(told), len(CASES))
        for line, row in zip(told, self.rows()):
            with self.subTest(row=line.split(" | ")[0]):
                self.assertEqual(row, line)

    def test_no_refusal_is_left_in_awss_words(self):
        told = PAGE.read_text()
        self.assertNotIn("AWS refused AssumeRole:", told)

    def test_every_published_error_is_in_the_table(self):
        if not VECTORS.exists():
            self.skipTest(f"no published test data at {VECTORS}")
        told = PAGE.read_text()
        for error in json.loads(VECTORS.read_text())["errors"]:
            with self.subTest(when=error["when"]):
                self.assertIn(f"| {error['http']} {error['code'] or ''}".rstrip(), told)
                # The published texts have {places} for what differs, and `...` for what is left out.
                for piece in re.split(r"\{.*?\}|\.\.\.|\[: .*", error["message"] or ""):
                    self.assertTrue(cell(piece.strip()) in told, piece)


def strip(line):
    return re.sub(r"^aws-session-token: (?:error|hint): ", "", line)


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def write():
    test = Errors()
    try:
        PAGE.write_text(INTRODUCTION + "\n".join(test.rows()) + "\n")
    finally:
        test.doCleanups()


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        support.main()
