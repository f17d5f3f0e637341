"""Our own settings, by command."""

import unittest

import support


class Configure(support.EndToEnd):
    def setUp(self):
        self.one = self.home(self.sandbox())
        self.file = self.one.path / ".config/aws-session-token/config"

    def test_sets_shows_and_takes_away(self):
        self.assertEqual(self.one.run("configure", "role", "LongRole").returncode, 0)
        self.assertEqual(self.file.read_text(), "[settings]\nrole = LongRole\n")
        self.assertEqual(self.one.run("configure", "role").stdout, "LongRole\n")
        self.assertIn("role = LongRole\n", self.one.run("configure").stdout)
        result = self.one.run("-u", "jsmith", "--no-input", "-c", self.one.code())
        self.assertIn("role/LongRole", result.stderr)
        self.one.run("configure", "role", "")
        result = self.one.run("configure", "role")
        self.assertEqual((result.returncode, result.stdout), (1, ""))

    def test_shows_defaults_as_such(self):
        self.one.write_settings("username = jsmith\nprofile = aws\n")
        self.assertEqual(
            self.one.run("configure").stdout.splitlines()[:5],
            ["username = jsmith", "# role = AdminRole (default)", "# source_profile is not set",
             "profile = aws", "# serial_number is not set"],
        )
        self.assertIn("# duration = 1h (default)\n", self.one.run("configure").stdout)

    def test_every_other_line_stays(self):
        self.one.write_settings("# who I am\nusername = jsmith\n")
        self.one.run("configure", "min_ttl", "20m")
        self.assertEqual(
            self.file.read_text(),
            "[settings]\nmin_ttl = 20m\n# who I am\nusername = jsmith\n",
        )

    def test_what_makes_no_sense_is_refused_and_nothing_is_written(self):
        for name, value, what, hint in (
            ("rol", "x", "there is no setting rol", "did you mean role?"),
            ("min_ttl", "soon", "min_ttl cannot be `soon`",
             "it takes 45m, 12h or a number of seconds"),
            ("region", "eu central", "region cannot be `eu central`",
             "a region looks like eu-central-1"),
            ("duration", "13h", "duration cannot be `13h`",
             "the duration of 13 h is too long for AssumeRole: AWS allows 15 min to 12 h"),
            ("mfa_process", "show # it",
             "the value cannot be written so that it is read back the same",
             "leave out blanks at its ends, and ` #` and ` ;`, which begin a comment"),
        ):
            with self.subTest(name=name):
                with self.unchanged(self.one):
                    result = self.one.run("configure", name, value)
                self.assert_says(
                    result, 2, f"aws-session-token: error: {what}",
                    f"aws-session-token: hint: {hint}",
                )

    def test_what_stands_in_the_file_and_can_never_work_is_told_by_its_place(self):
        for line, hint in (
            ("session_duration = 40h",
             "the duration of 40 h is too long for GetSessionToken: AWS allows 15 min to 36 h"),
            ("role = 1234:Admin", "the account `1234` is not 12 digits"),
        ):
            with self.subTest(line=line):
                self.one.write_settings(line + "\n")
                name, value = line.split(" = ")
                result = self.one.run("env", "-u", "jsmith", "-c", "123456")
                self.assertEqual(result.returncode, 1)
                self.assertEqual(
                    result.stderr.splitlines()[:2],
                    [f"aws-session-token: error: {self.file}, line 2: {name} cannot be `{value}`",
                     f"aws-session-token: hint: {hint}"],
                )


if __name__ == "__main__":
    support.main()
