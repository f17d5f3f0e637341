#include "os/environment.h"
#include "os/interrupt.h"
#include "os/random.h"
#include "os/system_clock.h"
#include "support/child.h"
#include "support/error.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <gtest/gtest.h>
#include <limits>
#include <pwd.h>
#include <set>
#include <stdlib.h>
#include <unistd.h>

namespace os {
namespace {

using std::chrono::milliseconds;

TEST(SystemClock, TellsTheTimeInUtc) {
  const Interrupt interrupt;
  SystemClock clock(interrupt);
  setenv("TZ", "Pacific/Kiritimati", 1);
  tzset();
  const std::time_t before = std::time(nullptr);
  const std::time_t told = clock.now().time_since_epoch().count();
  const std::time_t after = std::time(nullptr);
  unsetenv("TZ");
  tzset();
  EXPECT_LE(before, told);
  EXPECT_LE(told, after);
}

TEST(SystemClock, MeasuresForwards) {
  const Interrupt interrupt;
  SystemClock clock(interrupt);
  const milliseconds before = clock.monotonic();
  clock.sleep(milliseconds(2));
  EXPECT_GT(clock.monotonic(), before);
}

TEST(SystemClock, InterruptEndsTheSleep) {
  const Interrupt interrupt;
  SystemClock clock(interrupt);
  raise(SIGINT);
  EXPECT_EQ(support::error_of([&] { clock.sleep(std::chrono::hours(1)); }), "interrupted");
  // Beyond what poll() can count: long, and not "for ever" or at once.
  EXPECT_EQ(support::error_of([&] { clock.sleep(milliseconds::max()); }), "interrupted");
}

TEST(SystemClock, DoesNotSleepForATimeThatIsOver) {
  const Interrupt interrupt;
  SystemClock clock(interrupt);
  clock.sleep(milliseconds(0));
  clock.sleep(milliseconds(-1));
  clock.sleep(milliseconds::min());
}

// The variables are changed in a child only.
struct Environment : testing::Test {
  const SystemEnvironment environment;
};

TEST_F(Environment, AnEmptyVariableIsNotSet) {
  EXPECT_EQ(support::in_child([&]() -> std::string {
              unsetenv("AWS_PROFILE");
              std::string result = environment.get("AWS_PROFILE").value_or("none") + " ";
              setenv("AWS_PROFILE", "", 1);
              result += environment.get("AWS_PROFILE").value_or("none") + " ";
              setenv("AWS_PROFILE", " prod ", 1);
              return result + environment.get("AWS_PROFILE").value_or("none");
            }),
            "none none  prod ");
}

TEST_F(Environment, HomeIsWhereTheVariableSays) {
  EXPECT_EQ(support::in_child([&] {
              setenv("HOME", "/somewhere/else", 1);
              return environment.home();
            }),
            "/somewhere/else");
}

TEST_F(Environment, HomeWithoutTheVariableIsTheUserDatabases) {
  const passwd* user = getpwuid(geteuid());
  if (user == nullptr) GTEST_SKIP() << "SKIPPED: this user is in no database";
  const std::string home = user->pw_dir;
  EXPECT_EQ(support::in_child([&] {
              unsetenv("HOME");
              std::string result = environment.home() + " ";
              setenv("HOME", "", 1);
              return result + environment.home();
            }),
            home + " " + home);
}

TEST_F(Environment, SaysThatThereIsNoHome) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can become a user without a name";
  constexpr uid_t stranger = 3'999'999'998;
  EXPECT_EQ(support::in_child([&]() -> std::string {
              unsetenv("HOME");
              if (setuid(stranger) != 0 || getpwuid(stranger) != nullptr) return "no stranger";
              return support::error_of([&] { environment.home(); });
            }),
            "1 there is no home folder\n"
            "hint: set HOME, or name the files with AWS_CONFIG_FILE and "
            "AWS_SHARED_CREDENTIALS_FILE");
}

TEST(SystemRandom, StaysBelowTheBoundAndReachesAllOfIt) {
  SystemRandom random;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0u);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.below(4));  // one missing: 1 in 10^124
  EXPECT_EQ(seen, (std::set<std::uint32_t>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace os
