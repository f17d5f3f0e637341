#!/usr/bin/python3
"""The sandbox against clients that share no code with us: boto3 and the AWS CLI.

A mistake that our signer and our verifier had in common would pass every other test.
Usage: clients_test.py PATH-OF-THE-SANDBOX
"""

import http.client
import json
import os
import ssl
import stat
import subprocess
import sys
import time
import unittest
import urllib.parse

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
AWS_CLI = "/usr/bin/aws"

try:
    import boto3
    import botocore.config
    import botocore.exceptions
    import botocore.parsers
except ImportError as error:
    print(f"SKIPPED: boto3 is missing: {error}")
    sys.exit(SKIPPED)
if not os.access(AWS_CLI, os.X_OK):
    print(f"SKIPPED: {AWS_CLI} is missing")
    sys.exit(SKIPPED)

# Nothing of this machine's AWS settings or proxies may reach the clients.
for name in list(os.environ):
    if name.startswith("AWS_") or name.lower().endswith("_proxy"):
        del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

PROGRAM = sys.argv.pop(1)
ADMIN_ROLE = "arn:aws:iam::123456789012:role/AdminRole"
TAGGED_ROLE = "arn:aws:iam::123456789012:role/TaggedRole"


class Sandbox:
    """A running sandbox and what its ready line says."""

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, "--exit-with-parent", *options],
                                        stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.endpoint = self.ready["endpoint"]

    def stop(self):
        if self.process.stdout.closed:
            return None
        self.process.terminate()
        rest = self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(timeout=30), rest

    def user(self, name):
        return next(user for user in self.ready["users"] if user["username"] == name)

    def client(self, service, user="jsmith", region="us-east-1", **keys):
        user = self.user(user)
        given = {"aws_access_key_id": user["access_key_id"],
                 "aws_secret_access_key": user["secret_access_key"], **keys}
        config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20,
                                        connect_timeout=20)
        return boto3.client(service, endpoint_url=self.endpoint, region_name=region,
                            verify=self.ready["ca"], config=config, **given)

    def aws(self, *arguments, user="jsmith"):
        user = self.user(user)
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": user["access_key_id"],
                       "AWS_SECRET_ACCESS_KEY": user["secret_access_key"],
                       "AWS_DEFAULT_REGION": "us-east-1"}
        if self.ready["ca"]:
            environment["AWS_CA_BUNDLE"] = self.ready["ca"]
        return subprocess.run([AWS_CLI, "--endpoint-url", self.endpoint, "--output", "json",
                               *arguments], env=environment, capture_output=True, text=True)


def code_of(secret):
    result = subprocess.run([PROGRAM, "--code", secret], check=True, capture_output=True, text=True)
    return result.stdout.strip()


def session_keys(answer):
    credentials = answer["Credentials"]
    return {"aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"]}


class ClientsTest(unittest.TestCase):
    OPTIONS = ()

    # A sandbox for each test: a code that one test has used up is fresh in the next.
    def setUp(self):
        self.sandbox = Sandbox(*self.OPTIONS)
        self.addCleanup(self.sandbox.stop)

    def refusal(self, call, **arguments):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        return (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"],
                response["Error"]["Message"])

    def mfa(self, user="jsmith"):
        user = self.sandbox.user(user)
        return {"SerialNumber": user["serial_number"], "TokenCode": code_of(user["totp_secret"])}


