#include "app/estate.h"

namespace app {
namespace {

using support::error_of;
using support::SandboxHttp;
using Names = std::vector<std::string>;

std::vector<std::string> profiles_of(const GetReport& report) {
  std::vector<std::string> names;
  for (const GetResult& result : report.results) names.push_back(result.profile);
  return names;
}

int written(const Estate& estate) {
  const std::string& text = estate.files.contents.at(House::credentials);
  int count = 0;
  for (auto at = text.find("manager = aws-session-token"); at != std::string::npos;
       at = text.find("manager = aws-session-token", at + 1)) {
    ++count;
  }
  return count;
}

TEST(Several, OneCodeOpensEveryRole) {
  Estate estate(5);
  const GetReport report = estate.get_all(estate.all());
  EXPECT_EQ(profiles_of(report), (Names{"team0-session", "team1-session", "team2-session",
                                        "team3-session", "team4-session"}));
  for (const GetResult& result : report.results) {
    EXPECT_FALSE(result.error);
    EXPECT_FALSE(result.cached);
    EXPECT_EQ(result.lifetime, base::Seconds{3600});
  }
  EXPECT_EQ(estate.operations(), (Names{"ListMFADevices", "GetSessionToken", "AssumeRole",
                                        "AssumeRole", "AssumeRole", "AssumeRole", "AssumeRole"}));
  EXPECT_EQ(written(estate), 5);
}

TEST(Several, ARoleThatIsRefusedHidesNoOther) {
  Estate estate(5, 2);
  const GetReport report = estate.get_all(estate.all());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(report.results[i].error.has_value(), i == 2) << i;
  EXPECT_STREQ(report.results[2].error->what(),
               "AWS does not let you assume arn:aws:iam::111111111102:role/Deploy (AccessDenied on "
               "AssumeRole)");
  EXPECT_EQ(written(estate), 4);
  EXPECT_EQ(estate.files.contents[House::credentials].find("team2-session"), std::string::npos);
}

TEST(Several, TheSecondRunWithinTheHourAsksNothing) {
  Estate estate(3);
  estate.get_all(estate.all());
  estate.http.requests.clear();
  estate.nobody_answers();
  GetRequest request = estate.all(false);
  request.session.username.reset();
  const GetReport report = estate.get_all(request);
  EXPECT_EQ(estate.operations(), Names{});
  EXPECT_EQ(estate.http.warm_origins.size(), 1u);  // of the first run
  for (const GetResult& result : report.results) EXPECT_TRUE(result.cached);
  EXPECT_EQ(written(estate), 3);
}

TEST(Several, RolesThatEndSoonAreRenewedWithoutACode) {
  Estate estate(3);
  estate.get_all(estate.all());
  estate.clock.advance(std::chrono::minutes{50});
  estate.http.requests.clear();
  estate.nobody_answers();
  const GetReport report = estate.get_all(estate.all(false));
  EXPECT_EQ(estate.operations(), (Names{"AssumeRole", "AssumeRole", "AssumeRole"}));
  EXPECT_EQ(report.results.front().lifetime, base::Seconds{3600});
}

TEST(Several, MinTtlSaysWhatIsKept) {
  Estate estate(1);
  GetRequest request;
  request.session.profiles = {"team0"};
  request.session.username = "jsmith";
  request.session.min_ttl = base::Seconds{600};
  request.session.code = estate.code();
  EXPECT_FALSE(estate.get(request).cached);
  request.session.code.reset();
  estate.clock.advance(std::chrono::minutes{49});
  EXPECT_TRUE(estate.get(request).cached);  // 11 minutes are left
  estate.clock.advance(std::chrono::minutes{2});
  request.session.code = estate.code();
  EXPECT_FALSE(estate.get(request).cached);
}

TEST(Several, RenewKeepsNothing) {
  Estate estate(2);
  estate.get_all(estate.all());
  estate.clock.advance(std::chrono::seconds{60});
  GetRequest request = estate.all();
  request.session.renew = true;
  for (const GetResult& result : estate.get_all(request).results) EXPECT_FALSE(result.cached);
  EXPECT_EQ(estate.count("GetSessionToken"), 2);
}

TEST(Several, ABaseSessionThatWasRevokedIsAskedForAgain) {
  Estate estate(2);
  estate.get_all(estate.all());
  estate.clock.advance(std::chrono::minutes{50});
  // The next two answers say that the key of the session is no more.
  int refusals = 2;
  estate.http.tamper = [&](base::HttpResponse& response) {
    if (refusals-- <= 0) return;
    response.status = 403;
    response.body =
        "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token "
        "included in the request is invalid</Message></Error></ErrorResponse>";
  };
  const GetReport report = estate.get_all(estate.all());
  for (const GetResult& result : report.results) EXPECT_FALSE(result.error);
  EXPECT_EQ(estate.count("GetSessionToken"), 2);
  EXPECT_EQ(estate.messages.notes,
            Names{"AWS does not take the session kept from before any more"});
}

TEST(Several, WhatIsKeptIsForOneKeyOneUserOneEndpointAndOneRole) {
  const auto kept_after = [](const std::function<void(Estate&, GetRequest&)>& change) {
    Estate estate(2);
    estate.get_all(estate.all());
    estate.clock.advance(std::chrono::seconds{60});
    GetRequest request = estate.all();
    change(estate, request);
    bool cached = false;
    error_of([&] {
      for (const GetResult& result : estate.get_all(request).results)
        cached = cached || result.cached;
    });
    return cached;
  };
  EXPECT_TRUE(kept_after([](Estate&, GetRequest&) {}));
  EXPECT_TRUE(kept_after([](Estate&, GetRequest& r) { r.session.region = "eu-west-1"; }));
  EXPECT_FALSE(kept_after([](Estate& e, GetRequest&) {
    std::string& text = e.files.contents[House::credentials];
    text.replace(text.find("aws_access_key_id = ") + 20, 20, "AKIAROTATEDROTATED00");
  }));
  EXPECT_FALSE(kept_after([](Estate&, GetRequest& r) { r.session.username = "mjones"; }));
  EXPECT_FALSE(kept_after([](Estate&, GetRequest& r) {
    r.session.serial_number = "arn:aws:iam::123456789012:mfa/other";
  }));
  EXPECT_FALSE(
      kept_after([](Estate&, GetRequest& r) { r.session.endpoint_url = "http://127.0.0.1:2"; }));
  EXPECT_FALSE(kept_after([](Estate& e, GetRequest&) {
    std::string& text = e.files.contents[House::config];
    while (text.find("role/Deploy") != std::string::npos) {
      text.replace(text.find("role/Deploy"), 11, "role/Other");
    }
  }));
  EXPECT_FALSE(kept_after([](Estate&, GetRequest& r) { r.session.role_session_name = "another"; }));
  // An hour serves a shorter wish.
  EXPECT_TRUE(kept_after([](Estate&, GetRequest& r) { r.session.duration = "30m"; }));
  EXPECT_TRUE(kept_after([](Estate&, GetRequest& r) { r.session.duration = "max"; }));
  EXPECT_FALSE(kept_after([](Estate&, GetRequest& r) { r.session.duration = "4h"; }));
  EXPECT_FALSE(kept_after([](Estate&, GetRequest& r) { r.session.tags = {{"Team", "a"}}; }));
}

TEST(Several, ADurationThatABaseSessionCannotGiveIsRefusedBeforeTheCode) {
  Estate estate(2);
  GetRequest request = estate.all();
  request.session.duration = "4h";
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 several roles with one code last one hour at most each: they are assumed with a "
            "session, and that is AWS's limit\nhint: ask for 1h or less with --duration, or get "
            "one role at a time");
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
}

TEST(Several, AProfileThatAsksForLongerIsCutToAnHour) {
  Estate estate(2);
  std::string& config = estate.files.contents[House::config];
  config.replace(config.find("source_profile"), 0, "duration_seconds = 43200\n");
  EXPECT_EQ(estate.get_all(estate.all()).results.front().lifetime, base::Seconds{3600});
}

TEST(Several, TwoTargetsOfOneNameAreRefusedBeforeTheCode) {
  Estate estate(2);
  GetRequest request = estate.all();
  request.session.all = false;
  request.session.roles = {"111111111100:Deploy", "111111111101:Deploy"};
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 arn:aws:iam::111111111100:role/Deploy and arn:aws:iam::111111111101:role/Deploy "
            "would both be written to profile Deploy-session\nhint: give a pattern that tells them "
            "apart, such as -p '{account}-{name}'");
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
  request.target_profile = "{account}-{name}";
  EXPECT_EQ(profiles_of(estate.get_all(request)),
            (Names{"111111111100-Deploy", "111111111101-Deploy"}));
}

