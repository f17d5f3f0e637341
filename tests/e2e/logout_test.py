"""Away with what we wrote, and with nothing else."""

import unittest

import support


class Logout(support.EndToEnd):
    def setUp(self):
        self.one = self.home(self.sandbox())
        self.before = "# mine\n" + self.one.credentials.read_text() + "# end\n"
        self.one.write_credentials(self.before)

    def get(self, *arguments):
        result = self.one.run("get", "-u", "jsmith", "-c", self.one.code(), *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_gives_the_file_back_to_the_byte(self):
        self.get("-r", "AdminRole")
        result = self.one.run("logout")
        self.assert_says(result, 0, "Removed session_token", "Removed 1 cached session")
        self.assertEqual(self.one.credentials.read_text(), self.before)

    def test_keeps_what_is_the_users_in_the_section(self):
        self.get("-r", "AdminRole")
        text = self.one.credentials.read_text()
        self.one.write_credentials(
            text.replace("[session_token]\n", "[session_token]\n# why\nregion = eu-west-1\n")
        )
        self.one.run("logout")
        self.assertEqual(
            self.one.credentials.read_text(),
            self.before + "\n[session_token]\n# why\nregion = eu-west-1\n",
        )

    def test_all_removes_every_profile_and_every_session(self):
        self.get("-r", "AdminRole", "-r", "LongRole")
        result = self.one.run("logout", "--all")
        self.assert_says(
            result, 0, "Removed AdminRole-session and LongRole-session", "Removed 3 cached sessions"
        )
        self.assertEqual(self.one.credentials.read_text(), self.before)
        self.assertIn("There is no session", self.one.run("status").stdout)

    def test_settings_that_cannot_be_are_no_reason_to_keep_a_secret(self):
        self.get("-r", "AdminRole", "-p", "mine")
        written = self.one.credentials.read_text()
        self.one.write_settings("profile = mine\nduration = 10m\n")
        for arguments, cached in ((), "1 cached session"), (("--all",), "0 cached sessions"):
            with self.subTest(arguments=arguments):
                self.one.write_credentials(written)
                result = self.one.run("logout", *arguments)
                self.assert_says(result, 0, "Removed mine", f"Removed {cached}")
                self.assertEqual(self.one.credentials.read_text(), self.before)

    def test_a_name_removes_that_one(self):
        self.get("-r", "AdminRole", "-r", "LongRole")
        result = self.one.run("logout", "LongRole-session")
        self.assert_says(
            result, 0, "Removed LongRole-session", "Removed 1 cached session",
            "There is another profile written by this tool; to remove all of them: "
            "aws-session-token logout --all",
            "The MFA session may still be cached; to remove it, too: aws-session-token logout",
        )
        self.assertIn("[AdminRole-session]", self.one.credentials.read_text())

    def test_a_link_goes_from_the_config_file_and_the_users_lines_stay(self):
        before = "[default]\noutput = json\n"
        self.one.config.write_text(before)
        self.get("-r", "AdminRole", "--link")
        self.assertIn("credential_process = ", self.one.config.read_text())
        result = self.one.run("logout")
        self.assertEqual(result.stderr.splitlines()[0], "Removed session_token")
        self.assertEqual(self.one.config.read_text(), before)
        self.assertEqual(self.one.credentials.read_text(), self.before)

    def test_what_is_not_ours_is_left_alone(self):
        with self.unchanged(self.one):
            result = self.one.run("logout", "default")
        self.assert_says(
            result, 1,
            "aws-session-token: error: profile default is none that this tool wrote; it was left "
            "unchanged",
            "aws-session-token: hint: see what there is with: aws-session-token status",
        )
        with self.unchanged(self.one):
            self.assertEqual(self.one.run("logout", "--all").returncode, 0)

    def test_the_next_command_asks_again(self):
        self.get("-r", "AdminRole", "-r", "LongRole")
        again = ("get", "-r", "AdminRole", "-r", "LongRole", "--no-input")
        self.assertEqual(self.one.run(*again).returncode, 0)
        self.one.run("logout")
        self.assertEqual(self.one.run(*again).returncode, 4)


if __name__ == "__main__":
    support.main()
