"""`policy`: the two documents, as the account's administrator gets them, do what they promise and no
more."""

import copy
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

import support

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/AdminRole"


class Policy(support.EndToEnd):
    """Without AWS: without a key, the command asks nothing of anybody."""

    def setUp(self):
        self.home_folder = tempfile.mkdtemp(prefix="awsst-policy-")
        self.addCleanup(shutil.rmtree, self.home_folder)

    def policy(self, *arguments, **variables):
        return subprocess.run(
            [support.TOOL, "policy", *arguments], capture_output=True, text=True, timeout=60,
            # An address where nobody listens: a request would fail.
            env=support.clean_environment(
                HOME=self.home_folder, AWS_ENDPOINT_URL="http://127.0.0.1:9", **variables
            ),
        )

    def printed(self, *arguments, **variables):
        result = self.policy(*arguments, **variables)
        self.assert_says(result, 0)
        return result.stdout

    def document(self, *arguments, **variables):
        return json.loads(self.printed(*arguments, **variables))

    def write(self, name, text):
        path = os.path.join(self.home_folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)


class OfTheKey(support.EndToEnd):
    def test_the_account_is_that_of_the_key_where_nothing_else_tells_it(self):
        home = self.home(self.sandbox())
        elsewhere = "arn:aws:iam::210987654321:role/Deploy"
        result = home.run("policy", "user", "-r", elsewhere)
        self.assert_says(result, 0, f"the policy is for account {ACCOUNT}, that of your access key; "
                                    "--account overrides this")
        [find, assume] = json.loads(result.stdout)["Statement"]
        self.assertEqual(find["Resource"][0], f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}")
        self.assertEqual(assume["Resource"], elsewhere)
        # Where AWS does not answer, it is that of the role.
        unreachable = home.environment(AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
        result = home.run("policy", "user", "-r", elsewhere, environment=unreachable)
        self.assertIn("the policy is for users of account 210987654321, that of the role",
                      result.stderr)


class WhatIsAtHand(Policy):
    def test_without_an_account_it_asks_for_one(self):
        self.assert_says(
            self.policy("user"), 2,
            "aws-session-token: error: the account of the policy is not known",
            "aws-session-token: hint: give it with --account, twelve digits; see it with: "
            "aws sts get-caller-identity",
        )

    def test_the_account_and_role_of_the_settings_are_taken(self):
        self.write(".config/aws-session-token/config",
                   f"[settings]\nrole = LongRole\nserial_number = arn:aws:iam::{ACCOUNT}:mfa/j\n")
        [_, assume] = self.document("user")["Statement"]
        self.assertEqual(assume["Resource"], f"arn:aws:iam::{ACCOUNT}:role/LongRole")

    def test_a_profile_gives_role_and_account(self):
        self.write(".aws/config",
                   "[profile prod]\nrole_arn = arn:aws-us-gov:iam::210987654321:role/Deploy\n"
                   f"mfa_serial = arn:aws-us-gov:iam::{ACCOUNT}:mfa/jsmith\n")
        [find, assume] = self.document("user", "-r", "prod")["Statement"]
        self.assertEqual(find["Resource"][0],
                         f"arn:aws-us-gov:iam::{ACCOUNT}:user/${{aws:username}}")
        self.assertEqual((assume["Sid"], assume["Resource"]),
                         ("AssumeRolesElsewhere", "arn:aws-us-gov:iam::210987654321:role/Deploy"))

    def test_an_account_that_only_the_role_tells_is_said_to_be_taken(self):
        result = self.policy("role", "-r", ROLE)
        self.assert_says(
            result, 0,
            f"the policy is for users of account {ACCOUNT}, that of the role; --account overrides "
            "this",
        )
        self.assertEqual(json.loads(result.stdout)["Statement"][0]["Principal"]["AWS"],
                         f"arn:aws:iam::{ACCOUNT}:root")

    def test_the_region_tells_the_partition(self):
        role = self.document("role", "--account", ACCOUNT, AWS_REGION="cn-north-1")
        self.assertEqual(role["Statement"][0]["Principal"]["AWS"],
                         f"arn:aws-cn:iam::{ACCOUNT}:root")
        role = self.document("role", "--account", ACCOUNT, "--partition", "aws-us-gov")
        self.assertEqual(role["Statement"][0]["Principal"]["AWS"],
                         f"arn:aws-us-gov:iam::{ACCOUNT}:root")

    def test_what_makes_no_sense_is_refused(self):
        error, hint = "aws-session-token: error: ", "aws-session-token: hint: "
        of_account = ["--account", ACCOUNT]
        cases = [
            ([], ["policy requires a word: user or role",
                  "aws-session-token policy user: what the users, or their group, are allowed "
                  "to do",
                  "aws-session-token policy role: who may assume the role"]),
            (["user", "role"], ["policy takes one word: user or role",
                                "aws-session-token policy user: what the users, or their group, "
                                "are allowed to do",
                                "aws-session-token policy role: who may assume the role"]),
            (["user", "--account", "12345"], ["`12345` is no account",
                                              "--account takes twelve digits"]),
            (["user", "--format", "yaml", *of_account], ["unknown format: yaml",
                                                         "--format takes json or hcl"]),
            (["role", "--mfa-age", "soon", *of_account],
             ["`soon` is not a duration", "--mfa-age takes 45m, 12h or a number of seconds"]),
            (["user", "--mfa-age", "1h", *of_account],
             ["--mfa-age belongs to the trust policy of a role",
              "aws-session-token policy role --mfa-age 1h"]),
            (["role", "--group", "developers", *of_account],
             ["a trust policy cannot name a group: a group is not a principal",
              "omit --group: the account is trusted, and the policy of the group says who may"]),
            (["user", "--group", "g", "-u", "u", *of_account],
             ["--username and --group cannot be used together"]),
            (["user", "-u", "j*", *of_account],
             ["`j*` cannot stand in a policy",
              "--username takes a name, or /path/NAME, of letters, digits and _+=,.@-"]),
            (["user", "-r", "/${aws:username}/R", *of_account],
             ["`/${aws:username}/R` cannot stand in a policy",
              "--role takes a name, or /path/NAME, of letters, digits and _+=,.@-"]),
            (["user", "--partition", "mars", *of_account],
             ["there is no partition mars",
              "--partition takes aws, aws-cn, aws-us-gov and the like: the second part of an ARN"]),
            (["user", "--partition", "aws-cn", "-r", ROLE, *of_account],
             ["one policy cannot serve the partitions aws-cn and aws",
              "make a policy for each of them"]),
        ]
        for arguments, [what, *hints] in cases:
            with self.subTest(arguments=arguments):
                self.assert_says(self.policy(*arguments), 2, error + what,
                                 *(hint + line for line in hints))


class Hcl(Policy):
    SHAPES = [
        ["user", "--account", ACCOUNT],
        ["user", "--account", ACCOUNT, "--group", "developers"],
        ["user", "--account", ACCOUNT, "-u", "/engineering/pat", "--like-original"],
        ["user", "--account", ACCOUNT, "-r", "AdminRole", "-r", "210987654321:Deploy",
         "--allow-session-tags", "--allow-source-identity"],
        ["role", "--account", ACCOUNT],
        ["role", "--account", ACCOUNT, "-r", "/deploy/DeployRole", "--mfa-age", "1h"],
        ["role", "--account", ACCOUNT, "--account", "210987654321", "-r", "Deploy", "-r", "x,y",
         "--allow-session-tags"],
    ]

    def test_it_is_formatted_as_terraform_fmt_would(self):
        if not shutil.which("terraform"):
            self.skipTest("terraform is not installed")
        for shape in self.SHAPES:
            with self.subTest(shape=shape):
                result = subprocess.run(
                    ["terraform", "fmt", "-check", "-diff", "-"], capture_output=True, text=True,
                    input=self.printed(*shape, "--format", "hcl"),
                )
                self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_it_says_the_same_as_the_json(self):
        for shape in self.SHAPES:
            with self.subTest(shape=shape):
                documents = encoded_documents(self.printed(*shape, "--format", "hcl"))
                self.assertTrue(documents)
                for document in documents:
                    self.assertEqual(document, self.document(*shape))


def encoded_documents(hcl):
    """What stands in jsonencode(), as JSON: the part of HCL that we write is JSON but for the
    commas, the equals signs and the doubled `$`."""
    documents = []
    for encoded in re.findall(r"jsonencode\((.*?)\n  ?\}\)\n", hcl, re.S):
        text = (encoded + "\n}").replace("$${", "${")
        text = re.sub(r"^(\s*)\"?([\w:]+)\"?(\s*)= ", r'\1"\2": ', text, flags=re.M)
        text = re.sub(r"([\]}\"])\n(\s*[\"{])", r"\1,\n\2", text)
        documents.append(json.loads(text))
    return documents


class UnderThem(Policy):
    """The sandbox judges by exactly these documents."""

    def world(self, user_policy, role_policy, path="/", role_name="AdminRole"):
        document = {
            "accounts": [
                {
                    "account": ACCOUNT,
                    "users": [{"name": "jsmith", "path": path,
                               "mfa_devices": [{"name": "a-phone"}], "policies": [user_policy]}],
                    "roles": [{"name": role_name, "trust": role_policy},
                              {"name": "Other", "trust": role_policy}],
                },
                {"account": "210987654321", "roles": [{"name": "Deploy", "trust": role_policy}]},
            ]
        }
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(document, file)
        self.addCleanup(os.unlink, file.name)
        return self.home(self.sandbox("--world", file.name))

    def documents(self, *arguments):
        return [self.document(kind, "--account", ACCOUNT, *arguments) for kind in ("user", "role")]

    def assert_got(self, home, *arguments):
        """The session is there, and no look-up fell back, which would have been said."""
        result = home.run("-u", "jsmith", "-c", home.code(), "-r", "AdminRole", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 4, result.stderr)

    def without_mfa(self, home, role=ROLE):
        return home.aws_cli("sts", "assume-role", "--role-session-name", "without-mfa",
                            "--role-arn", role, profile="default").stderr

    def test_with_mfa_the_main_job_runs(self):
        for wide in ([], ["--like-original"]):
            for path in ("/", "/engineering/"):
                with self.subTest(wide=wide, path=path):
                    self.assert_got(self.world(*self.documents(*wide), path=path))

    def test_without_mfa_it_is_refused(self):
        for wide in ([], ["--like-original"]):
            with self.subTest(wide=wide):
                self.assertIn("is not authorized to perform: sts:AssumeRole",
                              self.without_mfa(self.world(*self.documents(*wide))))

    def test_a_user_whose_path_is_given(self):
        user, role = self.documents("-u", "/engineering/jsmith")
        self.assert_got(self.world(user, role, path="/engineering/"))
        home = self.world(user, role)  # another user of the same name, with no path
        result = home.run("-u", "jsmith", "-c", home.code(), "-r", "AdminRole")
        self.assertEqual(result.returncode, 3, result.stderr)

    def test_a_role_in_another_account(self):
        home = self.world(*self.documents("-r", "210987654321:Deploy"))
        result = home.run("-u", "jsmith", "-c", home.code(), "-r", "210987654321:Deploy")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 4, result.stderr)

    def test_the_key_alone_may_do_nothing_else(self):
        home = self.world(*self.documents())
        for arguments in (
            ("iam", "get-user", "--user-name", "jsmith"),
            ("iam", "list-mfa-devices", "--user-name", "somebody"),
            ("iam", "get-role", "--role-name", "Other"),
        ):
            with self.subTest(arguments=arguments):
                self.assertIn("AccessDenied", home.aws_cli(*arguments, profile="default").stderr)
        refused = home.run("-u", "jsmith", "-c", home.code(), "-r", "Other")
        self.assertEqual(refused.returncode, 3, refused.stderr)

    def test_each_statement_and_each_action_is_needed(self):
        user, role = self.documents()
        for i, statement in enumerate(user["Statement"]):
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                with self.subTest(removed=action):
                    shorter = copy.deepcopy(user)
                    if isinstance(actions, str):
                        del shorter["Statement"][i]
                    else:
                        shorter["Statement"][i]["Action"].remove(action)
                    home = self.world(shorter, role)
                    result = home.run("-u", "jsmith", "-c", home.code(), "-r", "AdminRole")
                    told = [line for line in result.stderr.splitlines() if action in line]
                    self.assertTrue(told, result.stderr)

    def test_session_attributes_need_their_actions_in_both(self):
        attributes = ["--tag", "team=core", "--source-identity", "jsmith"]
        with_them = ["--allow-session-tags", "--allow-source-identity"]
        both = self.documents(*with_them)
        neither = self.documents()
        self.assert_got(self.world(*both), *attributes)
        for user, role, missing in (
            (neither[0], both[1], "session tags"), (both[0], neither[1], "session tags"),
            (*self.documents("--allow-session-tags"), "source identity"),
        ):
            with self.subTest(missing=missing):
                home = self.world(user, role)
                result = home.run("-u", "jsmith", "-c", home.code(), "-r", "AdminRole", *attributes)
                self.assertEqual(result.returncode, 3, result.stderr)

    def test_an_age_of_the_code(self):
        user = self.document("user", "--account", ACCOUNT)
        home = self.world(user, self.document("role", "--account", ACCOUNT, "--mfa-age", "2"))
        self.assertIn("is not authorized to perform: sts:AssumeRole", self.without_mfa(home))
        self.assertEqual(home.run("--no-role", "-u", "jsmith", "-c", home.code()).returncode, 0)
        time.sleep(3)
        refused = home.aws_cli("sts", "assume-role", "--role-session-name", "too-old",
                               "--role-arn", ROLE).stderr
        self.assertIn("is not authorized to perform: sts:AssumeRole", refused)
        self.assert_got(self.world(
            user, self.document("role", "--account", ACCOUNT, "--mfa-age", "15m")))


if __name__ == "__main__":
    support.main()
