#include "app/commands/get.h"

#include "app/fixture.h"

namespace app {
namespace {

using support::error_of;
using support::SandboxHttp;
using Names = std::vector<std::string>;

TEST(Get, AsksLooksUpAssumesAndWrites) {
  House house;
  house.terminal.will_answer("jsmith");
  house.terminal.will_answer("");
  house.terminal.will_answer(house.code());
  const GetResult result = house.get({});
  EXPECT_EQ(result.profile, "session_token");
  EXPECT_EQ(result.role_arn, "arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(result.lifetime, base::Seconds{3600});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole", "AssumeRole"}));
  EXPECT_NE(house.files.contents[House::credentials].find("[session_token]\naws_access_key_id = "),
            std::string::npos);
}

TEST(Get, AsksAPersonAgainForWhatCannotBe) {
  House house;
  for (const char* answer : {"j smith", "jsmith", "no such role", "123456", ""}) {
    house.terminal.will_answer(answer);
  }
  house.terminal.will_answer(house.code());
  house.get({});
  EXPECT_EQ(house.terminal.shown,
            "\nAWS Session Token Generator\nHit Enter on Role for Default\n\n"
            "Username: j smith\n"
            "the user name `j smith` has a character that AWS does not allow: only ASCII letters, "
            "digits and _+=,.@-\n"
            "Username: jsmith\n"
            "Role [AdminRole]: no such role\n"
            "`no such role` is neither a role nor a profile with a role_arn\n"
            "Role [AdminRole]: 123456\n"
            "this looks like an MFA code, not like a role\n"
            "Role [AdminRole]: \n"
            "Code: " +
                house.code() + "\n");
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole", "AssumeRole"}));
}

TEST(Get, AsksAPipeOnlyOnce) {
  House house;
  house.terminal.person = false;
  house.terminal.will_answer("j smith");
  EXPECT_EQ(error_of([&] { house.get({}); }),
            "2 the user name `j smith` has a character that AWS does not allow: only ASCII "
            "letters, digits and _+=,.@-\n"
            "hint: it comes from the answer, --username, or `username` of the settings");
  house.terminal.will_answer("jsmith");
  house.terminal.will_answer("no such role");
  EXPECT_TRUE(error_of([&] { house.get({}); }).starts_with("2 `no such role` is neither a role"));
}

TEST(Get, SaysNothingBeforeTheCodeWhereItIsToBeQuiet) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.quiet = true;
  house.terminal.will_answer(house.code());
  house.get(request);
  EXPECT_EQ(house.terminal.shown, "Code: " + house.code() + "\n");
}

TEST(Get, SaysThatTheSourceIsNoProfileBeforeItAsksAnything) {
  House house;
  GetRequest request;
  request.session.source_profile = "nosuch";
  EXPECT_TRUE(error_of([&] { house.get(request); }).starts_with("1 there is no profile nosuch"));
  EXPECT_EQ(house.terminal.shown, "");
  EXPECT_TRUE(house.http.requests.empty());
}

TEST(Get, WithDeviceAndRoleGivenMakesOneRequest) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  request.session.roles = {"arn:aws:iam::123456789012:role/AdminRole"};
  house.get(request);
  EXPECT_EQ(house.operations(), Names{"AssumeRole"});
}

// Every request of the job is lost in every way; whatever happens, the file is the old one or the
// job succeeded, and no code reaches AWS twice.
TEST(Get, LosesNothingWhenTheNthRequestIsLost) {
  for (const auto loss :
       {SandboxHttp::Loss::unsent, SandboxHttp::Loss::before, SandboxHttp::Loss::after}) {
    for (int n = 1; n <= 4; ++n) {
      SCOPED_TRACE(testing::Message() << "request " << n << ", loss " << static_cast<int>(loss));
      House house;
      house.http.failing = n;
      house.http.loss = loss;
      const auto before = house.shared_files();
      const std::string code = house.code();
      const std::string error = error_of([&] { house.get(with_code(code)); });
      const bool survives = n != 3 || loss == SandboxHttp::Loss::unsent;
      if (survives) {
        EXPECT_EQ(error, "nothing was thrown");
        EXPECT_NE(house.shared_files(), before);
      } else {
        EXPECT_EQ(error, "1 the connection broke\nhint: look at the network");
        EXPECT_EQ(house.shared_files(), before);
      }
      EXPECT_EQ(house.times_sent(code), n == 3 && survives ? 2 : 1);
    }
  }
}

