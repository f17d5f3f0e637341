#include "os/interrupt.h"

#include "support/child.h"
#include "support/error.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <gtest/gtest.h>
#include <memory>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace os {
namespace {

bool readable(const Interrupt& interrupt) {
  pollfd waiting = {interrupt.descriptor(), POLLIN, 0};
  return poll(&waiting, 1, 0) == 1;
}

TEST(Interrupt, IsPendingAndReadableOnceASignalCame) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Interrupt interrupt;
    EXPECT_FALSE(interrupt.pending());
    EXPECT_FALSE(readable(interrupt));
    EXPECT_NO_THROW(interrupt.throw_if_pending());
    raise(signal);
    EXPECT_TRUE(interrupt.pending()) << signal;
    EXPECT_TRUE(readable(interrupt)) << signal;
    EXPECT_EQ(support::error_of([&] { interrupt.throw_if_pending(); }), "interrupted");
  }
}

TEST(Interrupt, LeavesAWriteToNobodyAnError) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const Interrupt interrupt;
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST(Interrupt, StaysPendingHoweverOftenItCame) {
  const Interrupt interrupt;
  for (int i = 0; i < 70'000; ++i) raise(SIGINT);  // more than a pipe holds
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(support::error_of([&] { interrupt.throw_if_pending(); }), "interrupted");
  }
}

TEST(Interrupt, EndsAWaitingRead) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  const Interrupt interrupt;
  const pthread_t reader = pthread_self();
  std::atomic<bool> back = false;
  // Signals until the read came back, for the first may come before it began.
  std::thread other([&] {
    while (!back) {
      pthread_kill(reader, SIGINT);
      std::this_thread::yield();
    }
  });
  char byte = 0;
  const ssize_t count = read(ends[0], &byte, 1);
  const int error = errno;
  back = true;
  other.join();
  EXPECT_EQ(count, -1);
  EXPECT_EQ(error, EINTR);
  close(ends[0]);
  close(ends[1]);
}

TEST(Interrupt, GivesTheSignalsBackAtItsEnd) {
  EXPECT_EQ(support::in_child([]() -> std::string {
              std::make_unique<Interrupt>().reset();
              raise(SIGTERM);
              return "still there";
            }),
            "killed by signal 15");
}

TEST(Interrupt, LeavesASignalIgnoredThatTheParentHadIgnored) {
  EXPECT_EQ(support::in_child([]() -> std::string {
              signal(SIGHUP, SIG_IGN);
              const Interrupt interrupt;
              raise(SIGHUP);
              return interrupt.pending() ? "interrupted" : "ignored";
            }),
            "ignored");
}

}  // namespace
}  // namespace os