TEST(Several, WhatIsGivenTwiceIsNamed) {
  Estate estate(2);
  GetRequest request = estate.all();
  request.session.all = false;
  request.session.roles = {"111111111100:Deploy", "arn:aws:iam::111111111100:role/Deploy"};
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 role Deploy was given twice\nhint: give it once");
  request.session.roles = {"team0"};
  request.session.profiles = {"team1", "team0"};
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 profile team0 was given twice\nhint: give it once");
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
  // What was not found may be two roles.
  request.session.profiles = {};
  request.session.roles = {"Nowhere", "/path/Nowhere"};
  EXPECT_EQ(error_of([&] { estate.get_all(request); }).find("twice"), std::string::npos);
  // Two ways to one role are two profiles, unless the pattern makes them one.
  request.session.roles = {"111111111100:Deploy"};
  request.session.profiles = {"team0"};
  request.target_profile = "{account}";
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 team0 and Deploy would both be written to profile 111111111100\n"
            "hint: give a pattern that tells them apart, such as -p '{account}-{name}'");
}

TEST(Several, OneNameForSeveralRolesIsRefusedBeforeTheCode) {
  Estate estate(2);
  GetRequest request = estate.all();
  request.target_profile = "session_token";
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 `session_token` names one profile, and there are 2 roles\nhint: give a pattern, "
            "such as -p '{name}-session' or -p '{account}-{name}'");
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
}