TEST(Get, LosesNothingWhenTheNthFileOperationFails) {
  int failures = 0;
  for (int n = 1; n <= 11; ++n) {
    SCOPED_TRACE(n);
    House house;
    house.files.failing = n;
    const auto before = house.shared_files();
    const std::string error = error_of([&] { house.get(with_code(house.code())); });
    if (house.files.calls < n) break;
    ++failures;
    if (n == 6) {  // of spent codes, for which there is a second place
      EXPECT_EQ(error, "nothing was thrown");
      EXPECT_TRUE(house.files.contents.contains("/dev/shm/aws-session-token-1000/spent-codes"));
      continue;
    }
    if (n == 7) {  // of the cache, which is a help and no condition
      EXPECT_EQ(error, "nothing was thrown");
      ASSERT_EQ(house.messages.notes.size(), 1U);
      EXPECT_TRUE(house.messages.notes[0].starts_with("the session cannot be kept: "));
      EXPECT_NE(house.shared_files(), before);
      continue;
    }
    EXPECT_TRUE(error.starts_with("1 the test fails this ")) << error;
    EXPECT_EQ(house.shared_files(), before);
  }
  // config, credentials, settings; both again for the key; the code; the cache; the update, config
  // in it
  EXPECT_EQ(failures, 9);
}

// Answers that somebody has changed on their way: `what` takes the place of the first `of`.
void tamper(House& house, std::string_view of, std::string_view what) {
  house.http.tamper = [=](base::HttpResponse& response) {
    if (const auto at = response.body.find(of); at != base::WipedString::npos) {
      response.body.replace(at, of.size(), what);
    }
  };
}

TEST(Get, RefusesAnAnswerForAnotherRole) {
  for (const std::string other : {"aws:sts::123456789012:assumed-role/OtherRole/",
                                  "aws:sts::999999999999:assumed-role/AdminRole/",
                                  "aws-cn:sts::123456789012:assumed-role/AdminRole/"}) {
    House house;
    tamper(house, "aws:sts::123456789012:assumed-role/AdminRole/", other);
    const auto before = house.shared_files();
    EXPECT_EQ(error_of([&] { house.get(with_code(house.code())); }),
              "1 AWS answered with arn:" + other +
                  "jsmith, which is not the role that was asked for\n"
                  "hint: the answer was discarded; check that the endpoint is AWS's");
    EXPECT_EQ(house.shared_files(), before);
    EXPECT_FALSE(house.files.contents.contains("/home/u/.cache/aws-session-token/sessions"));
    EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole", "AssumeRole"}));
  }
}

TEST(Get, RefusesAnAnswerForAnotherSessionName) {
  House house;
  tamper(house, "assumed-role/AdminRole/jsmith", "assumed-role/AdminRole/mallory");
  EXPECT_EQ(error_of([&] { house.get(with_code(house.code())); }),
            "1 AWS answered with a session named mallory, not jsmith\n"
            "hint: the answer was discarded; check that the endpoint is AWS's");
}

// Before the code is spent: AssumeRole would take it for a role that nobody has named.
TEST(Get, RefusesALookUpThatNamesAnotherRole) {
  for (const std::string other :
       {"aws:iam::123456789012:role/OtherRole", "aws:iam::999999999999:role/AdminRole",
        "aws-cn:iam::123456789012:role/AdminRole", "aws:iam::123456789012:user/AdminRole"}) {
    House house;
    tamper(house, "aws:iam::123456789012:role/AdminRole", other);
    EXPECT_EQ(error_of([&] { house.get(with_code(house.code())); }),
              "1 AWS answered with arn:" + other +
                  ", which is not the role AdminRole of the account 123456789012\n"
                  "hint: the answer was discarded; check that the endpoint is AWS's");
    EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole"}));
  }
}

