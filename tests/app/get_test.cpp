#include "app/get.h"

#include "fixture.h"

namespace app {
namespace {

using support::error_of;
using support::SandboxHttp;
using Names = std::vector<std::string>;

GetRequest with_code(const std::string& code) {
  GetRequest request;
  request.session.username = "jsmith";
  request.session.role = "AdminRole";
  request.session.code = code;
  return request;
}

TEST(Get, AsksLooksUpAssumesAndWrites) {
  House house;
  house.terminal.will_answer("jsmith");
  house.terminal.will_answer("");
  house.terminal.will_answer(house.code());
  const GetResult result = house.get({});
  EXPECT_EQ(result.profile, "session_token");
  EXPECT_EQ(result.credentials_file, "~/.aws/credentials");
  EXPECT_EQ(result.role_arn, "arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(result.lifetime, base::Seconds{3600});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "GetRole", "AssumeRole"}));
  EXPECT_NE(house.files.contents[House::credentials].find("[session_token]\naws_access_key_id = "),
            std::string::npos);
}

TEST(Get, WithDeviceAndRoleGivenMakesOneRequest) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  request.session.role = "arn:aws:iam::123456789012:role/AdminRole";
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
      const auto before = house.files.contents;
      const std::string code = house.code();
      const std::string error = error_of([&] { house.get(with_code(code)); });
      const bool survives = n != 3 || loss == SandboxHttp::Loss::unsent;
      if (survives) {
        EXPECT_EQ(error, "nothing was thrown");
        EXPECT_NE(house.files.contents, before);
      } else {
        EXPECT_EQ(error, "1 the connection broke\nhint: look at the network");
        EXPECT_EQ(house.files.contents, before);
      }
      EXPECT_EQ(house.times_sent(code), n == 3 && survives ? 2 : 1);
    }
  }
}

TEST(Get, LosesNothingWhenTheNthFileOperationFails) {
  int failures = 0;
  for (int n = 1; n <= 10; ++n) {
    SCOPED_TRACE(n);
    House house;
    house.files.failing = n;
    const auto before = house.files.contents;
    const std::string error = error_of([&] { house.get(with_code(house.code())); });
    if (house.files.calls < n) break;
    ++failures;
    EXPECT_TRUE(error.starts_with("1 the test fails this ")) << error;
    EXPECT_EQ(house.files.contents, before);
  }
  EXPECT_EQ(failures, 5);  // config, credentials, settings; the update, and config again in it
}

TEST(Get, RefusesAnAnswerForAnotherRole) {
  // An endpoint that hands out another role's session than the one asked for.
  struct Liar : os::HttpClient {
    explicit Liar(SandboxHttp& honest) : honest_(honest) {}
    void trust(const std::string&) override {}
    os::HttpResult send(const base::HttpRequest& request) override {
      os::HttpResult result = honest_.send(request);
      auto& body = std::get<base::HttpResponse>(result).body;
      const std::string_view name = "assumed-role/AdminRole/";
      if (const auto at = body.find(name); at != base::WipedString::npos) {
        body.replace(at, name.size(), "assumed-role/OtherRole/");
      }
      return result;
    }
    SandboxHttp& honest_;
  };
  House house;
  Liar liar(house.http);
  const auto before = house.files.contents;
  EXPECT_EQ(error_of([&] {
              Get(house.environment, house.files, liar, house.terminal, house.process, house.clock,
                  house.random, house.talk)
                  .run(with_code(house.code()));
            }),
            "1 AWS answered with arn:aws:sts::123456789012:assumed-role/OtherRole/jsmith, which is "
            "not the role that was asked for\nhint: nothing was written; is the endpoint really "
            "AWS?");
  EXPECT_EQ(house.files.contents, before);
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
            "1 profile session_token holds a long-term access key; it is left alone\n"
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
  EXPECT_EQ(refused([](auto& s) { s.session_name = "not a name"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.external_id = "x"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.duration = "5m"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.duration = "13h"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.duration = "soon"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.serial_number = "short"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.policy_arns = {"x"}; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.policy_file = "/not/there"; }), "2 ");
  EXPECT_EQ(refused([](auto& s) { s.role = "arn:aws:iam::123456789012:user/jsmith"; }), "2 ");
}

TEST(Get, TakesTheLongestThatTheRoleAllows) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.role = "LongRole";
  request.session.duration = "max";
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{43200});
}

TEST(Get, SaysBeforeTheCodeThatTheMaximumIsNotKnown) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.role = "arn:aws:iam::210987654321:role/Deploy";
  request.session.duration = "max";
  EXPECT_EQ(house.get(request).lifetime, base::Seconds{3600});
  EXPECT_EQ(house.talk.notes,
            Names{"how long the role allows is not known here; the session will last 1 h"});
  EXPECT_EQ(house.operations(), (Names{"ListMFADevices", "AssumeRole"}));
}

TEST(Get, DrawsAMfaSessionOfTwelveHours) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.role.clear();
  request.session.no_role = true;
  const GetResult result = house.get(request);
  EXPECT_EQ(result.lifetime, base::Seconds{12 * 3600});
  EXPECT_EQ(result.role_arn, "");
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
            "\nAWS Session Token Generator\nHit Enter on Role for Default\n\nCode: " + first +
                "\nthe connection broke; the code may be spent: wait for the next one\nCode: " +
                second + "\n");
}

TEST(Get, DoesNotSendACodeAgainForTheClocksSakeButAsksForTheNext) {
  House house("jsmith", {.clock_skew = base::Seconds{1200}});
  GetRequest request = with_code("");
  request.session.code.reset();
  request.session.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  request.session.role = "arn:aws:iam::123456789012:role/AdminRole";
  const std::string first = house.code("jsmith", 40);  // the device has AWS's time
  const std::string second = house.code("jsmith", 41);
  house.terminal.will_answer(first);
  house.terminal.will_answer(second);
  house.get(request);
  EXPECT_EQ(house.times_sent(first), 1);
  EXPECT_EQ(house.times_sent(second), 1);
  EXPECT_EQ(house.talk.notes,
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
