"""What there is, and for how long."""

import json
import unittest

import support


class Status(support.EndToEnd):
    def setUp(self):
        self.one = self.home(self.sandbox())

    def shown(self):
        """The table, as people see it."""
        environment = self.one.environment(LC_ALL="C.UTF-8")
        return self.one.run("status", environment=environment).stdout.splitlines()

    def test_says_how_to_get_the_first(self):
        result = self.one.run("status")
        self.assertEqual(result.stdout, "There is no session. Get one with: aws-session-token\n")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(self.one.run("status", "--prompt").stdout, "")

    def test_shows_ours_and_those_of_others(self):
        self.one.run("-u", "jsmith", "-r", "AdminRole", "-c", self.one.code())
        text = self.one.credentials.read_text()
        self.one.write_credentials(
            text
            + "\n[old]\naws_access_key_id = ASIAOLD\naws_secret_access_key = x\n"
            + "aws_session_token = y\nmanager = aws-session-token\n"
            + "expiration = 2020-01-01T00:00:00Z\n"
            + "\n[awsumed]\naws_access_key_id = ASIAAWSUME\naws_secret_access_key = x\n"
            + "aws_session_token = y\nmanager = awsume\nexpiration = 2026-11-22 18:00:00\n"
        )
        lines = self.shown()
        self.assertRegex(lines[0], r"^PROFILE +ACCOUNT +ROLE +STORED IN +LEFT$")
        self.assertRegex(
            lines[1], r"^session_token +123456789012 +AdminRole +file, cache +█{6} (1 h|59 min \d+ s)$"
        )
        self.assertRegex(lines[2], r"^awsumed +- +- +file \(awsume\) +unknown$")
        self.assertEqual(lines[3], "1 expired session is not shown.")
        self.assertRegex(lines[4], r"^The cache is ~/.cache/aws-session-token, on disk")
        self.assertEqual(len(lines), 5)
        self.assertLessEqual(max(len(line) for line in lines), 80)

    def test_what_is_over_is_hidden(self):
        self.one.write_credentials(
            "[old]\naws_access_key_id = ASIAOLD\naws_secret_access_key = x\n"
            "aws_session_token = y\nmanager = aws-session-token\n"
            "expiration = 2020-01-01T00:00:00Z\n"
        )
        self.assertEqual(
            self.one.run("status").stdout,
            "There is no session. Get one with: aws-session-token\n"
            "1 expired session is not shown.\n",
        )
        (old,) = json.loads(self.one.run("status", "--json").stdout)["sessions"]
        self.assertEqual((old["profile"], old["seconds_left"]), ("old", 0))

    def test_a_bar_means_the_same_in_each_row_and_in_any_locale(self):
        self.one.run("get", "-r", "AdminRole", "-r", "LongRole", "-u", "jsmith", "-c",
                     self.one.code())
        lines = self.shown()
        self.assertRegex(lines[1], r"^AdminRole-session +\d+ +AdminRole +file, cache +█{6} ")
        self.assertRegex(lines[3], r"^- +- +MFA \(jsmith\) +cache +█{6} (12 h|11 h 59 min)$")
        self.assertEqual("\n".join(lines).isascii(), False)
        for locale in ("C", "en_XX.ISO-8859-1"):
            plain = self.one.run("status", environment=self.one.environment(LC_ALL=locale)).stdout
            self.assertRegex(plain.splitlines()[3], r" #{6} (12 h|11 h 59 min)$")
            self.assertTrue(plain.isascii())
        for line in lines:
            self.assertLessEqual(len(line), 80)

    def test_json_has_no_secret(self):
        self.one.run("get", "-r", "AdminRole", "-r", "LongRole", "-u", "jsmith", "-c",
                     self.one.code())
        result = self.one.run("status", "--json")
        sessions = json.loads(result.stdout)["sessions"]
        self.assertEqual([s.get("profile") for s in sessions],
                         ["AdminRole-session", "LongRole-session", None])
        self.assertEqual(sessions[2]["username"], "jsmith")
        self.assertEqual([s["in_cache"] for s in sessions], [True, True, True])
        self.assertEqual([s["in_file"] for s in sessions], [True, True, False])
        for line in self.one.credentials.read_text().splitlines():
            key, _, value = line.partition(" = ")
            if key in ("aws_secret_access_key", "aws_session_token"):
                self.assertNotIn(value, result.stdout)

    def test_a_link_has_the_time_of_its_session(self):
        self.one.run("get", "--link", "-u", "jsmith", "-r", "AdminRole", "-c", self.one.code())
        lines = self.shown()
        self.assertRegex(
            lines[1], r"^session_token +123456789012 +AdminRole +link +█{6} (1 h|59 min \d+ s)$"
        )
        self.assertEqual(sum("AdminRole" in line for line in lines), 1)
        self.assertRegex(self.one.run("status", "--prompt").stdout,
                         r"\Asession_token (1 h|59 min)\n\Z")
        (self.one.path / support.STATE / "sessions").unlink()
        self.assertRegex(
            self.one.run("status").stdout,
            r"session_token +123456789012 +AdminRole +link +renewed on use\n",
        )
        (link,) = json.loads(self.one.run("status", "--json").stdout)["sessions"]
        self.assertEqual((link["linked"], link["in_file"], link["in_cache"]), (True, False, False))
        self.assertEqual(self.one.run("status", "--prompt").stdout, "")

    def test_a_link_that_somebody_changed_is_of_what_is_not_known(self):
        self.one.run("get", "--link", "-u", "jsmith", "-r", "AdminRole", "-c", self.one.code())
        text = self.one.config.read_text()
        self.one.config.write_text(text.replace(" --role=", " -d 1h --role="))
        lines = self.one.run("status").stdout.splitlines()
        self.assertRegex(lines[1], r"^session_token +- +- +link +renewed on use$")

    def test_settings_that_cannot_be_hide_no_session(self):
        self.one.run("-u", "jsmith", "-r", "AdminRole", "-c", self.one.code())
        self.one.write_settings("session_duration = 40h\n")
        result = self.one.run("status")
        settings = self.one.path / ".config/aws-session-token/config"
        self.assert_says(result, 0, f"{settings}, line 2: session_duration cannot be `40h`")
        self.assertRegex(result.stdout, r"session_token +123456789012 +AdminRole")
        prompt = self.one.run("status", "--prompt")
        self.assertRegex(prompt.stdout, r"\Asession_token (1 h|59 min)\n\Z")
        self.assertEqual((prompt.returncode, prompt.stderr), (0, ""))

    def test_the_prompt_is_one_short_line(self):
        self.one.run("-u", "jsmith", "-r", "AdminRole", "-c", self.one.code())
        self.assertRegex(self.one.run("status", "--prompt").stdout,
                         r"\Asession_token (1 h|59 min)\n\Z")
        other = self.one.environment(AWS_PROFILE="nothing")
        self.assertEqual(self.one.run("status", "--prompt", environment=other).stdout, "")

    def test_the_bar_turns_colour_on_a_terminal_only(self):
        self.one.run("-u", "jsmith", "-r", "AdminRole", "-c", self.one.code())
        shown, status = support.finish(
            self.one.terminal("status", environment=self.one.environment(LC_ALL="C.UTF-8")))
        self.assertIn("\033[32m██████\033[0m", shown)
        self.assertEqual(status, 0)
        plain = self.one.environment(NO_COLOR="1")
        shown, _ = support.finish(self.one.terminal("status", environment=plain))
        self.assertNotIn("\033[", shown)


if __name__ == "__main__":
    support.main()
