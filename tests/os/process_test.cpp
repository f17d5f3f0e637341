#include "os/process.h"

#include "os/interrupt.h"
#include "support/child.h"
#include "support/error.h"

#include <chrono>
#include <csignal>
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
  EXPECT_EQ(run("head -c 1000000 /dev/zero").size(), 2 + std::size_t{64} * 1024);
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
