#include "app/link.h"

#include "app/aws_cli_cache.h"
#include "app/shared_files.h"
#include "app/status.h"
#include "estate.h"

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
  const auto target = [](const char* line) {
    const Target linked = linked_target(line);
    return linked.profile + "|" + linked.role_arn;
  };
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process prod"), "prod|");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process -- -odd"), "-odd|");
  EXPECT_EQ(target("\"/opt/a b/aws-session-token\" credential-process \"a%b\" "), "a%b|");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process --source-profile=default "
                   "--role=arn:aws:iam::123456789012:role/AdminRole"),
            "|arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(target("/usr/bin/aws-session-token credential-process --no-role"), "|");
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

TEST(Link, StatusHasItsNextSessionsTime) {
  Estate estate(1);
  estate.get(linked(estate));
  const SharedFilePaths paths = shared_file_paths(estate.environment);
  const aws::SharedConfig shared = read_shared_config(estate.files, paths);
  SessionCache cache(estate.files, "/home/u/.cache/aws-session-token");
  const std::vector<CachedSession> cached = cache.all();
  const auto link = [&](base::Time now) {
    for (const SessionStatus& status : session_statuses(shared, cached, now)) {
      if (status.linked) return status;
    }
    throw std::logic_error("no link");
  };
  const SessionStatus now = link(estate.clock.now());
  EXPECT_EQ(now.profile, "session_token");
  EXPECT_EQ(now.role_arn, "arn:aws:iam::111111111100:role/Deploy");
  EXPECT_EQ(now.expiration, estate.clock.now() + base::Seconds{3600});
  EXPECT_FALSE(now.in_file);
  EXPECT_EQ(link(estate.clock.now() + base::Seconds{2700}).expiration, std::nullopt);
}

TEST(Link, OfTheMfaSessionHasItsTime) {
  Estate estate(0);
  GetRequest request = linked(estate);
  request.session.profiles.clear();
  request.session.no_role = true;
  estate.get(request);
  const aws::SharedConfig shared =
      read_shared_config(estate.files, shared_file_paths(estate.environment));
  SessionCache cache(estate.files, "/home/u/.cache/aws-session-token");
  const auto statuses = session_statuses(shared, cache.all(), estate.clock.now());
  ASSERT_EQ(statuses.size(), 2u);
  EXPECT_TRUE(statuses.front().linked);
  EXPECT_EQ(statuses.front().expiration, statuses.back().expiration);
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
  EXPECT_EQ(estate.talk.notes,
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
