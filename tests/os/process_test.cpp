#include "os/process.h"

#include "os/interrupt.h"
#include "support/child.h"
#include "support/error.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace os {
namespace {

using support::error_of;

std::string run(const std::string& command) {
  const Interrupt interrupt;
  const ProcessResult result = SystemProcess(interrupt).run_shell(command);
  return std::to_string(result.status) + " " + std::string(result.output);
}

TEST(Process, RunsTheLineInAShellAndGivesWhatItPrints) {
  EXPECT_EQ(run("echo 12; printf 34 | cat"), "0 12\n34");
  EXPECT_EQ(run("true"), "0 ");
}

TEST(Process, TellsHowItEnded) {
  EXPECT_EQ(run("exit 7"), "7 ");
  EXPECT_EQ(run("awsst-no-such-command 2>/dev/null"), "127 ");
  EXPECT_EQ(run("kill -9 $$"), "137 ");
}

TEST(Process, GivesTheCommandNoInput) { EXPECT_EQ(run("cat; echo end"), "0 end\n"); }

TEST(Process, TakesSoMuchAndNoMore) {
  EXPECT_EQ(run("head -c 65536 /dev/zero").size(), 2 + std::size_t{64} * 1024);
  // An endless one too is an error, and ends.
  for (const char* command : {"head -c 65537 /dev/zero", "yes | tr -d '\\n'"}) {
    EXPECT_EQ(error_of([&] { run(command); }),
              "1 the command printed more than 64 KiB\n"
              "hint: it must print the answer and nothing else");
  }
}

TEST(Process, DoesNotWaitForWhatTheCommandLeavesRunning) {
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(run("sleep 60 & echo 123456"), "0 123456\n");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(30));
}

// Its process id, printed by the line that leaves it running.
pid_t left_by(const std::string& command) {
  return static_cast<pid_t>(std::stoi(run(command).substr(2)));
}

TEST(Process, EndsWhatTheCommandLeavesRunning) {
  EXPECT_NE(kill(left_by("sleep 60 & echo $!"), 0), 0);
  EXPECT_NE(kill(left_by("sh -c 'sleep 60 & echo $!'"), 0), 0);
  EXPECT_NE(kill(left_by("sh -c 'trap \"\" TERM; while :; do sleep 1; done' >&- & echo $!"), 0), 0);
}

TEST(Process, LeavesADaemonThatTheCommandStartsAlone) {
  const pid_t daemon =
      left_by("started=$(setsid -f sh -c 'echo $$; exec sleep 60 >/dev/null'); echo $started");
  EXPECT_EQ(kill(daemon, 0), 0);
  kill(daemon, SIGKILL);
}

TEST(Process, EndsTheCommandThatTakesTooLong) {
  const Interrupt interrupt;
  SystemProcess process(interrupt, std::chrono::seconds{1});
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of([&] { process.run_shell("sleep 60"); }),
            "1 the command did not end within 1 s");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(30));
}

TEST(Process, GivesTheCommandNoSecretOfOurs) {
  EXPECT_EQ(
      support::in_child([] {
        for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
                                 "AWS_SECURITY_TOKEN", "AWSST_MFA_PROCESS_FILE",
                                 "AWS_CONTAINER_AUTHORIZATION_TOKEN"}) {
          setenv(name, "a-secret", 1);
        }
        setenv("AWS_PROFILE", "prod", 1);
        return run("env | grep -c a-secret; echo $AWS_PROFILE");
      }),
      "0 0\nprod\n");
}

// A pipe whose reader went away ends the command as in any shell, though we ignore that signal.
TEST(Process, GivesTheCommandItsBrokenPipesBack) {
  EXPECT_EQ(run("sh -c 'kill -s PIPE $$; echo alive'").substr(0, 4), "141 ");
}

TEST(Process, EndsTheCommandWhenInterrupted) {
  for (const std::string command : {"kill -s INT $PPID; exec sleep 60",
                                    "trap '' TERM; kill -s INT $PPID; while :; do sleep 1; done"}) {
    const auto started = std::chrono::steady_clock::now();
    EXPECT_EQ(support::in_child([&] { return error_of([&] { run(command); }); }), "interrupted");
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(30)) << command;
  }
}

}  // namespace
}  // namespace os
