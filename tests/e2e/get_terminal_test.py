"""The main job on a real terminal: banner and prompts to the letter, retries, Ctrl-C."""

import os
import re
import signal
import subprocess
import termios

import pexpect

import support


class OnATerminal(support.EndToEnd):
    def expect(self, child, text):
        """The very next thing shown is this, and nothing before it."""
        child.expect_exact(text)
        self.assertEqual(child.before, "")

    def answer(self, child, prompt, text):
        self.expect(child, prompt)
        child.sendline(text)
        self.expect(child, text + "\r\n")

    def test_the_person_is_asked_exactly_what_the_contract_shows(self):
        home = self.home(self.sandbox())
        child = home.terminal()
        self.expect(child, support.BANNER)
        self.answer(child, "Username: ", "jsmith")
        self.answer(child, "Role [AdminRole]: ", "")
        self.answer(child, "Code: ", home.code())
        self.expect(child, "Profile  session_token in ~/.aws/credentials\r\n")
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_settings_are_defaults_in_brackets(self):
        home = self.home(self.sandbox())
        home.write_settings("username = jsmith\nrole = LongRole\n")
        child = home.terminal()
        self.expect(child, support.BANNER)
        self.answer(child, "Username [jsmith]: ", "")
        self.answer(child, "Role [LongRole]: ", "")
        self.answer(child, "Code: ", home.code())
        shown, status = support.finish(child)
        self.assertIn("role/LongRole", shown)
        self.assertEqual(status, 0)

    def test_options_suppress_their_questions_and_only_those(self):
        home = self.home(self.sandbox())
        child = home.terminal("-r", "LongRole")
        self.answer(child, "Username: ", "")
        self.answer(child, "Code: ", home.code())
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_nothing_is_asked_when_all_is_given(self):
        home = self.home(self.sandbox())
        child = home.terminal("-u", "jsmith", "-r", "AdminRole", "-c", home.code())
        shown, status = support.finish(child)
        self.assertTrue(shown.startswith("Profile  session_token"), shown)
        self.assertEqual(status, 0)

    def test_only_the_code_is_asked_again_and_three_times_at_most(self):
        home = self.home(self.sandbox())
        again = (
            "AWS refused the MFA code; a code works once: wait for the next one on your device\r\n"
        )
        with self.unchanged(home):
            child = home.terminal("-u", "jsmith", "-r", "AdminRole")
            self.expect(
                child, f"MFA code of jsmith for role AdminRole, from {home.user['serial_number']}\r\n"
            )
            self.answer(child, "Code: ", home.wrong_code(0))
            self.answer(child, again + "Code: ", home.wrong_code(1))
            self.answer(child, again + "Code: ", home.wrong_code(2))
            shown, status = support.finish(child)
        self.assertEqual(
            shown.splitlines()[0],
            "aws-session-token: error: AWS refused the MFA code (AccessDenied on AssumeRole)",
        )
        self.assertEqual(status, 3)

    def test_the_right_code_after_a_wrong_one_is_taken(self):
        home = self.home(self.sandbox())
        child = home.terminal("-u", "jsmith", "-r", "AdminRole")
        child.expect_exact("Code: ")
        child.sendline(home.wrong_code())
        child.expect_exact("Code: ")
        child.sendline(home.code())
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_what_is_no_code_is_asked_again_without_a_request(self):
        home = self.home(self.sandbox())
        child = home.terminal("-u", "jsmith", "-r", "AdminRole")
        child.expect_exact("Code: ")
        for nonsense in ("", "12345", "abcdef", "1234567", "12 456"):
            child.sendline(nonsense)
            child.expect_exact("an MFA code has six digits")
            child.expect_exact("Code: ")
        child.sendline(home.code())
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_a_name_and_a_role_that_cannot_be_are_asked_again(self):
        home = self.home(self.sandbox())
        child = home.terminal()
        self.expect(child, support.BANNER)
        self.answer(child, "Username: ", "j smith")
        self.expect(
            child,
            "the user name `j smith` has a character that AWS does not allow: only ASCII letters, "
            "digits and _+=,.@-\r\n",
        )
        self.answer(child, "Username: ", "a" * 129)
        self.expect(child, "the user name has 129 characters: AWS allows 1 to 128\r\n")
        self.answer(child, "Username: ", "jsmith")
        self.answer(child, "Role [AdminRole]: ", "Admin Role")
        self.expect(child, "`Admin Role` is neither a role nor a profile with a role_arn\r\n")
        # What was pasted must not steer the terminal when it is repeated.
        self.expect(child, "Role [AdminRole]: ")
        child.sendline("my \x1b]52;c;aGk=\a")
        self.expect(child, "my ^[]52;c;aGk=^G\r\n")
        self.expect(child, "`my ?]52;c;aGk=?` is neither a role nor a profile with a role_arn\r\n")
        self.answer(child, "Role [AdminRole]: ", "1234:Admin")
        self.expect(child, "the account `1234` is not 12 digits\r\n")
        self.answer(child, "Role [AdminRole]: ", "LongRole")
        self.answer(child, "Code: ", home.code())
        shown, status = support.finish(child)
        self.assertIn("role/LongRole", shown)
        self.assertEqual(status, 0)

    def test_whose_code_is_wanted_is_said_to_whom_was_not_asked_his_name(self):
        home = self.home(self.sandbox())
        device = home.user["serial_number"]
        home.config.write_text(
            "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
        )
        for arguments, shown in (
            (["-u", "jsmith", "-r", "LongRole"],
             f"MFA code of jsmith for role LongRole, from {device}\r\nCode: "),
            (["get", "-u", "", "--no-role"],
             f"MFA code of jsmith for the MFA session itself, from {device}\r\nCode: "),
            (["-u", "jsmith", "-r", "LongRole", "--quiet"], "Code: "),
            (["exec", "prod", "--", "true"],
             f"MFA code of jsmith for profile prod, from {device}\r\nCode: "),
            (["exec", "-r", "LongRole", "-r", "AdminRole", "--", "true"],
             f"MFA code of jsmith for 2 sessions, from {device}\r\nCode: "),
            (["env", "prod"],
             "aws-session-token needs an MFA code for profile prod\r\n"
             f"MFA code of jsmith, from {device}\r\nCode: "),
        ):
            with self.subTest(arguments=arguments):
                child = home.terminal(*arguments)
                child.expect_exact(shown)
                if "--quiet" in arguments:
                    self.assertEqual(child.before, "")
                child.sendintr()
                support.finish(child)

    def test_several_devices_are_listed_and_one_is_chosen(self):
        home = self.home(self.sandbox(), "mjones")
        phone, tablet = home.user["mfa_devices"][:2]
        child = home.terminal("-u", "mjones", "-r", "AdminRole")
        self.expect(
            child,
            f"  1  {phone['serial_number']}\r\n  2  {tablet['serial_number']}\r\n",
        )
        self.answer(child, "MFA device [1]: ", "3")
        self.expect(child, "choose an MFA device by its number, 1 to 2\r\n")
        self.answer(child, "MFA device [1]: ", "2")
        self.expect(
            child, f"MFA code of mjones for role AdminRole, from {tablet['serial_number']}\r\n"
        )
        self.answer(child, "Code: ", support.code(tablet["totp_secret"]))
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_ctrl_c_at_every_prompt_writes_nothing_and_leaves_the_terminal_as_it_was(self):
        home = self.home(self.sandbox(), "mjones")
        for answers, prompt in (
            ([], "Username: "),
            (["mjones"], "Role [AdminRole]: "),
            (["mjones", ""], "MFA device [1]: "),
            (["mjones", "", "1"], "Code: "),
        ):
            with self.subTest(prompt=prompt), self.unchanged(home):
                child = home.terminal()
                before = termios.tcgetattr(child.child_fd)
                for text in answers:
                    child.expect(r": $")
                    child.sendline(text)
                child.expect_exact(prompt)
                child.sendintr()
                shown, status = support.finish_with_settings(child, before)
                self.assertEqual(shown, "^C\r\n")
                self.assertEqual(status, 130)

    def test_the_end_of_input_at_a_prompt_exits_with_4(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            child = home.terminal()
            child.expect_exact("Username: ")
            child.sendeof()
            shown, status = support.finish(child)
        self.assertIn("the input ended where an answer is needed", shown)
        self.assertEqual(status, 4)

    def test_a_terminal_that_hangs_up_ends_the_program(self):
        home = self.home(self.sandbox())
        with self.unchanged(home):
            child = home.terminal()
            child.expect_exact("Username: ")
            child.kill(signal.SIGHUP)
            _, status = support.finish(child)
        self.assertEqual(status, 130)

    def test_ctrl_c_during_a_request_writes_nothing(self):
        home = self.home(self.sandbox("--latency", "20s"))
        with self.unchanged(home):
            child = home.terminal("-u", "jsmith", "-r", "AdminRole", "--verbose")
            # The request is on its way when the tool holds a connection to the sandbox.
            port = home.sandbox.endpoint.rsplit(":", 1)[1]
            while not self.connected(child.pid, port):
                self.assertTrue(child.isalive())
            child.sendintr()
            shown, status = support.finish(child)
        self.assertNotIn("error", shown)
        self.assertEqual(status, 130)

    @staticmethod
    def connected(pid, port):
        wanted = f":{int(port):04X} 01"
        with open("/proc/net/tcp", encoding="ascii") as table:
            return any(wanted in line for line in table)


if __name__ == "__main__":
    support.main()
