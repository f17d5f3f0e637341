// Sessions that a command got, and who takes them next.
#include "app/commands/exec.h"
#include "app/estate.h"

namespace app {
namespace {

using Names = std::vector<std::string>;

struct Kept : testing::Test {
  House house;

  SessionRequest of(const std::string& role, bool with_a_code = true) {
    SessionRequest request;
    request.username = "jsmith";
    request.roles = {"arn:aws:iam::123456789012:role/" + role};
    if (with_a_code) request.code = house.code();
    request.no_input = !with_a_code;
    return request;
  }
  GetResult get(SessionRequest request) {
    GetRequest whole;
    whole.session = std::move(request);
    return house.get(whole);
  }
  void exec(SessionRequest session) {
    ExecRequest request;
    request.session = std::move(session);
    request.command = {"true"};
    Sessions sessions(house.environment, house.files, house.http, house.terminal, house.process,
                      house.clock, house.random, house.messages);
    Exec(sessions, house.environment, house.files, house.process, house.clock, house.random,
         house.messages)
        .run(request);
  }
};

TEST_F(Kept, ExecRightAfterGetNeedsNoSecondCode) {
  get(of("AdminRole"));
  house.http.requests.clear();
  exec(of("AdminRole", false));
  EXPECT_EQ(house.operations(), Names{});
  ASSERT_EQ(house.messages.notes.size(), 1U);
  EXPECT_NE(house.messages.notes[0].find("renewing it, or another profile, needs a code"),
            std::string::npos);
}

TEST_F(Kept, MinTtlThatIsGivenOnlyNowTakesIt) {
  get(of("AdminRole"));
  SessionRequest request = of("AdminRole", false);
  request.min_ttl = base::Seconds{600};
  EXPECT_TRUE(get(request).cached);
}

TEST_F(Kept, AShorterSessionReplacesNoLongerOneAndServesNoLongerWish) {
  SessionRequest request = of("LongRole");
  request.duration = "8h";
  get(request);
  house.clock.advance(std::chrono::seconds{30});
  request = of("LongRole");
  request.duration = "1h";
  EXPECT_EQ(get(request).lifetime, base::Seconds{3600});
  request = of("LongRole", false);
  request.min_ttl = base::Seconds{7200};
  EXPECT_TRUE(get(request).cached);
  request.duration = "12h";
  EXPECT_THROW(get(request), base::Error);
}

// The trust policy of DeployRole wants a code of the last hour.
struct OldBase : Kept {
  OldBase() {
    SessionRequest request = of("AdminRole");
    exec(request);
    house.clock.advance(std::chrono::hours{2});
    house.http.requests.clear();
    house.messages.notes.clear();
  }
  SessionRequest deploy(bool with_a_code) { return of("deploy/DeployRole", with_a_code); }
};

TEST_F(OldBase, ACodeThatWasGivenRenewsIt) {
  exec(deploy(true));
  EXPECT_EQ(house.operations(), (Names{"AssumeRole", "GetSessionToken", "AssumeRole"}));
}

TEST_F(OldBase, WithNobodyToAskTheAgeIsTold) {
  const std::string error = support::error_of([&] { exec(deploy(false)); });
  EXPECT_NE(error.find("the MFA session is from the cache, 2 h old"), std::string::npos) << error;
  EXPECT_NE(error.find("--renew"), std::string::npos) << error;
  EXPECT_EQ(house.operations(), Names{"AssumeRole"});
}

}  // namespace
}  // namespace app
