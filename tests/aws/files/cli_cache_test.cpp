#include "aws/files/cli_cache.h"

#include "aws/files/sha1.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

SharedConfig shared_config(const char* config, const char* credentials = "") {
  return {SharedFile(base::WipedString(config)), SharedFile(base::WipedString(credentials))};
}

TEST(Sha1, AgreesWithOtherProgramsAtTheEdgesOfABlock) {
  EXPECT_EQ(sha1_hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1_hex(std::string(55, 'a')), "c1c8bbdc22796e28c0e15163d20899b65621d65a");
  EXPECT_EQ(sha1_hex(std::string(56, 'a')), "c2db330f6083854c99d4b5bfb6e8f29f201be699");
  EXPECT_EQ(sha1_hex(std::string(64, 'a')), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}

// The hashes are Python's: hashlib.sha1(json.dumps(arguments, sort_keys=True).encode()).
TEST(CliCache, NamesTheFileAfterTheArgumentsOfAssumeRole) {
  const SharedConfig shared = shared_config(
      "[profile plain]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\nregion = eu-west-1\n"
      "[profile full]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "mfa_serial = arn:aws:iam::123456789012:mfa/jsmith\nexternal_id = a\\b\"c\n"
      "duration_seconds = 7200\nrole_session_name = me\n");
  EXPECT_EQ(cli_cache_name(shared, "plain"), "276fd8604917942ef902ceb91d8c50c94fce638e.json");
  EXPECT_EQ(cli_cache_name(shared, "full"), "5781889caed0a061048c90d3249d59c162c37c04.json");
}

TEST(CliCache, ReadsAProfileAsTheCliDoes) {
  const SharedConfig shared = shared_config(
      "[profile common]\nexternal_id = x1\n"
      "[profile plain]\nrole_arn = arn:aws:iam::123456789012:role/Other\n"
      "include_profile = common\n[profile including]\ninclude_profile = plain\n",
      "[plain]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n");
  EXPECT_EQ(cli_cache_name(shared, "plain"), "276fd8604917942ef902ceb91d8c50c94fce638e.json");
  EXPECT_EQ(cli_cache_name(shared, "including"), "");
}

TEST(CliCache, HoldsWhatTheCliReadsAndOurMark) {
  const Credentials credentials{"ASIAEXAMPLE", base::Secret("wJalr/K7+="), base::Secret("to\\ken"),
                                base::parse_rfc3339("2026-11-22T18:20:00Z").value()};
  const base::WipedString entry = cli_cache_entry(credentials);
  EXPECT_EQ(entry,
            R"({"Credentials": {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "wJalr/K7+=", )"
            R"("SessionToken": "to\\ken", "Expiration": "2026-11-22T18:20:00Z"}, )"
            R"("Manager": "aws-session-token"})"
            "\n");
  EXPECT_TRUE(is_our_cli_cache_entry(entry));
  EXPECT_TRUE(is_our_cli_cache_entry(entry, "ASIAEXAMPLE"));
  EXPECT_FALSE(is_our_cli_cache_entry(entry, "ASIAOTHER"));
  EXPECT_FALSE(is_our_cli_cache_entry(R"({"Credentials": {"AccessKeyId": "ASIA"}})"));
}

// The mark counts where it stands, not wherever its text is found, and however it is spaced.
TEST(CliCache, AnEntryIsReadAsJson) {
  EXPECT_TRUE(is_our_cli_cache_entry(
      R"({"Manager":"aws-session-token","Credentials":{"AccessKeyId":"ASIAEXAMPLE"}})",
      "ASIAEXAMPLE"));
  for (const char* other :
       {R"({"Credentials": {"AccessKeyId": "ASIA", "Manager": "aws-session-token"}})",
        R"({"Credentials": {"AccessKeyId": "ASIA"}, "x": {"Manager": "aws-session-token"}})",
        R"({"AccessKeyId": "ASIA", "Manager": "aws-session-token"})",
        R"({"Credentials": {"AccessKeyId": "ASIA"}, "Manager": "aws-session-token")"}) {
    EXPECT_FALSE(is_our_cli_cache_entry(other)) << other;
  }
  EXPECT_FALSE(is_our_cli_cache_entry(
      R"({"Credentials": {"AccessKeyId": "ASIAEXAMPLE2"}, "Manager": "aws-session-token"})",
      "ASIAEXAMPLE"));
}

TEST(CliCache, AnExpiredEntryHoldsNoKey) {
  EXPECT_EQ(expired_cli_cache_entry(),
            R"({"Credentials": {"AccessKeyId": "", "SecretAccessKey": "", "SessionToken": "", )"
            R"("Expiration": "1970-01-01T00:00:00Z"}, "Manager": "aws-session-token"})"
            "\n");
  EXPECT_FALSE(is_our_cli_cache_entry(expired_cli_cache_entry()));
}

}  // namespace
}  // namespace aws
