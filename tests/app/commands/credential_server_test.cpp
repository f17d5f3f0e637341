#include "app/commands/credential_server.h"

#include "base/error.h"
#include "os/locale.h"
#include "support/doors.h"
#include "support/fakes.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using namespace std::chrono_literals;

// A command that runs for so long, in no time.
struct FakeCompanion : os::Sidecar {
  FakeCompanion(support::FakeClock& fake_clock, std::chrono::milliseconds life)
      : clock(fake_clock), left(life) {}
  void ready(const std::string& text) override { report = text; }
  bool wait(std::chrono::milliseconds timeout) override {
    clock.advance(timeout);
    left -= timeout;
    return left > left.zero();
  }
  support::FakeClock& clock;
  std::chrono::milliseconds left;
  std::string report;
};

struct Serving : testing::Test {
  support::FakeClock clock;
  support::FakeMessages messages;
  std::vector<base::Seconds> left;  // of the session, when a new one was asked for
  base::Time end;
  std::string fails;

  Session session(base::Seconds lifetime) {
    end = clock.now() + lifetime;
    return {{"ASIA", base::Secret("s"), base::Secret("t"), end}, "", false};
  }
  std::string run(base::Seconds lifetime, std::chrono::milliseconds life) {
    FakeCompanion sidecar(clock, life);
    CredentialServer server(clock, messages, [&](base::Seconds min_ttl) {
      EXPECT_LE(end - clock.now(), min_ttl);
      left.push_back(end - clock.now());
      if (!fails.empty()) throw base::Error(base::ErrorKind::failed, fails, {"look again"});
      return session(lifetime);
    });
    server.run(sidecar, session(lifetime), base::Secret("token"));
    return sidecar.report;
  }
};

TEST_F(Serving, TellsItsPort) { EXPECT_GT(std::stoi(run(1h, 1min)), 0); }

TEST_F(Serving, RenewsAQuarterOfAnHourAheadAndNotBefore) {
  run(1h, 44min);
  EXPECT_TRUE(left.empty());
  run(1h, 2h);
  ASSERT_EQ(left.size(), 2U);
  for (const base::Seconds seconds : left) {
    EXPECT_LE(seconds, 15min);
    EXPECT_GT(seconds, 14min);
  }
}

TEST_F(Serving, RenewsAShortSessionAtHalfOfItsLife) {
  run(15min, 20min);
  ASSERT_EQ(left.size(), 2U);
  EXPECT_GT(left[0], 7min);
}

TEST_F(Serving, TriesAgainAndSaysSoOnce) {
  fails = "the network is gone";
  run(1h, 2h);
  EXPECT_GT(left.size(), 100U);
  ASSERT_EQ(messages.notes.size(), 1U);
  EXPECT_EQ(messages.notes[0], "the session that expires at " +
                                   os::local_time(*base::parse_rfc3339("2026-11-22T18:20:10Z")) +
                                   " cannot be renewed yet: the network is gone; look again");
}

}  // namespace
}  // namespace app