TEST(Several, ATargetThatMustNotBeWrittenIsRefusedBeforeTheCode) {
  Estate estate(2);
  estate.files.contents[House::credentials] += estate.key_section("team1-session", "jsmith");
  const GetRequest request = estate.all();
  EXPECT_TRUE(error_of([&] {
                estate.get_all(request);
              }).starts_with("1 profile team1-session holds a long-term access key"));
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
}

TEST(Several, ProfilesOfTwoKeysAreRefusedBeforeTheCode) {
  Estate estate(2);
  estate.files.contents[House::credentials] += estate.key_section("other", "jsmith");
  std::string& config = estate.files.contents[House::config];
  config.replace(config.rfind("default"), 7, "other");
  GetRequest request = estate.all();
  request.session.all = false;
  request.session.profiles = {"team0", "team1"};
  EXPECT_EQ(error_of([&] { estate.get_all(request); }),
            "2 team0 starts from the key of profile default, team1 from that of profile other: one "
            "code opens one key\nhint: run it once for each key");
  // Of all, those of the other key are left out.
  const GetReport report = estate.get_all(estate.all());
  EXPECT_EQ(profiles_of(report), Names{"team0-session"});
  EXPECT_EQ(estate.messages.notes, Names{"not of the key of default, left out: team1"});
}

TEST(Several, ChainsGoInTheirOrderAndShareWhatTheyHaveInCommon) {
  House house;
  house.files.contents[House::config] =
      "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\nsource_profile = "
      "default\n"
      "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/ChainB\nsource_profile = a\n"
      "[profile c]\nrole_arn = arn:aws:iam::123456789012:role/ChainC\nsource_profile = b\n";
  GetRequest request;
  request.session.profiles = {"c", "b", "a"};
  request.session.username = "jsmith";
  request.session.code = house.code();
  const GetReport report = house.get_all(request);
  for (const GetResult& result : report.results) EXPECT_FALSE(result.error) << result.profile;
  EXPECT_EQ(house.operations(),
            (Names{"ListMFADevices", "GetSessionToken", "AssumeRole", "AssumeRole", "AssumeRole"}));
}

TEST(Several, ChainsFailWithTheRoleThatTheyHang) {
  House house;
  house.files.contents[House::config] =
      "[profile n]\nrole_arn = arn:aws:iam::123456789012:role/NoTrustRole\nsource_profile = "
      "default\n"
      "[profile c]\nrole_arn = arn:aws:iam::123456789012:role/ChainC\nsource_profile = n\n"
      "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\nsource_profile = "
      "default\n";
  GetRequest request;
  request.session.profiles = {"c", "a"};
  request.session.username = "jsmith";
  request.session.code = house.code();
  const GetReport report = house.get_all(request);
  ASSERT_TRUE(report.results[0].error);
  EXPECT_NE(std::string(report.results[0].error->what()).find("role/NoTrustRole"),
            std::string::npos);
  EXPECT_FALSE(report.results[1].error);
}

