#include "app/sessions/session_cache.h"

#include "support/doors.h"
#include "support/error.h"

#include <gtest/gtest.h>

namespace app {
namespace {

const base::Time now = base::parse_rfc3339("2026-11-22T17:20:10Z").value();
constexpr const char* path = "/state/sessions";

CachedSession session(const std::string& key, base::Seconds lifetime = base::Seconds{3600}) {
  CachedSession made;
  made.key = key;
  made.credentials = {"ASIA" + key, base::Secret("secret-" + key), base::Secret("token-" + key),
                      now + lifetime};
  made.role_arn = "arn:aws:iam::123456789012:role/Deploy";
  made.profile = "my profile # 1";
  made.user_name = "jsmith";
  made.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  made.source_access_key_id = "AKIA";
  made.endpoint = "https://sts.amazonaws.com";
  made.chained = true;
  return made;
}

struct SessionCacheTest : testing::Test {
  support::FakeFiles files;
  SessionCache cache{files, "/state"};

  void store(const CachedSession& one) { cache.store({&one, 1}, now); }
  std::optional<CachedSession> find(const std::string& key, base::Seconds min_ttl = {},
                                    const std::string& user_name = "",
                                    const std::string& serial_number = "") {
    return SessionCache::find(cache.read(), {key, user_name, serial_number, min_ttl}, now);
  }
};

TEST_F(SessionCacheTest, GivesBackWhatWasStored) {
  store(session("one"));
  const auto found = find("one");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->credentials.access_key_id, "ASIAone");
  EXPECT_EQ(found->credentials.secret_access_key.reveal(), "secret-one");
  EXPECT_EQ(found->credentials.session_token.reveal(), "token-one");
  EXPECT_EQ(found->credentials.expiration, now + base::Seconds{3600});
  EXPECT_EQ(found->role_arn, "arn:aws:iam::123456789012:role/Deploy");
  EXPECT_EQ(found->profile, "my profile # 1");
  EXPECT_EQ(found->user_name, "jsmith");
  EXPECT_EQ(found->serial_number, "arn:aws:iam::123456789012:mfa/jsmith");
  EXPECT_EQ(found->source_access_key_id, "AKIA");
  EXPECT_EQ(found->endpoint, "https://sts.amazonaws.com");
  EXPECT_TRUE(found->chained);
  EXPECT_FALSE(find("two"));
}

TEST_F(SessionCacheTest, FindsOnlyWhatLivesLongerAndIsOfThatUserAndDevice) {
  store(session("one"));
  EXPECT_TRUE(find("one", base::Seconds{3599}));
  EXPECT_FALSE(find("one", base::Seconds{3600}));
  EXPECT_TRUE(find("one", {}, "jsmith", ""));
  EXPECT_FALSE(find("one", {}, "mjones", ""));
  EXPECT_FALSE(find("one", {}, "", "GAHT12345678"));
}

TEST_F(SessionCacheTest, ReplacesThoseOfTheSameKeyAndDropsWhatExpired) {
  store(session("old", base::Seconds{10}));
  store(session("one"));
  CachedSession newer = session("one", base::Seconds{7200});
  cache.store({&newer, 1}, now + base::Seconds{10});
  const auto all = cache.all();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].credentials.expiration, now + base::Seconds{7200});
  EXPECT_TRUE(all[0].credentials.secret_access_key.empty());  // a list needs none
}

TEST_F(SessionCacheTest, RemovesWhatItIsToldTo) {
  store(session("one"));
  store(session("two"));
  EXPECT_EQ(cache.remove([](const CachedSession& s) { return s.key == "one"; }), 1);
  EXPECT_FALSE(find("one"));
  EXPECT_EQ(find("two")->credentials.session_token.reveal(), "token-two");
}

TEST_F(SessionCacheTest, ARecordThatCannotBeReadIsNone) {
  store(session("one"));
  const std::string whole = files.contents[path];
  for (const char* key : {"aws_secret_access_key", "aws_session_token", "expiration ="}) {
    std::string text = whole;
    text.replace(text.find(key), 3, "xxx");
    files.contents[path] = text;
    EXPECT_FALSE(find("one")) << key;
    EXPECT_TRUE(cache.all().empty()) << key;
  }
  files.contents[path] = std::string("\xff\0[one]\n[", 8);
  EXPECT_FALSE(find("one"));
}

TEST_F(SessionCacheTest, RefusesValuesThatWouldBreakTheFile) {
  CachedSession bad = session("one");
  bad.credentials.session_token = base::Secret("a\nb");
  EXPECT_TRUE(
      support::error_of([&] { store(bad); }).starts_with("1 the aws_session_token from AWS"));
  EXPECT_FALSE(find("one"));
}

TEST_F(SessionCacheTest, NamesOfAnyKindCannotBreakTheFile) {
  CachedSession odd = session("one");
  odd.user_name = "a\n[two] # ;";
  odd.profile = odd.user_name;
  store(odd);
  EXPECT_EQ(cache.all().size(), 1u);
  EXPECT_EQ(find("one")->user_name, odd.user_name);
}

TEST_F(SessionCacheTest, MakesNoFileForNothing) {
  EXPECT_EQ(cache.remove([](const CachedSession&) { return true; }), 0);
  cache.store({}, now);
  EXPECT_TRUE(files.contents.empty());
}

TEST_F(SessionCacheTest, HoldsNothingWithoutAFolder) {
  SessionCache none(files, "");
  const CachedSession one = session("one");
  none.store({&one, 1}, now);
  EXPECT_FALSE(SessionCache::find(none.read(), {"one", "", "", base::Seconds{0}}, now));
  EXPECT_EQ(none.remove([](const CachedSession&) { return true; }), 0);
  EXPECT_TRUE(files.contents.empty());
}

}  // namespace
}  // namespace app
