"""Tests tests/skipped on logs of ctest: what is allowed is told, anything else is refused.

Usage: skipped_test.py SKIPPED
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
LOG = """\
Start testing: Nov 28 12:52 UTC
----------------------------------------------------------
1/2 Testing: aws.Assignments
1/2 Test: aws.Assignments
Command: "test_aws"
Output:
----------------------------------------------------------
%s
<end of output>
Test Passed.
----------------------------------------------------------

2/2 Testing: e2e.env
2/2 Test: e2e.env
Output:
----------------------------------------------------------
%s
Test Passed.
"""


class Skipped(unittest.TestCase):
    def said_of(self, *outputs):
        with tempfile.TemporaryDirectory(prefix="awsst-house-") as scratch:
            log = pathlib.Path(scratch) / "dev/Testing/Temporary/LastTest.log"
            log.parent.mkdir(parents=True)
            log.write_text(LOG % outputs)
            result = subprocess.run([PROGRAM, f"{scratch}/dev"], capture_output=True, text=True)
        return result.returncode, result.stdout.splitlines()

    def test_nothing(self):
        self.assertEqual(self.said_of("ok", "not SKIPPED: but said"), (0, ["Nothing was skipped."]))

    def test_what_is_allowed_is_told_with_its_tests(self):
        self.assertEqual(
            self.said_of("SKIPPED: fish is not installed\nSKIPPED: no published test data at \"/x y\"",
                         "test_a ... ok\nSKIPPED: fish is not installed\nSKIPPED: fish is not installed"),
            (0, ["Skipped:",
                 "  fish is not installed: aws.Assignments (dev), e2e.env (dev)",
                 '  no published test data at "/x y": aws.Assignments (dev)']))

    def test_anything_else_is_refused(self):
        self.assertEqual(
            self.said_of("SKIPPED: fish is not installed", "SKIPPED: the AWS CLI is not installed"),
            (1, ["Skipped:", "  fish is not installed: aws.Assignments (dev)",
                 "Skipped, but may not be:", "  the AWS CLI is not installed: e2e.env (dev)",
                 "What may be skipped stands in tests/allowed_skips."]))


unittest.main()