TEST(Get, RefusesAnExpirationThatCannotBe) {
  for (const bool no_role : {false, true}) {
    for (const std::string other : {"1999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon", ""}) {
      House house;
      house.http.tamper = [&](base::HttpResponse& response) {
        const std::string_view open = "<Expiration>";
        const auto at = response.body.find(open);
        if (at == base::WipedString::npos) return;
        const auto end = response.body.find('<', at + open.size());
        response.body.replace(at + open.size(), end - at - open.size(), other);
      };
      const auto before = house.files.contents;
      GetRequest request = with_code(house.code());
      if (no_role) request.session.roles.clear();
      request.session.no_role = no_role;
      EXPECT_TRUE(error_of([&] { house.get(request); }).starts_with("1 ")) << other;
      EXPECT_EQ(house.shared_files(), before) << other;
      EXPECT_FALSE(house.files.contents.contains("/home/u/.cache/aws-session-token/sessions"));
    }
  }
}

TEST(Get, RefusesTheMfaSessionOfAnotherUser) {
  House house;
  tamper(house, "123456789012:user/jsmith", "123456789012:user/mallory");
  const auto before = house.shared_files();
  GetRequest request = with_code(house.code());
  request.session.roles.clear();
  request.session.no_role = true;
  EXPECT_EQ(error_of([&] { house.get(request); }),
            "1 AWS answered with a session of arn:aws:iam::123456789012:user/mallory, not of the "
            "user jsmith\n"
            "hint: the answer was discarded; check that the endpoint is AWS's");
  EXPECT_EQ(house.shared_files(), before);
  EXPECT_FALSE(house.files.contents.contains("/home/u/.cache/aws-session-token/sessions"));
}

TEST(Get, SeesAKeyThatWasPutIntoTheTargetMeanwhile) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  house.terminal.answers.push_back([&house] {
    house.files.contents[House::credentials] +=
        "[session_token]\naws_access_key_id = AKIA\naws_secret_access_key = S\n";
    return house.code();
  });
  EXPECT_EQ(error_of([&] { house.get(request); }),
            "1 profile session_token holds a long-term access key; it was left unchanged\n"
            "hint: choose another profile to write with -p");
  EXPECT_EQ(house.files.contents[House::credentials].find("ASIA"), std::string::npos);
}

TEST(Get, ChecksWhatAwsWouldRefuseBeforeACodeIsSent) {
  House house;
  const auto refused = [&](const auto& change) {
    GetRequest request = with_code("123456");
    change(request.session);
    const std::string error = error_of([&] { house.get(request); });
    EXPECT_EQ(house.times_sent("123456"), 0);
    return error.substr(0, 2);
  };
  EXPECT_EQ(refused([](auto& s) { s.role_session_name = "not a name"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.external_id = "x"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.duration = "5m"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.duration = "13h"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.duration = "soon"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.serial_number = "short"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.policy_arns = {"x"}; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.policy_file = "/not/there"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.roles = {"arn:aws:iam::123456789012:user/jsmith"}; }), "2 ");
}

TEST(Get, RefusesASessionPolicyThatIsEmptyOrMalformedBeforeTheCode) {
  House house;
  const auto refused = [&](const std::string& policy) {
    house.files.contents["/policy"] = policy;
    GetRequest request = with_code("123456");
    request.session.policy_file = "/policy";
    const std::string error = error_of([&] { house.get(request); });
    EXPECT_TRUE(house.operations().empty());
    return error;
  };
  const std::string hint =
      "\nhint: it is a policy document as for a role, with Effect, Action and Resource";
  EXPECT_EQ(refused(""), "2 the session policy /policy is empty" + hint);
  EXPECT_EQ(refused(" \n"), "2 the session policy /policy is empty" + hint);
  EXPECT_EQ(refused("{"),
            "2 the session policy /policy cannot be used: the policy: not JSON at "
            "line 1, column 2" +
                hint);
  EXPECT_EQ(refused("{}"),
            "2 the session policy /policy cannot be used: the policy: needs Statement" + hint);
  EXPECT_EQ(refused(R"({"Statement": []})"),
            "2 the session policy /policy cannot be used: the policy: has no statement" + hint);
  EXPECT_EQ(refused(R"({"Statement": {"Effect": "Allow", "Action": "*"}})"),
            "2 the session policy /policy cannot be used: statement 1: needs either Resource or "
            "NotResource" +
                hint);
}

