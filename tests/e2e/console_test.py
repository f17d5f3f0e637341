"""console against the sandbox's sign-in endpoint, with a browser of a few lines."""

import re
import subprocess
import time
import urllib.error
import urllib.request

import support

ROLE = "arn:aws:iam::123456789012:role/AdminRole"
SIGNS_IN = (
    f"anyone who opens this URL within 15 minutes is signed in as {ROLE}: keep it to yourself"
)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def open_url(url):
    """Status and Location, as a browser would get them first."""
    try:
        with urllib.request.build_opener(NoRedirect).open(url) as answer:
            return answer.status, answer.headers.get("Location")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get("Location")


class Console(support.EndToEnd):
    def setUp(self):
        self.home_of_jsmith = self.home(self.sandbox())
        self.endpoint = f"{self.home_of_jsmith.sandbox.endpoint}/federation"

    def console(self, *arguments, **variables):
        return self.home_of_jsmith.run(
            "console", "--signin-endpoint", self.endpoint, *arguments,
            environment=self.home_of_jsmith.environment(**variables),
        )  # fmt: skip

    def test_print_prints_the_url_that_signs_in_and_says_so(self):
        result = self.console("--print", "-c", self.home_of_jsmith.code())
        self.assert_says(result, 0, SIGNS_IN)
        url = result.stdout.strip()
        self.assertTrue(url.startswith(f"{self.endpoint}?Action=login&"), url)
        self.assertEqual(open_url(url), (302, "https://console.aws.amazon.com/console/home"))
        self.assertEqual(open_url(url)[0], 400)  # once

    def test_a_code_that_is_asked_for_goes_straight_to_the_role(self):
        result = self.console(
            "--print", "--verbose", "-r", "LongRole", "-d", "4h", "-c", self.home_of_jsmith.code()
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("the code goes straight to the role\n", result.stderr)
        self.assertRegex(result.stderr, "the console's session lasts (4 h|3 h 59 min)\n")
        self.assertEqual(open_url(result.stdout.strip())[0], 302)

    def test_of_a_base_session_no_code_and_no_duration(self):
        home = self.home_of_jsmith
        self.assertEqual(home.run("env", "-c", home.code()).returncode, 0)
        result = self.console("--print", "--verbose", "-r", "LongRole")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("a base session lives: no code is needed\n", result.stderr)
        self.assertIn("the console lasts as AWS decides\n", result.stderr)
        self.assertEqual(open_url(result.stdout.strip())[0], 302)

    def test_the_destination_is_a_service_or_a_page_of_the_console(self):
        home = self.home_of_jsmith
        self.assertEqual(home.run("env", "-c", home.code()).returncode, 0)
        region = home.sandbox.ready["region"]
        for wanted, page in (
            ("ec2", f"https://{region}.console.aws.amazon.com/ec2/home?region={region}"),
            ("https://console.aws.amazon.com/s3/?a=b&c", "https://console.aws.amazon.com/s3/?a=b&c"),
        ):
            result = self.console("--print", "--region", region, "--destination", wanted)
            self.assertEqual(open_url(result.stdout.strip()), (302, page), result.stderr)

    def test_another_destination_costs_no_code(self):
        home = self.home_of_jsmith
        code = home.code()
        self.assert_says(
            self.console("--print", "--destination", "https://example.com/", "-c", code),
            2,
            "aws-session-token: error: --destination is neither a service nor a page of the "
            "console",
            "aws-session-token: hint: give a service as the console's URLs name it, such as ec2 "
            "or s3",
            "aws-session-token: hint: or a whole URL of https://console.aws.amazon.com",
        )
        self.assertEqual(self.console("--print", "-c", code).returncode, 0)

    def test_without_a_role_it_is_refused(self):
        home = self.home_of_jsmith
        home.config.write_text(
            f"[profile mfa]\nsource_profile = default\nmfa_serial = {home.user['serial_number']}\n"
        )
        for arguments in (["--no-role"], ["mfa"]):
            self.assert_says(
                self.console("--print", *arguments, "-c", home.code()),
                2,
                "aws-session-token: error: the console takes the sessions of roles only: AWS signs "
                "nobody in with an MFA session itself",
                "aws-session-token: hint: name a role with --role, or a PROFILE with a role_arn",
            )

    def test_a_refusal_of_the_endpoint_prints_nothing(self):
        home = self.home(self.sandbox("--fail", "getSigninToken:Failure:1"))
        result = home.run(
            "console", "--print", "--signin-endpoint", home.sandbox.endpoint, "-c", home.code()
        )
        self.assertEqual((result.returncode, result.stdout), (3, ""), result.stderr)
        self.assertIn("AWS refused to sign the session in to the console", result.stderr)

    def browser(self, lines):
        path = self.home_of_jsmith.path / "browser"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o700)
        return str(path)

    def pages(self):
        return [path for path in self.home_of_jsmith.path.rglob("sign-in-*")]

    def test_the_browser_is_given_a_file_that_is_gone_afterwards(self):
        seen = self.home_of_jsmith.path / "seen"
        browser = self.browser(
            f'stat -c %a "$1" >{seen}; cat "$1" >>{seen}; tr "\\0" " " </proc/$$/cmdline >>{seen}'
        )
        result = self.console("-c", self.home_of_jsmith.code(), BROWSER=browser)
        self.assert_says(result, 0, f"opening the console as {ROLE}")
        self.assertEqual(result.stdout, "")
        text = seen.read_text()
        self.assertTrue(text.startswith("600\n<!DOCTYPE html>"), text)
        url = re.search('url=([^"]*)"', text)[1].replace("&amp;", "&")
        self.assertEqual(open_url(url)[0], 302)
        arguments = text.rsplit("</html>", 1)[1]
        self.assertNotIn("SigninToken", arguments)
        self.assertEqual(self.pages(), [])

    def test_an_interrupt_leaves_no_page(self):
        browser = self.browser("exec sleep 30")
        child = subprocess.Popen(
            [support.TOOL, "console", "--signin-endpoint", self.endpoint, "-c",
             self.home_of_jsmith.code()],
            env=self.home_of_jsmith.environment(BROWSER=browser), stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not self.pages():
            self.assertIsNone(child.poll())
            time.sleep(0.05)
        child.terminate()
        self.assertEqual(child.wait(20), 130)
        child.stderr.close()
        self.assertEqual(self.pages(), [])

    def test_without_a_browser_print_is_named(self):
        result = self.console("-c", self.home_of_jsmith.code(), BROWSER="/no/such")
        self.assert_says(
            result,
            1,
            f"opening the console as {ROLE}",
            "aws-session-token: error: there is no browser: neither $BROWSER nor xdg-open can be "
            "started",
            "aws-session-token: hint: print the URL instead, with --print",
        )
        self.assertEqual(self.pages(), [])


if __name__ == "__main__":
    support.main()