// Every request is lost in every way: a role that fails is told, the others are written, and the
// code reaches AWS once.
TEST(Several, LosesNothingWhenTheNthRequestIsLost) {
  for (const auto loss :
       {SandboxHttp::Loss::unsent, SandboxHttp::Loss::before, SandboxHttp::Loss::after}) {
    for (int n = 1; n <= 5; ++n) {
      SCOPED_TRACE(testing::Message() << "request " << n << ", loss " << static_cast<int>(loss));
      Estate estate(3);
      estate.http.failing = n;
      estate.http.loss = loss;
      const GetRequest request = estate.all();
      const std::string error = error_of([&] { estate.get_all(request); });
      const bool code_lost = n == 2 && loss != SandboxHttp::Loss::unsent;
      EXPECT_EQ(error, code_lost ? "1 the connection broke\nhint: look at the network"
                                 : "nothing was thrown");
      EXPECT_EQ(written(estate), code_lost ? 0 : 3);
      EXPECT_EQ(estate.times_sent(*request.session.code), n == 2 && !code_lost ? 2 : 1);
    }
  }
}

TEST(Several, LosesNothingWhenTheNthFileOperationFails) {
  int failures = 0;
  for (int n = 1; n <= 30; ++n) {
    SCOPED_TRACE(n);
    Estate estate(2);
    estate.files.failing = n;
    const auto before = estate.shared_files();
    const std::string error = error_of([&] { estate.get_all(estate.all()); });
    if (estate.files.calls < n) break;
    ++failures;
    if (error == "nothing was thrown") {
      EXPECT_EQ(written(estate), 2);
    } else {
      EXPECT_TRUE(error.starts_with("1 the test fails this ")) << error;
      EXPECT_EQ(estate.shared_files(), before);
    }
  }
  EXPECT_GT(failures, 8);
}

TEST(Several, ThrottlingIsWaitedFor) {
  Estate estate(20);
  estate.aws.add_fault(sandbox::parse_fault("AssumeRole:Throttling:15"));
  const GetReport report = estate.get_all(estate.all());
  for (const GetResult& result : report.results) {
    EXPECT_FALSE(result.error) << result.error->what();
  }
}

TEST(Several, WhoWaitedForAnothersCodeUsesItsSession) {
  Estate estate(2);
  // What another process leaves behind while this one waits: the same in every byte.
  Estate other(2);
  other.get_all(other.all());
  const std::string cache = "/home/u/.cache/aws-session-token/sessions";
  int tries = 0;
  estate.files.before_lock = [&] {
    if (++tries == 1) return false;  // the other is asked
    estate.files.contents[cache] = other.files.contents[cache];
    return true;
  };
  estate.nobody_answers();
  const GetReport report = estate.get_all(estate.all(false));
  for (const GetResult& result : report.results) EXPECT_TRUE(result.cached);
  EXPECT_EQ(estate.messages.notes,
            Names{"another aws-session-token asks for the code; waiting for it"});
  EXPECT_EQ(estate.operations(), Names{});
}

TEST(Several, WaitsForAnothersCodeNotForEver) {
  Estate estate(2);
  estate.files.before_lock = [] { return false; };
  EXPECT_EQ(error_of([&] { estate.get_all(estate.all(false)); }),
            "4 another aws-session-token has waited for its code for too long\nhint: answer it "
            "there, then try again");
}

TEST(Several, TheMfaSessionIsTheBaseOfTheNextCommand) {
  Estate estate(2);
  GetRequest request;
  request.session.no_role = true;
  request.session.username = "jsmith";
  request.session.min_ttl = base::Seconds{60};
  request.session.code = estate.code();
  EXPECT_EQ(estate.get(request).lifetime, base::Seconds{12 * 3600});
  estate.nobody_answers();
  for (const GetResult& result : estate.get_all(estate.all(false)).results) {
    EXPECT_FALSE(result.error);
  }
  EXPECT_EQ(estate.count("GetSessionToken"), 1);
}

TEST(Several, AnMfaSessionThatEndsSoonIsNotTakenForTheResult) {
  Estate estate(1);
  GetRequest request;
  request.session.no_role = true;
  request.session.username = "jsmith";
  request.session.min_ttl = base::Seconds{1800};
  request.session.code = estate.code();
  estate.get(request);
  estate.clock.advance(std::chrono::hours{11} + std::chrono::minutes{50});
  request.session.code = estate.code();
  EXPECT_EQ(estate.get(request).lifetime, base::Seconds{12 * 3600});
}

