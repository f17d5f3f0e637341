#include "app/commands/credential_process.h"

#include "app/fixture.h"

#include <nlohmann/json.hpp>

namespace app {
namespace {

using namespace std::chrono_literals;
using support::error_of;

struct ProcessHouse : House {
  using House::House;

  nlohmann::json told(const SessionRequest& request = {}) {
    Sessions sessions(environment, files, http, terminal, process, clock, random, messages);
    return nlohmann::json::parse(CredentialProcess(sessions, environment, files).run(request));
  }
  std::string end(const SessionRequest& request = {}) { return told(request)["Expiration"]; }
};

TEST(CredentialProcess, TellsTheEndFiveMinutesEarlyAndNeverThePast) {
  EXPECT_EQ(told_lifetime(1h), 55min);
  EXPECT_EQ(told_lifetime(10min), 5min);
  EXPECT_EQ(told_lifetime(9min), 270s);
  EXPECT_EQ(told_lifetime(1s), 1s);
}

TEST(CredentialProcess, AsksOnceAndThenAnswersFromWhatIsKept) {
  ProcessHouse house;
  house.terminal.will_answer(house.code());
  EXPECT_EQ(house.end(), "2026-11-22T18:15:10Z");
  EXPECT_EQ(house.terminal.shown,
            "aws-session-token needs an MFA code for role AdminRole\n"
            "MFA code of jsmith, from arn:aws:iam::123456789012:mfa/jsmith\nCode: " +
                house.code() + "\n");
  EXPECT_EQ(house.terminal.last_timeout, 55s);
  const std::size_t requests = house.http.requests.size();
  house.clock.advance(44min);
  EXPECT_EQ(house.end(), "2026-11-22T18:15:10Z");
  EXPECT_EQ(house.http.requests.size(), requests);
  house.clock.advance(1min);  // a quarter of an hour is left
  EXPECT_EQ(house.end(), "2026-11-22T19:00:10Z");
}

TEST(CredentialProcess, KeepsWhatTheOptionOrTheSettingSays) {
  ProcessHouse house;
  house.terminal.will_answer(house.code());
  house.told();
  house.clock.advance(58min);
  SessionRequest request;
  request.min_ttl = 1min;
  EXPECT_EQ(house.end(request), "2026-11-22T18:19:10Z");
  house.files.contents["/home/u/.config/aws-session-token/config"] = "[settings]\nmin_ttl = 1m\n";
  EXPECT_EQ(house.end(), "2026-11-22T18:19:10Z");
}

TEST(CredentialProcess, NamesTheProfileItAsksFor) {
  ProcessHouse house;
  house.files.contents[House::config] =
      "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "source_profile = default\n";
  house.terminal.will_answer(house.code());
  SessionRequest request;
  request.profiles = {"prod"};
  house.told(request);
  EXPECT_TRUE(house.terminal.shown.starts_with(
      "aws-session-token needs an MFA code for profile prod\n"
      "MFA code of jsmith, from arn:aws:iam::123456789012:mfa/jsmith\nCode: "));
}

TEST(CredentialProcess, SaysInOneLineThatNobodyCanBeAsked) {
  ProcessHouse house;
  house.terminal.person = false;
  EXPECT_EQ(
      error_of([&] { house.told(); }),
      "4 an MFA code is needed, and there is no one to ask; get a session on a terminal first: "
      "aws-session-token exec -- true");
  EXPECT_TRUE(house.http.requests.empty());
}

TEST(CredentialProcess, NamesTheCommandThatGetsTheSessionItNeeds) {
  ProcessHouse house;
  house.terminal.person = false;
  house.files.contents[House::credentials] += house.key_section("mjones", "mjones");
  SessionRequest request;
  request.username = "mjones";
  request.source_profile = "mjones";
  EXPECT_EQ(
      error_of([&] { house.told(request); }),
      "4 an MFA code is needed, and there is no one to ask; get a session on a terminal first: "
      "aws-session-token exec --username=mjones -s mjones -- true");
}

TEST(CredentialProcess, TakesTheTimeThatIsLeftForTheSecondQuestion) {
  ProcessHouse house;
  house.terminal.answers.push_back([&] {
    house.clock.advance(20s);
    return "nonsense";
  });
  house.terminal.answers.push_back([&] { return house.code(); });
  house.told();
  EXPECT_EQ(house.terminal.last_timeout, 35s);
}

TEST(CredentialProcess, GivesUpOnAnotherProcessInOneLine) {
  ProcessHouse house;
  house.files.before_lock = [] { return false; };
  EXPECT_EQ(error_of([&] { house.told(); }),
            "4 another aws-session-token has waited for its code for too long; answer it there, "
            "then try again");
}

}  // namespace
}  // namespace app
