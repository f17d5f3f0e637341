"""The profile that is written: what it may not be, each with its hint and nothing changed."""

import support


class Targets(support.EndToEnd):
    def refused(self, home, *arguments):
        with self.unchanged(home):
            return home.run("-u", "", "-r", "AdminRole", "-c", "123456", *arguments)

    def test_a_long_term_key_is_never_overwritten(self):
        home = self.home(self.sandbox())
        self.assert_says(
            self.refused(home, "-p", "default", "--overwrite"),
            1,
            "aws-session-token: error: profile default holds a long-term access key; it was left "
            "unchanged",
            "aws-session-token: hint: choose another profile to write with -p",
        )

    def test_a_profile_of_another_tool_wants_overwrite(self):
        home = self.home(self.sandbox())
        section = "[dev]\nmanager = awsume\naws_access_key_id = A\naws_session_token = T\n"
        home.write_credentials(home.credentials.read_text() + section)
        self.assert_says(
            self.refused(home, "-p", "dev"),
            1,
            "aws-session-token: error: profile dev belongs to another tool (awsume)",
            "aws-session-token: hint: choose another profile to write with -p",
            "aws-session-token: hint: or replace it with --overwrite",
        )
        code = home.code()
        result = home.run("-u", "", "-r", "AdminRole", "-c", code, "-p", "dev", "--overwrite")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_profile_that_the_config_file_turns_into_something_else_is_refused(self):
        home = self.home(self.sandbox())
        home.config.write_text("[profile session_token]\nsso_session = work\n")
        self.assert_says(
            self.refused(home),
            1,
            "aws-session-token: error: profile session_token has sso_session in the shared config "
            "file, which would take precedence over the keys written",
            "aws-session-token: hint: choose another profile to write with -p",
            "aws-session-token: hint: or remove sso_session from the profile",
        )

    def test_half_a_key_and_a_key_in_the_config_file_are_long_term_keys_too(self):
        home = self.home(self.sandbox())
        for file, text in (
            (home.credentials, "[x]\naws_access_key_id = AKIAX\n"),
            (home.credentials, "[ x ]\nAWS_SECRET_ACCESS_KEY: s\n"),
            (home.config, "[profile x]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n"),
        ):
            with self.subTest(text=text):
                home.config.write_text("")
                home.write_credentials(home.key_section("default"))
                file.write_text(file.read_text() + text)
                self.assert_says(
                    self.refused(home, "-p", "x", "--overwrite"),
                    1,
                    "aws-session-token: error: profile x holds a long-term access key; it was "
                    "left unchanged",
                    "aws-session-token: hint: choose another profile to write with -p",
                )

    def test_the_source_of_another_profile_is_never_overwritten(self):
        home = self.home(self.sandbox())
        home.config.write_text(
            "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = base\n"
        )
        section = "[base]\naws_access_key_id = A\naws_session_token = T\n"
        for text in ("", section):
            home.write_credentials(home.key_section("default") + text)
            self.assert_says(
                self.refused(home, "-p", "base", "--overwrite"),
                1,
                "aws-session-token: error: profile base is the source_profile of admin; it was "
                "left unchanged",
                "aws-session-token: hint: choose another profile to write with -p",
            )

    def test_a_profile_that_awsume_renews_wants_overwrite(self):
        home = self.home(self.sandbox())
        section = "[x]\nautoawsume = true\naws_access_key_id = A\naws_session_token = T\n"
        home.write_credentials(home.key_section("default") + section)
        self.assert_says(
            self.refused(home, "-p", "x"),
            1,
            "aws-session-token: error: profile x belongs to another tool",
            "aws-session-token: hint: choose another profile to write with -p",
            "aws-session-token: hint: or replace it with --overwrite",
        )
        result = home.run("-u", "", "-c", home.code(), "-p", "x", "--overwrite", answers="\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("autoawsume", home.credentials.read_text())

    def test_each_key_that_would_win_over_the_keys_written(self):
        home = self.home(self.sandbox())
        for key in (
            "role_arn", "source_profile", "credential_source", "web_identity_token_file",
            "sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "sso_region",
            "credential_process",
        ):  # fmt: skip
            for name in ("config", "credentials"):
                with self.subTest(key=key, file=name):
                    header = "[profile x]" if name == "config" else "[x]"
                    text = f"{header}\n{key} = y\n"
                    home.config.write_text(text if name == "config" else "")
                    home.write_credentials(
                        home.key_section("default") + (text if name == "credentials" else "")
                    )
                    if key == "role_arn":  # what other tools mean by --profile
                        self.assert_says(
                            self.refused(home, "--profile", "x", "--overwrite"),
                            1,
                            "aws-session-token: error: profile x is a role profile; -p names the "
                            "profile to write",
                            "aws-session-token: hint: did you mean: aws-session-token get x",
                            "aws-session-token: hint: choose another profile to write with -p",
                        )
                        continue
                    self.assert_says(
                        self.refused(home, "-p", "x", "--overwrite"),
                        1,
                        f"aws-session-token: error: profile x has {key} in the shared {name} file, "
                        f"which would take precedence over the keys written",
                        "aws-session-token: hint: choose another profile to write with -p",
                        f"aws-session-token: hint: or remove {key} from the profile",
                    )

    def test_a_name_that_some_client_does_not_accept(self):
        home = self.home(self.sandbox())
        for name in ("two words", "x]", "x#y", "caf\u00e9", "x" * 129):
            with self.subTest(name=name):
                self.assert_says(
                    self.refused(home, "-p", name),
                    2,
                    f"aws-session-token: error: `{name}` is not a profile name that every program "
                    f"accepts",
                    "aws-session-token: hint: use letters, digits and _ . / % @ : + - only, 128 at "
                    "most",
                )

    def test_the_setting_is_held_to_the_same_rules(self):
        home = self.home(self.sandbox())
        home.write_settings("profile = default\n")
        self.assert_says(
            self.refused(home),
            1,
            "aws-session-token: error: profile default holds a long-term access key; it was left "
            "unchanged",
            "aws-session-token: hint: choose another profile to write with -p",
        )

    def test_the_original_scripts_section_is_replaced(self):
        home = self.home(self.sandbox())
        section = (
            "[session_token]\naws_access_key_id = ASIAOLD\naws_secret_access_key = replaced-value\n"
            "aws_session_token = replaced-value\n"
        )
        home.write_credentials(home.key_section("default") + section)
        result = home.run(answers=f"\n\n{home.code()}\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("replaced-value", home.credentials.read_text())


if __name__ == "__main__":
    support.main()