TEST(Get, LeavesTheConditionsOfASessionPolicyToAws) {
  House house;
  house.files.contents["/policy"] =
      R"({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*",
          "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}}]})";
  GetRequest request = with_code(house.code());
  request.session.policy_file = "/policy";
  error_of([&] { house.get(request); });  // the sandbox does not know it
  EXPECT_EQ(house.operations().back(), "AssumeRole");
}

TEST(Get, TakesTheLongestThatTheRoleAllows) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.roles = {"LongRole"};
  request.session.duration = "max";
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{43200});
}

TEST(Get, SaysBeforeTheCodeThatTheMaximumIsNotKnown) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.roles = {"arn:aws:iam::210987654321:role/Deploy"};
  request.session.duration = "max";
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{3600});
  EXPECT_EQ(house.messages.notes,
            Names{"how long the role allows is not known here; the session will last 1 h"});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "AssumeRole"}));
}

TEST(Get, DrawsAMfaSessionOfTwelveHours) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.roles.clear();
  request.session.no_role = true;
  const GetResult result = house.get(request);
  EXPECT_EQ(result.lifetime, base::Seconds{12 * 3600});
  EXPECT_EQ(result.role_arn, "");
}

// Else who asks for a narrower session would get the whole one.
TEST(Get, TakesNoOptionOfARoleForTheMfaSessionItself) {
  House house;
  house.files.contents["/policy"] =
      R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  const auto refused = [&](const auto& change) {
    GetRequest request = with_code("123456");
    request.session.roles.clear();
    request.session.no_role = true;
    change(request.session);
    const std::string error = error_of([&] { house.get(request); });
    EXPECT_EQ(house.times_sent("123456"), 0);
    return error;
  };
  EXPECT_EQ(refused([](auto& s) { s.policy_file = "/policy"; }),
            "2 --policy goes with a role, and none is assumed\n"
            "hint: leave it out, or give a role with --role");
  EXPECT_TRUE(refused([](auto& s) { s.policy_arns = {"x"}; }).starts_with("2 --policy-arn goes"));
  EXPECT_TRUE(refused([](auto& s) { s.external_id = "xx"; }).starts_with("2 --external-id goes"));
  EXPECT_TRUE(
      refused([](auto& s) { s.role_session_name = "xx"; }).starts_with("2 --session-name goes"));
}

TEST(Get, AsksAPersonForTheNextCodeAfterALostAnswer) {
  House house;
  house.http.failing = 3;
  house.http.loss = SandboxHttp::Loss::after;
  GetRequest request = with_code("");
  request.session.code.reset();
  const std::string first = house.code();
  house.terminal.will_answer(first);
  const std::string second = house.code("jsmith", 1);
  house.terminal.will_answer(second);
  house.get(request);
  EXPECT_EQ(house.terminal.shown,
            "MFA code of jsmith for role AdminRole, from arn:aws:iam::123456789012:mfa/jsmith\n"
            "Code: " +
                first +
                "\nthe connection broke; the code may be spent: wait for the next one\nCode: " +
                second + "\n");
}

TEST(Get, DoesNotSendACodeAgainForTheClocksSakeButAsksForTheNext) {
  House house("jsmith", {.clock_skew = base::Seconds{1200}});
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  request.session.roles = {"arn:aws:iam::123456789012:role/AdminRole"};
  const std::string first = house.code("jsmith", 40);  // the device has AWS's time
  const std::string second = house.code("jsmith", 41);
  house.terminal.will_answer(first);
  house.terminal.will_answer(second);
  house.get(request);
  EXPECT_EQ(house.times_sent(first), 1);
  EXPECT_EQ(house.times_sent(second), 1);
  EXPECT_EQ(house.messages.notes,
            Names{"this machine's clock is 20 min behind AWS's; requests are signed with AWS's "
                  "time"});
}

TEST(Get, TakesTheCodeFromTheCommandOfOptionThenProfileThenSetting) {
  House house;
  house.files.contents["/home/u/.config/aws-session-token/config"] =
      "[settings]\nmfa_process = of-the-settings\n";
  GetRequest request = with_code("");
  request.session.code.reset();
  const auto command_run = [&] {
    house.process.result.output = house.code() + "\n";
    house.get(request);
    house.clock.advance(std::chrono::seconds{60});
    return house.process.commands.back();
  };
  EXPECT_EQ(command_run(), "of-the-settings");
  house.files.contents[House::credentials] =
      house.key_section("default", "jsmith") + "mfa_process = of-the-profile\n";
  EXPECT_EQ(command_run(), "of-the-profile");
  request.session.mfa_process = "of-the-option";
  EXPECT_EQ(command_run(), "of-the-option");
  EXPECT_EQ(house.terminal.shown, "");
}