TEST(Several, ANarrowerSessionIsNeverAnsweredWithTheWholeOne) {
  Estate estate(2);
  estate.get_all(estate.all());  // the MFA session is cached
  GetRequest request;
  request.session.no_role = true;
  request.session.username = "jsmith";
  request.session.min_ttl = base::Seconds{60};
  request.session.policy_arns = {"arn:aws:iam::aws:policy/ReadOnlyAccess"};
  EXPECT_TRUE(error_of([&] {
                estate.get(request);
              }).starts_with("2 --policy-arn goes with a role, and none is assumed"));
  std::string& config = estate.files.contents[House::config];
  config +=
      "[profile mfa]\nsource_profile = default\nmfa_serial = "
      "arn:aws:iam::123456789012:mfa/jsmith\n";
  request.session.no_role = false;
  request.session.profiles = {"team0", "mfa"};
  EXPECT_TRUE(error_of([&] {
                estate.get_all(request);
              }).starts_with("2 --policy-arn goes with a role, and none is assumed"));
  request.session.policy_arns.clear();
  request.session.duration = "15m";
  EXPECT_TRUE(error_of([&] {
                estate.get_all(request);
              }).starts_with("2 --duration is for roles or for the MFA session"));
  request.session.duration.clear();
  const GetReport report = estate.get_all(request);
  EXPECT_FALSE(report.results[0].error);
  EXPECT_FALSE(report.results[1].error);
  EXPECT_EQ(report.results[1].role_arn, "");
}

TEST(Several, AllAndANameExcludeEachOther) {
  Estate estate(1);
  GetRequest request = estate.all();
  request.session.roles = {"AdminRole"};
  EXPECT_TRUE(
      error_of([&] { estate.get_all(request); }).starts_with("2 --all means every profile"));
}

TEST(Several, ACacheThatCannotBeWrittenCostsNothingButTheNextCode) {
  Estate estate(2);
  const std::string cache = "/home/u/.cache/aws-session-token/sessions";
  estate.files.full = cache;
  const GetReport report = estate.get_all(estate.all());
  for (const GetResult& result : report.results) EXPECT_FALSE(result.error);
  EXPECT_EQ(written(estate), 2);
  EXPECT_EQ(estate.messages.notes, (Names{"the session cannot be kept: the disk is full",
                                          "the session cannot be kept: the disk is full"}));
}

TEST(Several, WhoFindsAnotherSessionInPlaceOfTheRefusedOneAsksNobody) {
  Estate estate(1);
  const std::string cache = "/home/u/.cache/aws-session-token/sessions";
  estate.get_all(estate.all());
  estate.clock.advance(std::chrono::minutes{50});
  GetRequest again = estate.all();
  again.session.renew = true;
  const std::string refused_cache = estate.files.contents[cache];
  estate.get_all(again);  // another process
  const std::string newer_cache = estate.files.contents[cache];
  estate.files.contents[cache] = refused_cache;
  int refusals = 1;
  estate.http.tamper = [&](base::HttpResponse& response) {
    if (refusals-- <= 0) return;
    response.status = 403;
    response.body =
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in "
        "the request is expired</Message></Error></ErrorResponse>";
  };
  estate.clock.advance(std::chrono::minutes{50});
  estate.files.before_lock = [&] {
    estate.files.contents[cache] = newer_cache;
    return true;
  };
  estate.nobody_answers();
  EXPECT_FALSE(estate.get_all(estate.all(false)).results.front().error);
  EXPECT_EQ(estate.count("GetSessionToken"), 2);
}

// What the clock of AWS said when a person began to think is not what it says now.
TEST(Several, APersonWhoThinksIsNoWrongClock) {
  House house;
  house.terminal.answers.push_back([&] { return std::string("jsmith"); });
  house.terminal.answers.push_back([&] {
    house.clock.advance(std::chrono::minutes{20});
    return std::string("210987654321:Deploy");
  });
  house.terminal.answers.push_back([&] { return house.code(); });
  EXPECT_EQ(house.get({}).lifetime, base::Seconds{3600});
  EXPECT_EQ(house.messages.notes, Names{});
}

TEST(Several, ALostLookUpOfTheOwnerIsToldForEachRole) {
  House house("hardware");
  GetRequest request;
  request.session.username = "hardware";
  request.session.serial_number = "GAHT12345678";
  request.session.roles = {"AdminRole", "LongRole"};
  request.session.code = "123456";
  house.http.tamper = [&](base::HttpResponse& response) {
    response.status = 403;
    response.body =
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        "</ErrorResponse>";
  };
  EXPECT_NE(error_of([&] { house.get_all(request); }), "nothing was thrown");
}

}  // namespace
}  // namespace app