class Boto3Test(ClientsTest):
    def test_get_caller_identity(self):
        answer = self.sandbox.client("sts").get_caller_identity()
        self.assertEqual(answer["Arn"], "arn:aws:iam::123456789012:user/jsmith")
        self.assertEqual(answer["Account"], "123456789012")

    def test_a_session_opens_a_role_whose_credentials_work(self):
        session = session_keys(self.sandbox.client("sts").get_session_token(**self.mfa()))
        role = self.sandbox.client("sts", **session).assume_role(
            RoleArn=ADMIN_ROLE, RoleSessionName="a+b=c,d.e@f-g")
        self.assertEqual(role["AssumedRoleUser"]["Arn"],
                         "arn:aws:sts::123456789012:assumed-role/AdminRole/a+b=c,d.e@f-g")
        self.assertNotIn("PackedPolicySize", role)
        identity = self.sandbox.client("sts", **session_keys(role)).get_caller_identity()
        self.assertEqual(identity["Arn"], role["AssumedRoleUser"]["Arn"])
        self.assertEqual(identity["UserId"], role["AssumedRoleUser"]["AssumedRoleId"])

    def test_a_code_works_once(self):
        mfa = self.mfa()
        sts = self.sandbox.client("sts")
        sts.assume_role(RoleArn=ADMIN_ROLE, RoleSessionName="test", **mfa)
        self.assertEqual(
            self.refusal(sts.assume_role, RoleArn=ADMIN_ROLE, RoleSessionName="test", **mfa),
            (403, "AccessDenied",
             "MultiFactorAuthentication failed with invalid MFA one time pass code. "))

    def test_list_mfa_devices_through_the_paginator(self):
        pages = self.sandbox.client("iam", user="mjones").get_paginator("list_mfa_devices").paginate(
            PaginationConfig={"PageSize": 1})
        serials = [device["SerialNumber"] for page in pages for device in page["MFADevices"]]
        self.assertEqual(serials[:2], ["arn:aws:iam::123456789012:mfa/mjones-phone",
                                       "arn:aws:iam::123456789012:mfa/mjones-tablet"])
        self.assertTrue(serials[2].startswith(
            "arn:aws:iam::123456789012:u2f/user/mjones/mjones-key-"))
        self.assertEqual(len(serials), 3)

    def test_get_role(self):
        role = self.sandbox.client("iam").get_role(RoleName="DeployRole")["Role"]
        self.assertEqual(role["Arn"], "arn:aws:iam::123456789012:role/deploy/DeployRole")
        self.assertEqual(role["MaxSessionDuration"], 3600)
        statement = role["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(statement["Condition"],
                         {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}})

    def test_get_user(self):
        user = self.sandbox.client("iam", user="pat").get_user()["User"]
        self.assertEqual((user["UserName"], user["Path"]), ("pat", "/engineering/"))

    def test_a_wrong_secret(self):
        sts = self.sandbox.client("sts", aws_secret_access_key="x" * 40)
        self.assertEqual(
            self.refusal(sts.get_caller_identity),
            (403, "SignatureDoesNotMatch",
             "The request signature we calculated does not match the signature you provided. Check "
             "your AWS Secret Access Key and signing method. Consult the service documentation for "
             "details."))

    def test_a_tampered_body(self):
        sts = self.sandbox.client("sts")

        def tamper(request, **_):
            self.assertIn("AdminRole", request.body)
            request.body = request.body.replace("AdminRole", "OtherRole")

        sts.meta.events.register("before-send.sts.AssumeRole", tamper)
        status, code, _ = self.refusal(sts.assume_role, RoleArn=ADMIN_ROLE, RoleSessionName="test")
        self.assertEqual((status, code), (403, "SignatureDoesNotMatch"))

    def test_a_region_that_is_not_the_endpoints(self):
        sts = self.sandbox.client("sts", region="eu-west-1")
        self.assertEqual(self.refusal(sts.get_caller_identity),
                         (403, "SignatureDoesNotMatch",
                          "Credential should be scoped to a valid region. "))

    def test_session_policy_with_characters_that_need_encoding(self):
        policy = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Sid": "Ümlaut & <more>", "Effect": "Allow", "Action": "iam:*", "Resource": "*"}]},
            ensure_ascii=False)
        answer = self.sandbox.client("sts").assume_role(
            RoleArn=ADMIN_ROLE, RoleSessionName="test", Policy=policy, **self.mfa())
        self.assertGreater(answer["PackedPolicySize"], 0)
        role = self.sandbox.client("iam", **session_keys(answer)).get_role(RoleName="AdminRole")
        self.assertEqual(role["Role"]["RoleName"], "AdminRole")

    def test_session_tags_and_source_identity_along_a_chain(self):
        answer = self.sandbox.client("sts").assume_role(
            RoleArn=TAGGED_ROLE, RoleSessionName="test", SourceIdentity="jo@example.com",
            Tags=[{"Key": "project", "Value": "unicorn"}, {"Key": "team", "Value": "caf\u00e9 + co"}],
            TransitiveTagKeys=["project"], **self.mfa())
        self.assertEqual(answer["SourceIdentity"], "jo@example.com")
        self.assertIn("PackedPolicySize", answer)
        sts = self.sandbox.client("sts", **session_keys(answer))
        chain = {"RoleArn": "arn:aws:iam::123456789012:role/TaggedChain", "RoleSessionName": "test"}
        self.assertEqual(sts.assume_role(**chain)["SourceIdentity"], "jo@example.com")
        self.assertEqual(
            self.refusal(sts.assume_role, Tags=[{"Key": "project", "Value": "x"}], **chain),
            (400, "InvalidParameterValue",
             "One of the specified transitive tag keys can't be set because it conflicts with a "
             "transitive tag key from the calling session."))

    def test_session_tags_need_permission(self):
        self.assertEqual(
            self.refusal(self.sandbox.client("sts").assume_role, RoleArn=ADMIN_ROLE,
                         RoleSessionName="test", Tags=[{"Key": "a", "Value": "b"}], **self.mfa()),
            (403, "AccessDenied",
             "User: arn:aws:iam::123456789012:user/jsmith is not authorized to perform: "
             f"sts:TagSession on resource: {ADMIN_ROLE}"))

    def test_access_keys_and_their_use(self):
        iam = self.sandbox.client("iam")
        key = iam.list_access_keys()["AccessKeyMetadata"][0]
        self.assertEqual((key["UserName"], key["Status"]), ("jsmith", "Active"))
        used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
        self.assertEqual(used["UserName"], "jsmith")
        self.assertEqual(used["AccessKeyLastUsed"]["ServiceName"], "iam")
        self.assertGreaterEqual(used["AccessKeyLastUsed"]["LastUsedDate"], key["CreateDate"])

    def test_simulate_principal_policy_through_the_paginator(self):
        pages = self.sandbox.client("iam", user="pat").get_paginator(
            "simulate_principal_policy").paginate(
                PolicySourceArn="arn:aws:iam::123456789012:user/engineering/pat",
                ActionNames=["sts:AssumeRole", "iam:DeleteUser"], ResourceArns=[ADMIN_ROLE],
                ContextEntries=[{"ContextKeyName": "aws:MultiFactorAuthPresent",
                                 "ContextKeyValues": ["true"], "ContextKeyType": "boolean"}],
                PaginationConfig={"PageSize": 1})
        results = [result for page in pages for result in page["EvaluationResults"]]
        self.assertEqual([(result["EvalActionName"], result["EvalDecision"]) for result in results],
                         [("sts:AssumeRole", "allowed"), ("iam:DeleteUser", "implicitDeny")])
        self.assertEqual(results[0]["ResourceSpecificResults"],
                         [{"EvalResourceName": ADMIN_ROLE, "EvalResourceDecision": "allowed",
                           "MissingContextValues": []}])

    def test_signing_in_to_the_console(self):
        role = self.sandbox.client("sts").assume_role(
            RoleArn=ADMIN_ROLE, RoleSessionName="test", **self.mfa())["Credentials"]
        session = {"sessionId": role["AccessKeyId"], "sessionKey": role["SecretAccessKey"],
                   "sessionToken": role["SessionToken"]}
        context = ssl.create_default_context(cafile=self.sandbox.ready["ca"])

        def federation(**parameters):
            address = urllib.parse.urlsplit(self.sandbox.endpoint)
            connection = (http.client.HTTPSConnection(address.netloc, context=context)
                          if address.scheme == "https" else
                          http.client.HTTPConnection(address.netloc))
            self.addCleanup(connection.close)
            connection.request("GET", "/federation?" + urllib.parse.urlencode(parameters))
            response = connection.getresponse()
            return response, response.read()

        response, body = federation(Action="getSigninToken", SessionType="json",
                                    Session=json.dumps(session), SessionDuration=43200)
        self.assertEqual((response.status, response.headers["Content-Type"]),
                         (200, "application/json"))
        token = json.loads(body)["SigninToken"]
        login = {"Action": "login", "Issuer": "", "SigninToken": token,
                 "Destination": "https://console.aws.amazon.com/console/home?region=us-east-1#x"}
        response, _ = federation(**login)
        self.assertEqual((response.status, response.headers["Location"]),
                         (302, login["Destination"]))
        self.assertEqual(federation(**login)[0].status, 400)