TEST(Get, TakesTheDeviceAndTheCommandOfTheProfileWhoseRoleTakesTheCode) {
  House house;
  house.files.contents[House::config] =
      "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "source_profile = default\nmfa_serial = arn:aws:iam::123456789012:mfa/jsmith\n"
      "mfa_process = of-the-first-role\n"
      "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/ChainB\nsource_profile = a\n"
      "mfa_serial = arn:aws:iam::123456789012:mfa/other\nmfa_process = of-the-last-role\n";
  GetRequest request;
  request.session.username = "jsmith";
  request.session.profiles = {"b"};
  house.process.result.output = house.code();
  EXPECT_EQ(house.get(request).role_arn, "arn:aws:iam::123456789012:role/ChainB");
  EXPECT_EQ(house.operations(), (Names{"AssumeRole", "AssumeRole"}));
  EXPECT_EQ(house.process.commands, Names{"of-the-first-role"});
}

TEST(Get, GivesAChainTheHourThatAwsAllowsIt) {
  House house;
  house.files.contents[House::config] =
      "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "source_profile = default\n"
      "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/ChainB\nsource_profile = a\n"
      "duration_seconds = 7200\n";
  GetRequest request = with_code("123456");
  request.session.roles = {"b"};
  request.session.duration = "2h";
  EXPECT_EQ(error_of([&] { house.get(request); }),
            "2 a role assumed from another role lasts at most one hour\n"
            "hint: ask for 1h or less with --duration");
  EXPECT_EQ(house.times_sent("123456"), 0);
  request.session.code = house.code();
  request.session.duration = "max";
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{3600});
  EXPECT_TRUE(house.messages.notes.empty());
  house.clock.advance(std::chrono::seconds{30});
  request.session.code = house.code();
  request.session.duration.clear();
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{3600});
  EXPECT_EQ(house.messages.notes,
            Names{"2 h is cut to 1 h: the role is assumed with a session, and "
                  "that is AWS's limit"});
}

TEST(Get, PrefersAProfileToARoleOfThatNameUnlessToldOtherwise) {
  House house;
  house.files.contents[House::config] =
      "[profile LongRole]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "source_profile = default\n[profile AdminRole]\nregion = eu-west-1\n";
  const auto role_of = [&](const std::string& text) {
    GetRequest request = with_code(house.code());
    request.session.roles = {text};
    house.clock.advance(std::chrono::seconds{60});
    request.session.code = house.code();
    return house.get(request).role_arn;
  };
  EXPECT_EQ(role_of("LongRole"), "arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(role_of("role/LongRole"), "arn:aws:iam::123456789012:role/LongRole");
  EXPECT_EQ(role_of("AdminRole"), "arn:aws:iam::123456789012:role/AdminRole");  // no role_arn
}

TEST(Get, AsksWhoseKeyItIsWhereTheDeviceIsGivenAndTheNameIsNot) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.username = "";
  request.session.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  house.get(request);
  EXPECT_EQ(house.operations(), (Names{"GetCallerIdentity", "GetRole", "AssumeRole"}));
  EXPECT_NE(house.http.requests.back().body.find("RoleSessionName=jsmith"),
            base::WipedString::npos);
}

TEST(Get, AsksGetRoleOfTheKeysOwnAccountOnly) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.roles = {"210987654321:Deploy"};
  house.get(request);
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "AssumeRole"}));
}

TEST(Get, TakesTheKeyOfTheEnvironmentWhereTheProfileSaysSo) {
  House house;
  const sandbox::AccessKey& key = house.user("jsmith").access_keys.at(0);
  house.environment.variables["AWS_ACCESS_KEY_ID"] = key.id;
  house.environment.variables["AWS_SECRET_ACCESS_KEY"] = std::string(key.secret);
  house.files.contents[House::credentials] = house.key_section("default", "inactive");
  house.files.contents[House::config] =
      "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "credential_source = Environment\n";
  GetRequest request = with_code(house.code());
  request.session.roles = {"p"};
  EXPECT_EQ(house.get(request).role_arn, "arn:aws:iam::123456789012:role/AdminRole");
}

