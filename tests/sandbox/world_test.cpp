#include "sandbox/world.h"

#include "base/error.h"
#include "support/fakes.h"

#include <gtest/gtest.h>
#include <set>

namespace sandbox {
namespace {

const base::Time now = base::parse_rfc3339("2026-11-22T17:20:10Z").value();

std::string refusal(std::string_view document) {
  support::FakeRandom random;
  try {
    const World world(document, random, now);
    return "loaded";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::usage);
    return error.what();
  }
}

std::string with_account(const std::string& members) {
  return R"({"accounts": [{"account": "123456789012", )" + members + "}]}";
}

TEST(World, TakesWhatTheDocumentFixesAndMakesUpTheRest) {
  support::FakeRandom random;
  World world(with_account(R"("users": [
      // comments are allowed
      {"name": "a", "access_keys": [{"id": "AKIAFIXED", "secret": "s"}],
       "mfa_devices": [{"name": "phone", "totp_secret": "JBSWY3DPEHPK3PXP"}]},
      {"name": "b", "path": "/x/"}])"),
              random, now);
  ASSERT_EQ(world.users().size(), 2u);
  EXPECT_EQ(world.users()[0].access_keys.at(0).id, "AKIAFIXED");
  EXPECT_EQ(world.users()[0].mfa_devices.at(0).serial_number,
            "arn:aws:iam::123456789012:mfa/phone");
  EXPECT_EQ(world.users()[0].mfa_devices.at(0).totp_secret, "JBSWY3DPEHPK3PXP");
  EXPECT_EQ(world.users()[1].arn, "arn:aws:iam::123456789012:user/x/b");
  EXPECT_EQ(world.users()[1].access_keys.at(0).id.size(), 20u);
  EXPECT_TRUE(world.users()[1].access_keys.at(0).id.starts_with("AKIA"));
  EXPECT_EQ(world.users()[1].access_keys.at(0).secret.size(), 40u);
  EXPECT_EQ(world.find_user("123456789012", "B"), &world.users()[1]);
  EXPECT_EQ(world.find_user("210987654321", "b"), nullptr);
}

TEST(World, KeysHaveTimes) {
  support::FakeRandom random;
  const World world(with_account(R"("users": [{"name": "a", "access_keys": [{},
      {"created": "2020-02-29T12:00:00Z", "last_used": {"time": "2021-01-01T00:00:00Z"}}]}])"),
                    random, now);
  const auto& keys = world.users().at(0).access_keys;
  EXPECT_EQ(keys.at(0).created, now);
  EXPECT_FALSE(keys.at(0).last_used);
  EXPECT_EQ(base::format_rfc3339(keys.at(1).created), "2020-02-29T12:00:00Z");
  EXPECT_EQ(base::format_rfc3339(keys.at(1).last_used->time), "2021-01-01T00:00:00Z");
  EXPECT_EQ(keys.at(1).last_used->service, "sts");
  EXPECT_EQ(keys.at(1).last_used->region, "us-east-1");
}

TEST(World, SessionsHaveTokensThatNoKeyShares) {
  support::FakeRandom random;
  World world(with_account(R"("users": [])"), random, now);
  const Session& first = world.add_session({});
  const Session& second = world.add_session({});
  EXPECT_TRUE(first.key.id.starts_with("ASIA"));
  EXPECT_EQ(first.token.size(), 344u);
  EXPECT_NE(first.token, second.token);
  for (const char c : {'/', '+', '='}) EXPECT_NE(first.token.find(c), std::string::npos) << c;
  EXPECT_EQ(world.find_session(first.key.id), &first);
  EXPECT_EQ(world.find_session("ASIAUNKNOWN"), nullptr);
}

TEST(World, SaysWhatIsWrongWithADocument) {
  EXPECT_EQ(refusal("{}"), "world: document: needs at least one account");
  EXPECT_EQ(refusal(R"({"account": []})"), "world: document: unknown name account");
  EXPECT_EQ(refusal(R"({"accounts": [{"account": "12345678901"}]})"),
            "world: account: must be twelve digits");
  EXPECT_EQ(refusal(with_account(R"("users": [{"nam": "a"}])")), "world: user: unknown name nam");
  EXPECT_EQ(refusal(with_account(R"("users": [{}])")), "world: user: needs name");
  EXPECT_EQ(refusal(with_account(R"("users": [{"name": "a"}, {"name": "A"}])")),
            "world: user A: is there twice");
  EXPECT_EQ(refusal(with_account(R"("users": [{"name": "a", "policies": ["P"]}])")),
            "world: user: no policy P");
  EXPECT_EQ(refusal(with_account(R"("users": [{"name": "a", "path": "x"}])")),
            "world: user: path must begin and end with /");
  EXPECT_EQ(refusal(with_account(
                R"("users": [{"name": "a", "mfa_devices": [{"name": "d", "totp_secret": "1"}]}])")),
            "world: user a: MFA device: the secret is not base32");
  EXPECT_EQ(refusal(with_account(R"("users": [{"name": "a", "access_keys": [{"created": "x"}]}])")),
            "world: user a: access key: created must be like 2026-11-22T17:20:10Z");
  EXPECT_EQ(
      refusal(with_account(R"("users": [{"name": "a", "access_keys": [{"last_used": {}}]}])")),
      "world: user a: access key: last_used: needs time");
  EXPECT_EQ(refusal(with_account(R"("users": [{"name": "a", "tags": []}])")),
            "world: user: tags must be an object");
  EXPECT_EQ(refusal(with_account(R"("users": [{"name": "a", "tags": {"k": 1}}])")),
            "world: user: the value of a tag must be a string");
  EXPECT_EQ(refusal(with_account(R"("roles": [{"name": "r"}])")), "world: role r: needs trust");
  EXPECT_EQ(refusal(with_account(R"("roles": [{"name": "r", "trust": {}}])")),
            "world: role r: trust: the policy: needs Statement");
  EXPECT_EQ(refusal(with_account(R"("roles": [{"name": "r", "max_session_duration": 60}])")),
            "world: role r: max_session_duration must be 3600 to 43200");
}

TEST(World, TheBuiltInOneLoads) {
  support::FakeRandom random;
  const World world(default_world(), random, now);
  std::set<std::string> users;
  for (const User& user : world.users()) users.insert(user.name);
  EXPECT_EQ(users, (std::set<std::string>{"<root_account>", "bare", "fido", "forced", "hardware",
                                          "inactive", "jsmith", "lookup-denied", "mjones",
                                          "nodevice", "pat"}));
  EXPECT_EQ(world.account(), "123456789012");
  EXPECT_NE(world.find_role("arn:aws:iam::210987654321:role/Deploy"), nullptr);
  EXPECT_NE(world.find_role("arn:aws:iam::123456789012:role/deploy/DeployRole"), nullptr);
}

}  // namespace
}  // namespace sandbox