class TlsTest(Boto3Test):
    OPTIONS = ("--tls",)

    def test_the_folder_is_private_and_goes_with_the_sandbox(self):
        ca = self.sandbox.ready["ca"]
        self.assertTrue(self.sandbox.endpoint.startswith("https://127.0.0.1:"))
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(ca)).st_mode), 0o700)
        self.assertEqual(self.sandbox.stop(), (0, ""))
        self.assertFalse(os.path.exists(os.path.dirname(ca)))

    def test_the_systems_authorities_do_not_vouch_for_it(self):
        sts = boto3.client("sts", endpoint_url=self.sandbox.endpoint, region_name="us-east-1",
                           aws_access_key_id="a", aws_secret_access_key="b",
                           config=botocore.config.Config(retries={"total_max_attempts": 1}))
        with self.assertRaises(botocore.exceptions.SSLError):
            sts.get_caller_identity()


class AwsCliTest(ClientsTest):
    def test_the_main_job(self):
        mfa = self.mfa()
        arguments = ["sts", "assume-role", "--role-arn", ADMIN_ROLE, "--role-session-name", "test",
                     "--serial-number", mfa["SerialNumber"], "--token-code", mfa["TokenCode"]]
        result = self.sandbox.aws(*arguments)
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        self.assertEqual(json.loads(result.stdout)["AssumedRoleUser"]["Arn"],
                         "arn:aws:sts::123456789012:assumed-role/AdminRole/test")
        result = self.sandbox.aws(*arguments)
        self.assertEqual(result.stderr.strip(),
                         "An error occurred (AccessDenied) when calling the AssumeRole operation: "
                         "MultiFactorAuthentication failed with invalid MFA one time pass code.")

    def test_tags_and_source_identity(self):
        mfa = self.mfa()
        result = self.sandbox.aws(
            "sts", "assume-role", "--role-arn", TAGGED_ROLE, "--role-session-name", "test",
            "--tags", "Key=project,Value=unicorn", "--transitive-tag-keys", "project",
            "--source-identity", "jo", "--serial-number", mfa["SerialNumber"],
            "--token-code", mfa["TokenCode"])
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        self.assertEqual(json.loads(result.stdout)["SourceIdentity"], "jo")

    def test_list_mfa_devices(self):
        result = self.sandbox.aws("iam", "list-mfa-devices")
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        devices = json.loads(result.stdout)["MFADevices"]
        self.assertEqual([device["SerialNumber"] for device in devices],
                         ["arn:aws:iam::123456789012:mfa/jsmith"])

    def test_the_other_operations(self):
        for user, *arguments in (
                ("pat", "iam", "get-user"), ("jsmith", "iam", "get-role", "--role-name", "LongRole"),
                ("jsmith", "sts", "get-caller-identity"), ("jsmith", "iam", "list-access-keys"),
                ("jsmith", "iam", "get-access-key-last-used", "--access-key-id",
                 self.sandbox.user("jsmith")["access_key_id"]),
                ("pat", "iam", "simulate-principal-policy", "--policy-source-arn",
                 "arn:aws:iam::123456789012:user/engineering/pat",
                 "--action-names", "sts:AssumeRole")):
            result = self.sandbox.aws(*arguments, user=user)
            self.assertEqual((result.stderr, result.returncode), ("", 0))