TEST(Get, SaysBeforeTheQuestionsThatTheFileIsInUse) {
  House house;
  house.files.outlook = os::Writability::in_use;
  EXPECT_NE(error_of([&] { house.get({}); }), "nothing was thrown") << "no one answers";
  ASSERT_FALSE(house.messages.notes.empty());
  EXPECT_EQ(house.messages.notes.front(),
            "~/.aws/credentials is open for writing in another program; it must be closed before "
            "the session is written");
}

TEST(Get, FollowsIncludeProfileAsAwsVaultDoes) {
  House house;
  house.files.contents[House::config] =
      "[profile shared]\nsource_profile = default\nduration_seconds = 1800\n"
      "mfa_serial = arn:aws:iam::123456789012:mfa/jsmith\n"
      "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "include_profile = shared\n";
  GetRequest request = with_code(house.code());
  request.session.roles = {"p"};
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{1800});
  EXPECT_EQ(house.operations(), Names{"AssumeRole"});
}

TEST(Get, TakesACodeWithTheBlanksThatAppsShow) {
  House house;
  const std::string code = house.code();
  const std::string shown = code.substr(0, 3) + " " + code.substr(3);
  GetRequest request = with_code("");
  request.session.code.reset();
  house.terminal.will_answer(shown);
  house.get(request);
  house.clock.advance(std::chrono::seconds{60});
  const std::string next = house.code();
  house.get(with_code(" " + next.substr(0, 3) + " " + next.substr(3) + "\r"));
  EXPECT_EQ(house.times_sent(code), 1);
  EXPECT_EQ(house.times_sent(next), 1);
}

TEST(Get, WantsALineWhereTheCodeIsToComeFromStandardInput) {
  House house;
  EXPECT_EQ(error_of([&] { house.get(with_code("-")); }),
            "4 the input ended where an answer is needed\nhint: give it with --code");
  house.terminal.will_answer("");
  EXPECT_EQ(error_of([&] { house.get(with_code("-")); }),
            "2 an MFA code has six digits, and nothing was given\n"
            "hint: read the code from the app or the token of your MFA device");
}

TEST(Get, SaysWhatIsWrongWithTheCommandForTheCodeAndNeverRepeatsItsOutput) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.mfa_process = "broken";
  house.process.result.status = 3;
  EXPECT_EQ(error_of([&] { house.get(request); }),
            "1 mfa_process ended with exit code 3\n"
            "hint: run it by hand; it must print the code and nothing else");
  house.process.result = {0, "the secret is 42"};
  EXPECT_EQ(error_of([&] { house.get(request); }),
            "2 an MFA code has six digits; this has other characters too: was it a password?\n"
            "hint: read the code from the app or the token of your MFA device");
}

TEST(Get, OpensTheConnectionToStsBeforeTheFirstQuestion) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.username.reset();
  house.terminal.answers.push_back([&house] {
    EXPECT_EQ(house.http.warm_origins, Names{"http://127.0.0.1:1"});
    EXPECT_EQ(house.operations(), Names{});
    return std::string("jsmith");
  });
  house.terminal.will_answer(house.code());
  house.get(request);
}

TEST(Get, LooksUpWhileThePersonTypesTheNextAnswer) {
  House house;
  house.terminal.will_answer("jsmith");
  house.terminal.answers.push_back([&house] {
    EXPECT_EQ(house.operations(), Names{"ListMFADevices"});
    return std::string("LongRole");
  });
  house.terminal.answers.push_back([&house] {
    EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole"}));
    return house.code();
  });
  house.get({});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole", "AssumeRole"}));
}

TEST(Get, AProfileTypedAsRoleBringsItsOwnKey) {
  House house("lookup-denied");
  house.files.contents[House::credentials] += house.key_section("other", "jsmith");
  house.files.contents[House::config] =
      "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "source_profile = other\n";
  house.terminal.will_answer("");
  house.terminal.will_answer("prod");
  house.terminal.will_answer(house.code());
  house.get({});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "ListMFADevices", "AssumeRole"}));
}

