"""Whom the state folder belongs to: sessions are kept only where nobody else can reach them, and every
command goes on where nothing can be kept. As an ordinary user, for root may do everything."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import support

NOTHING_KEPT = "no session is kept for the next command: "
ANOTHER_PLACE = "; another place can be named with XDG_CACHE_HOME"


class StateFolder(support.EndToEnd):
    def setUp(self):
        self.one = self.home(self.sandbox())
        self.one.config.write_text(
            "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
            "source_profile = default\n"
        )
        self.as_user = self.one.as_ordinary_user()
        self.outside = pathlib.Path(tempfile.mkdtemp(prefix="awsst-outside-"))
        self.outside.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.outside)

    def run_tool(self, *arguments, **variables):
        return subprocess.run(
            [*self.as_user, support.TOOL, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.one.environment(**variables),
            timeout=60,
        )

    def get_session(self, **variables):
        return self.run_tool(
            "env", "prod", "-u", "jsmith", "-c", self.one.code(), **variables
        )

    def own(self, path):
        if self.as_user:
            owner = self.one.path.stat()
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)

    def assert_goes_on(self, problem, **variables):
        """env, status and logout do their work, keep nothing, and say so once each."""
        said = NOTHING_KEPT + problem + ANOTHER_PLACE
        first = self.get_session(**variables)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn("AWS_SESSION_TOKEN", first.stdout)
        self.assertEqual(first.stderr.count(said), 1, first.stderr)
        status = self.run_tool("status", **variables)
        self.assertEqual((status.returncode, status.stderr), (0, said + "\n"))
        self.assertIn("There is no session.", status.stdout)
        self.assertEqual(self.run_tool("logout", **variables).returncode, 0)
        second = self.run_tool("env", "prod", "--no-input", **variables)
        self.assertEqual(second.returncode, 4, "a session was kept")

    def test_a_folder_of_ones_own_keeps_sessions(self):
        self.assertEqual(self.get_session().stderr, "")
        self.assertEqual(self.run_tool("env", "prod", "--no-input").returncode, 0)

    @unittest.skipIf(os.geteuid() != 0, "only root can make a folder of another user")
    def test_a_folder_of_another_user_is_not_used(self):
        folder = self.outside / "aws-session-token"
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        self.assert_goes_on(
            f"{folder} belongs to another user", XDG_CACHE_HOME=str(self.outside)
        )
        self.assertEqual(list(folder.iterdir()), [])

    @unittest.skipIf(os.geteuid() != 0, "only root can make a folder of another user")
    def test_nothing_is_made_in_a_folder_that_others_can_write_to(self):
        self.outside.chmod(0o777)
        self.assert_goes_on(
            f"others can write to {self.outside}", XDG_CACHE_HOME=str(self.outside)
        )
        self.assertEqual(list(self.outside.iterdir()), [])

    def test_sessions_are_written_through_no_link(self):
        victim = self.outside / "victim"
        victim.write_text("precious")
        victim.chmod(0o666)
        folder = self.one.path / ".cache/aws-session-token"
        folder.mkdir(parents=True, mode=0o700)
        link = folder / "sessions"
        link.symlink_to(victim)
        for path in (folder.parent, folder, link):
            self.own(path)
        self.assert_goes_on(f"{link} is a link")
        self.assertEqual(victim.read_text(), "precious")

    @unittest.skipIf(os.geteuid() != 0, "it takes an ordinary user who is not the one of the tests")
    def test_without_a_home_every_command_goes_on(self):
        self.assert_goes_on(
            "cannot write to /: Permission denied",
            HOME="/",
            AWS_CONFIG_FILE=str(self.one.config),
            AWS_SHARED_CREDENTIALS_FILE=str(self.one.credentials),
        )

    def closed_cache(self):
        cache = self.one.path / ".cache"
        cache.mkdir()
        self.own(cache)
        cache.chmod(0o500)
        return cache

    def test_with_a_cache_that_cannot_be_written_every_command_goes_on(self):
        self.assert_goes_on(f"cannot write to {self.closed_cache()}: Permission denied")

    def test_with_a_cache_that_cannot_be_written_exec_goes_on(self):
        self.closed_cache()
        result = self.run_tool(
            "exec", "prod", "-u", "jsmith", "-c", self.one.code(), "--", "echo", "done"
        )
        self.assertEqual((result.returncode, result.stdout), (0, "done\n"), result.stderr)

    def test_a_folder_that_is_open_to_others_is_closed(self):
        self.get_session()
        folder = self.one.path / ".cache/aws-session-token"
        folder.chmod(0o755)
        self.assertEqual(self.run_tool("env", "prod", "--no-input").returncode, 0)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)

    def test_relative_folders_are_ignored(self):
        result = self.get_session(XDG_CACHE_HOME="cache", XDG_RUNTIME_DIR="run")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertTrue((self.one.path / ".cache/aws-session-token/sessions").exists())

    @unittest.skipIf(os.geteuid() != 0, "only for root")
    def test_root_leaves_nothing_in_somebodys_home_that_they_cannot_use(self):
        result = self.one.run("get", "-r", "AdminRole", "-u", "jsmith", "-c", self.one.code())
        self.assertEqual(result.returncode, 0, result.stderr)
        owner = self.one.path.stat().st_uid
        for path in self.one.path.rglob("*"):
            self.assertEqual(path.stat().st_uid, owner, path)

    def test_what_a_killed_logout_left_goes_with_the_next_command(self):
        stray = pathlib.Path(f"{self.one.credentials}.aws-session-token.tmp")
        for command in ("status", "logout"):
            with self.subTest(command=command):
                stray.write_text("[default]\naws_secret_access_key = a-secret\n")
                self.own(stray)
                self.assertEqual(self.run_tool(command).returncode, 0)
                self.assertFalse(stray.exists())


if __name__ == "__main__":
    support.main()
