"""exec on a terminal: the code is asked there, and the command has it as if we had never been."""

import signal
import subprocess
import time

import pexpect

import support

CONFIG = (
    "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
    "source_profile = default\n"
)


class OnATerminal(support.EndToEnd):
    def setUp(self):
        self.the_home = self.home(self.sandbox())
        self.the_home.config.write_text(CONFIG)

    def exec(self, *command):
        child = self.the_home.terminal("exec", "-u", "jsmith", "prod", "--", *command)
        child.expect_exact("Code: ")
        child.sendline(self.the_home.code())
        return child

    def test_the_code_is_asked_and_the_command_has_the_terminal(self):
        child = self.exec("sh", "-c", "tty >/dev/null && read line && echo got $line as $AWS_PROFILE")
        child.sendline("input")
        child.expect_exact("got input as prod")
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_the_code_is_asked_on_the_terminal_when_input_comes_from_a_pipe(self):
        home = self.the_home
        child = pexpect.spawn(
            "/bin/sh", ["-c", f"echo piped | {support.TOOL_WORD} exec -u jsmith prod -- cat"],
            env=home.environment(), encoding="utf-8", timeout=30,
        )
        child.delaybeforesend = None
        child.expect_exact("Code: ")
        child.sendline(home.code())
        child.expect_exact("piped")
        _, status = support.finish(child)
        self.assertEqual(status, 0)

    def test_ctrl_c_at_the_question_is_130(self):
        child = self.the_home.terminal("exec", "-u", "jsmith", "prod", "--", "true")
        child.expect_exact("Code: ")
        child.sendintr()
        _, status = support.finish(child)
        self.assertEqual(status, 130)

    def test_ctrl_c_ends_the_command_by_its_signal(self):
        child = self.exec("sh", "-c", "echo started; exec sleep 60")
        child.expect_exact("started")
        child.sendintr()
        child.expect(pexpect.EOF)
        child.close()
        self.assertEqual(child.signalstatus, signal.SIGINT)

    def test_a_command_that_handles_ctrl_c_goes_on(self):
        child = self.exec("sh", "-c", "trap 'echo caught; exit 5' INT; echo started; while :; do sleep 0.1; done")
        child.expect_exact("started")
        child.sendintr()
        child.expect_exact("caught")
        _, status = support.finish(child)
        self.assertEqual(status, 5)

    def test_job_control_of_a_shell_works_on_it(self):
        home = self.the_home
        child = pexpect.spawn(
            "/bin/bash", ["--norc", "-i"], env=home.environment(PS1="ready> "), encoding="utf-8",
            timeout=30, dimensions=(40, 200),
        )
        child.delaybeforesend = None
        child.expect_exact("ready> ")
        command = "for i in $(seq 600); do sleep 0.1; test -e $HOME/go-on && exit 7; done"
        child.sendline(f"{support.TOOL_WORD} exec -u jsmith prod -- sh -c 'echo sta''rted; {command}'")
        child.expect_exact("Code: ")
        child.sendline(home.code())
        child.expect_exact("started")
        child.sendcontrol("z")
        child.expect_exact("Stopped")
        child.sendline("touch $HOME/go-on; fg; echo status $?")
        child.expect_exact("status 7")
        child.sendline("exit")
        child.expect(pexpect.EOF)
        child.close()

    def test_signals_sent_to_it_reach_the_command(self):
        home = self.the_home
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                process = subprocess.Popen(
                    [support.TOOL, "exec", "-u", "jsmith", "-c", home.code(), "prod", "--", "sh", "-c",
                     "trap 'exit 9' TERM HUP; echo started; while :; do sleep 0.1; done"],
                    stdout=subprocess.PIPE, text=True, env=home.environment(),
                )
                self.assertEqual(process.stdout.readline(), "started\n")
                process.send_signal(number)
                self.assertEqual(process.wait(20), 9)
                process.stdout.close()

    def test_whoever_outlives_the_mfa_session_is_asked_again(self):
        """The helper asks on the terminal, in the middle of the command."""
        home = self.the_home
        script = (
            f"{support.TOOL_WORD} logout --all --quiet >/dev/null 2>&1; rm -rf $HOME/.cache/aws-session-token;"
            f" {support.TOOL_WORD} credential-process prod -u jsmith >/dev/null && echo renewed"
        )
        child = self.exec("sh", "-c", script)
        child.expect_exact("Code: ")
        child.sendline(support.code(home.user["totp_secret"], "--clock-skew", "30s"))
        child.expect_exact("renewed")
        _, status = support.finish(child)
        self.assertEqual(status, 0)


if __name__ == "__main__":
    support.main()
