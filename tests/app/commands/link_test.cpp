#include "app/commands/link.h"

#include "app/commands/aws_cli_cache.h"
#include "app/commands/status.h"
#include "app/config/shared_files.h"
#include "app/estate.h"

namespace app {
namespace {

using support::error_of;

GetRequest linked(House& house) {
  GetRequest request;
  request.link = true;
  request.session.username = "jsmith";
  request.session.profiles = {"team0"};
  request.session.code = house.code();
  return request;
}

TEST(Link, TheLineTellsWhatItGivesSessionsOf) {
  const auto target = [](const char* line) -> std::string {
    const auto linked = linked_request(line);
    if (!linked) return "none";
    return (linked->profiles.empty() ? "" : linked->profiles.front()) + "|" +
           (linked->roles.empty() ? "" : linked->roles.front());
  };
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process prod"), "prod|");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process -- -odd"), "-odd|");
  EXPECT_EQ(target("\"/opt/a b/aws-session-token\" credential-process \"a%b\" "), "a%b|");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process --source-profile=default "
                   "--role=arn:aws:iam::123456789012:role/AdminRole"),
            "|arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process --no-role"), "|");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process --unknown prod"), "none");
  EXPECT_EQ(target("/usr/bin/another-program"), "none");
}

TEST(Link, TheLineTellsEverythingThatWasAskedFor) {
  support::FakeEnvironment environment;
  const aws::SharedConfig shared{aws::SharedFile(base::WipedString()),
                                 aws::SharedFile(base::WipedString())};
  SessionRequest request;
  request.username = "jo";
  request.source_profile = "my key";
  request.serial_number = "GAHT12345678";
  request.duration = "45m";
  request.role_session_name = "one";
  request.external_id = "two";
  request.tags = {{"a", "b=c"}, {"d", ""}};
  request.transitive_tag_keys = {"a", "d"};
  request.source_identity = "three";
  request.policy_file = "/policy one";
  request.policy_arns = {"arn:aws:iam::aws:policy/ReadOnlyAccess"};
  request.region = "eu-west-1";
  request.endpoint_url = "http://127.0.0.1:1";
  request.min_ttl = base::Seconds{60};
  Target target;
  target.role_arn = "arn:aws:iam::123456789012:role/AdminRole";
  const auto lines = link_processes(request, shared, environment, {&target, 1});
  const auto read = linked_request(lines.at(0));
  ASSERT_TRUE(read);
  EXPECT_EQ(link_processes(*read, shared, environment, {&target, 1}), lines);
  EXPECT_EQ(read->roles, std::vector<std::string>{target.role_arn});
}

TEST(Link, TheKeysGoFirstAndWhatComesMeanwhileGoesToo) {
  Estate estate(1);
  const std::string session =
      "\n[session_token]\naws_access_key_id = ASIAOLD\naws_secret_access_key = x\n"
      "aws_session_token = y\nmanager = aws-session-token\nexpiration = 2020-01-01T00:00:00Z\n";
  const std::string key = estate.files.contents[House::credentials];
  estate.files.contents[House::credentials] += session;
  int updates = 0;
  estate.files.before_update = [&](const std::string& path) {
    if (path != House::credentials || ++updates != 2) return;
    EXPECT_EQ(estate.files.contents[path], key) << "the keys are still there";
    EXPECT_NE(estate.files.contents[House::config].find("credential_process"), std::string::npos);
    estate.files.contents[path] += session;  // of a `get` that looked before the link came
  };
  estate.get(linked(estate));
  EXPECT_EQ(updates, 2);
  EXPECT_EQ(estate.files.contents[House::credentials], key);
}

TEST(Link, OneFileCannotBeBoth) {
  Estate estate(1);
  estate.environment.variables["AWS_CONFIG_FILE"] = House::credentials;
  estate.files.contents[House::credentials] += estate.files.contents[House::config];
  GetRequest request = linked(estate);
  EXPECT_EQ(error_of([&] { estate.get(request); }),
            "1 one file is both the shared config file and the shared credentials file; a link "
            "needs the two\nhint: set AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to another "
            "file");
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
}

std::vector<SessionStatus> statuses(House& house, base::Seconds later = base::Seconds{0}) {
  const aws::SharedConfig shared =
      read_shared_config(house.files, shared_file_paths(house.environment));
  SessionCache cache(house.files, "/home/u/.cache/aws-session-token");
  return session_statuses(shared, cache.all(), house.clock.now() + later,
                          read_settings(house.environment, house.files), house.environment,
                          house.files);
}