class OptionsTest(unittest.TestCase):
    def sandbox(self, *options):
        sandbox = Sandbox(*options)
        self.addCleanup(sandbox.stop)
        return sandbox

    def test_unknown_elements_do_not_disturb_a_client(self):
        sandbox = self.sandbox("--extra-fields")
        answer = sandbox.client("iam").list_mfa_devices()
        self.assertEqual([device["SerialNumber"] for device in answer["MFADevices"]],
                         ["arn:aws:iam::123456789012:mfa/jsmith"])

    def test_faults(self):
        sandbox = self.sandbox("--fail", "GetCallerIdentity:drop-after:1",
                               "--fail", "GetCallerIdentity:truncate:1",
                               "--fail", "*:Throttling:1")
        sts = sandbox.client("sts")
        with self.assertRaises(botocore.exceptions.ConnectionClosedError):
            sts.get_caller_identity()
        with self.assertRaises(botocore.parsers.ResponseParserError):
            sts.get_caller_identity()
        with self.assertRaisesRegex(botocore.exceptions.ClientError, r"\(Throttling\).*Rate exceeded"):
            sts.get_caller_identity()
        self.assertEqual(sts.get_caller_identity()["Account"], "123456789012")

    def test_refusals_that_no_request_brings_about(self):
        for code, status in (("ExpiredToken", 403), ("RegionDisabledException", 403),
                             ("LimitExceeded", 409)):
            sandbox = self.sandbox("--fail", f"*:{code}:1")
            with self.assertRaises(botocore.exceptions.ClientError) as caught:
                sandbox.client("sts").get_caller_identity()
            response = caught.exception.response
            self.assertEqual((response["ResponseMetadata"]["HTTPStatusCode"],
                              response["Error"]["Code"]), (status, code))

    def test_a_skewed_clock_is_seen_in_the_date(self):
        for skew, what in (("-16m", "not yet current"), ("16m", "expired")):
            sandbox = self.sandbox(f"--clock-skew={skew}")
            with self.assertRaisesRegex(botocore.exceptions.ClientError, f"Signature {what}: "):
                sandbox.client("sts").get_caller_identity()

    def test_latency_delays_the_answer(self):
        sandbox = self.sandbox("--latency", "300ms")
        begin = time.monotonic()
        sandbox.client("sts").get_caller_identity()
        self.assertGreaterEqual(time.monotonic() - begin, 0.3)

    def test_an_unsigned_head_is_redirected_on_a_connection_that_stays(self):
        sandbox = self.sandbox()
        connection = http.client.HTTPConnection(sandbox.endpoint.removeprefix("http://"))
        self.addCleanup(connection.close)
        for _ in range(2):
            connection.request("HEAD", "/")
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.status, 302)
            self.assertRegex(response.headers["Date"], r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
            self.assertFalse(response.will_close)

    def test_wrong_options_are_usage_errors(self):
        for options, message in (
                (("--latency", "soon"), "not a duration: soon"),
                (("--clock-skew", "x"), "not a duration: x"),
                (("--fail", "x"), "not OPERATION:CODE:COUNT: x"),
                (("--code", "1"), "the secret is not base32")):
            result = subprocess.run([PROGRAM, *options], capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn(f"aws-session-token-sandbox: error: {message}\n", result.stderr)


if __name__ == "__main__":
    # boto3 leaves its connections to the garbage collector, which Python warns of.
    unittest.main(warnings="ignore")