TEST(Get, WithoutAnyOtherKeyAProfileTypedAsRoleBringsItsOwn) {
  House house;
  house.files.contents[House::credentials] = house.key_section("other", "jsmith");
  house.files.contents[House::config] =
      "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "source_profile = other\n";
  house.terminal.will_answer("");
  house.terminal.will_answer("prod");
  house.terminal.will_answer(house.code());
  house.get({});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "AssumeRole"}));
}

TEST(Get, SendsNoCodeThatWasSentBefore) {
  House house;
  const std::string code = house.code();
  house.get(with_code(code));
  EXPECT_EQ(error_of([&] { house.get(with_code(code)); }),
            "1 this MFA code was used already, and a code works once\n"
            "hint: the next one comes in 20 s");
  EXPECT_EQ(house.times_sent(code), 1);
  house.clock.advance(std::chrono::seconds{181});
  EXPECT_TRUE(error_of([&] { house.get(with_code(code)); }).starts_with("3 AWS refused"));
  EXPECT_EQ(house.times_sent(code), 2);
}

TEST(Get, ForgetsACodeOfWhichNoByteLeft) {
  House house;
  house.environment.variables["AWS_MAX_ATTEMPTS"] = "1";
  house.http.failing = 3;
  house.http.loss = SandboxHttp::Loss::unsent;
  const std::string code = house.code();
  EXPECT_EQ(error_of([&] { house.get(with_code(code)); }),
            "1 the connection broke\nhint: look at the network");
  house.get(with_code(code));
}

TEST(Get, TellsAPersonThatTheCodeWasUsedAndAsksForTheNext) {
  House house;
  const std::string code = house.code();
  house.get(with_code(code));
  GetRequest request = with_code("");
  request.session.code.reset();
  house.terminal.will_answer(code);
  house.terminal.will_answer(house.code("jsmith", 1));
  house.get(request);
  EXPECT_NE(house.terminal.shown.find("\nthis code was used already; the next one comes in 20 s\n"),
            std::string::npos);
  EXPECT_EQ(house.times_sent(code), 1);
}

TEST(Get, RunsTheCommandForTheCodeAgainWhenTheNextCodeIsThere) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.mfa_process = "phone";
  house.process.output = [&house] { return house.code(); };
  house.get(request);
  const base::Time before = house.clock.now();
  house.get(request);
  EXPECT_EQ(house.clock.now() - before, base::Seconds{21});
  EXPECT_EQ(house.process.commands, (Names{"phone", "phone", "phone"}));
  EXPECT_NE(house.terminal.shown.find("\rWaiting for the next code: 21 s "), std::string::npos);
  EXPECT_NE(house.terminal.shown.find("\rWaiting for the next code: 1 s \n"), std::string::npos);
}

TEST(Get, RunsNoCommandForTheCodeWhereNoRequestCanBeMade) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.mfa_process = "phone";
  house.http.unusable = base::Error(base::ErrorKind::failed, "libcurl cannot be used");
  EXPECT_EQ(error_of([&] { house.get(request); }), "1 libcurl cannot be used");
  EXPECT_TRUE(house.process.commands.empty());
}

TEST(Get, RunsTheCommandForTheCodeNoThirdTime) {
  House house;
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.mfa_process = "stuck";
  house.process.result.output = house.code().c_str();
  house.get(request);
  EXPECT_TRUE(
      error_of([&] { house.get(request); }).starts_with("1 this MFA code was used already"));
  EXPECT_EQ(house.process.commands.size(), 3u);
}

TEST(Get, TrustsTheCertificatesOfTheProfile) {
  House house;
  house.files.contents[House::credentials] += "ca_bundle = /etc/company.pem\n";
  house.get(with_code(house.code()));
  EXPECT_EQ(house.http.ca_bundle, "/etc/company.pem");
}

TEST(Get, SendsNoSecretKeyAnywhere) {
  House house;
  house.get(with_code(house.code()));
  const std::string secret(house.user("jsmith").access_keys[0].secret);
  for (const base::HttpRequest& request : house.http.requests) {
    EXPECT_EQ(request.body.find(secret.c_str()), base::WipedString::npos);
    for (const base::Header& header : request.headers) {
      EXPECT_EQ(header.value.find(secret.c_str()), base::WipedString::npos) << header.name;
    }
  }
}

}  // namespace
}  // namespace app
