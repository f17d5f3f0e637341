"""What the tests of `doctor` share."""

import json
import os
import tempfile

import estate
import support

ACCOUNT = estate.HOME_ACCOUNT
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"


class Doctor(support.EndToEnd):
    def examine(self, home, *arguments, status=None, **variables):
        result = home.run("doctor", "--json", *arguments,
                          environment=home.environment(**variables))
        self.assertEqual(result.stderr, "")
        findings = json.loads(result.stdout)["findings"]
        failed = any(finding["status"] == "failure" for finding in findings)
        self.assertEqual(result.returncode, 1 if failed else 0, result.stdout)
        return findings

    def good_home(self, username="jsmith"):
        return self.home(self.sandbox(), username)

    def home_in(self, world):
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(world, file)
        self.addCleanup(os.unlink, file.name)
        return self.home(self.sandbox("--world", file.name))

    def assert_finds(self, findings, status, what, *what_to_do):
        """This, and nothing else that is wrong."""
        wrong = [(finding["status"], finding["what"], *finding["what_to_do"])
                 for finding in findings if finding["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [(status, what, *what_to_do)])

    def assert_all_well(self, findings):
        wrong = [f for f in findings if f["status"] in ("warning", "failure")]
        self.assertEqual(wrong, [])

    def said(self, findings):
        return [finding["what"] for finding in findings]