// "session_token link 1 h", in the order in which they are told.
std::vector<std::string> told(House& house, base::Seconds later = base::Seconds{0}) {
  std::vector<std::string> lines;
  for (const SessionStatus& status : statuses(house, later)) {
    const base::Time now = house.clock.now();
    lines.push_back(status.profile + (status.linked ? " link " : " ") +
                    base::format_duration(status.expiration.value_or(now) - now));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Link, StatusHasItsNextSessionsTime) {
  Estate estate(1);
  estate.get(linked(estate));
  const SessionStatus now = statuses(estate).front();
  EXPECT_EQ(now.profile, "session_token");
  EXPECT_EQ(now.role_arn, "arn:aws:iam::111111111100:role/Deploy");
  EXPECT_EQ(now.expiration, estate.clock.now() + base::Seconds{3600});
  EXPECT_TRUE(now.in_cache);
  EXPECT_FALSE(now.in_file);
  EXPECT_EQ(statuses(estate, base::Seconds{2700}).front().expiration, std::nullopt);
}

TEST(Link, AndItsSessionAreToldOnce) {
  Estate estate(1);
  estate.get(linked(estate));
  EXPECT_EQ(told(estate), (Lines{"session_token link 1 h", " 12 h"}));
  // What it would renew is a session like any other.
  EXPECT_EQ(told(estate, base::Seconds{2700}),
            (Lines{"session_token link 0 s", " 12 h", "team0 1 h"}));
}

TEST(Link, OfARoleThatWasNamedFindsTheSessionThatCameWithIt) {
  House house;
  GetRequest request = with_code(house.code());
  request.link = true;
  house.get(request);
  EXPECT_EQ(told(house), (Lines{"session_token link 1 h", " 12 h"}));
}

TEST(Link, OfARoleThatWasNamedFindsTheSessionThatWasKeptBefore) {
  House house;
  GetRequest request = with_code(house.code());
  request.session.min_ttl = base::Seconds{60};  // keeps what it gets
  request.target_profile = "before";
  house.get(request);
  request.link = true;
  request.target_profile.clear();
  request.session.min_ttl.reset();
  request.session.code.reset();
  house.get(request);
  EXPECT_EQ(told(house), (Lines{"before 1 h", "session_token link 1 h"}));
}

TEST(Link, HasNotTheTimeOfAnotherSessionOfItsRole) {
  House house;
  GetRequest request = with_code(house.code());
  request.link = true;
  house.get(request);
  house.clock.advance(std::chrono::minutes{30});
  // Under another name, and of another key.
  request.link = false;
  request.session.min_ttl = base::Seconds{60};
  request.session.roles = {"arn:aws:iam::123456789012:role/AdminRole"};
  request.target_profile = "x";
  request.session.role_session_name = "another";
  request.session.code = house.code();
  house.get(request);
  house.files.contents[House::credentials] += house.key_section("other", "mjones");
  request.session.role_session_name.clear();
  request.session.username = "mjones";
  request.session.source_profile = "other";
  request.session.serial_number = house.user("mjones").mfa_devices.at(0).serial_number;
  request.session.code = house.code("mjones");
  request.target_profile = "y";
  house.get(request);
  const Lines lines = told(house);
  EXPECT_EQ(lines.at(2), "session_token link 30 min");
}

TEST(Link, OfTheMfaSessionHasItsTime) {
  Estate estate(0);
  GetRequest request = linked(estate);
  request.session.profiles.clear();
  request.session.no_role = true;
  estate.get(request);
  EXPECT_EQ(told(estate), Lines{"session_token link 12 h"});
}

TEST(AwsCliCache, ThatCannotBeWrittenSpoilsNothing) {
  Estate estate(1);
  GetRequest request = linked(estate);
  request.link = false;
  request.aws_cli_cache = true;
  const aws::SharedConfig shared =
      read_shared_config(estate.files, shared_file_paths(estate.environment));
  estate.files.full = cli_cache_path(estate.environment, shared, "team0");
  EXPECT_FALSE(estate.get(request).error);
  EXPECT_EQ(estate.messages.notes,
            std::vector<std::string>{"the AWS CLI's cache is as it was: the disk is full"});
}

TEST(AwsCliCache, IsForProfilesAsTheyAre) {
  Estate estate(1);
  GetRequest request = with_code(estate.code());
  request.aws_cli_cache = true;
  EXPECT_EQ(error_of([&] { estate.get(request); }),
            "2 the AWS CLI keeps sessions of profiles with a role_arn of their own, and AdminRole "
            "is none\n"
            "hint: name a profile of the shared config file: aws-session-token get PROFILE "
            "--aws-cli-cache");
  request.session.roles.clear();
  request.session.profiles = {"team0"};
  request.session.tags = {{"a", "b"}};
  EXPECT_EQ(error_of([&] { estate.get(request); }),
            "2 --tag changes the session, and the AWS CLI would take it for the profile's own\n"
            "hint: leave out --aws-cli-cache, or write it into the profile");
  EXPECT_EQ(estate.times_sent(*request.session.code), 0);
}

}  // namespace
}  // namespace app
