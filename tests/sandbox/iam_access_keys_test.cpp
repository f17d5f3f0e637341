#include "sandbox/fixture.h"

namespace sandbox {
namespace {

class IamAccessKeys : public SandboxTest {
 protected:
  std::string denied(std::string_view action, std::string_view resource) {
    return "403 AccessDenied: User: arn:aws:iam::123456789012:user/mjones is not authorized to "
           "perform: iam:" +
           std::string(action) + " on resource: " + std::string(resource) +
           " because no identity-based policy allows the iam:" + std::string(action) + " action";
  }
  Keys admin() { return credentials_in(assume_with_code("jsmith", "AdminRole")); }
};

TEST_F(IamAccessKeys, AreListedWithoutTheirSecrets) {
  const auto response = iam(keys_of("jsmith"), "ListAccessKeys");
  EXPECT_EQ(outcome(response), "200");
  EXPECT_EQ(text_of(response, "UserName"), "jsmith");
  EXPECT_EQ(text_of(response, "AccessKeyId"), keys_of("jsmith").id);
  EXPECT_EQ(text_of(response, "Status"), "Active");
  EXPECT_EQ(text_of(response, "CreateDate"), "2026-11-22T17:20:10Z");
  EXPECT_EQ(text_of(response, "IsTruncated"), "false");
  EXPECT_EQ(response.body.find(base::WipedString(keys_of("jsmith").secret)), std::string::npos);
}

TEST_F(IamAccessKeys, AreListedForOthersByWhoMay) {
  const auto response = iam(admin(), "ListAccessKeys", {{"UserName", "inactive"}});
  EXPECT_EQ(text_of(response, "Status"), "Inactive");
  EXPECT_EQ(text_of(response, "CreateDate"), "2020-02-29T12:00:00Z");
  EXPECT_EQ(outcome(iam(keys_of("mjones"), "ListAccessKeys")),
            denied("ListAccessKeys", "user mjones"));
  clock_.advance(std::chrono::seconds(30));
  EXPECT_EQ(outcome(iam(admin(), "ListAccessKeys", {{"UserName", "nobody"}})),
            "404 NoSuchEntity: The user with name nobody cannot be found.");
}

TEST_F(IamAccessKeys, KnowWhenTheyWereUsed) {
  const Keys role = admin();
  const std::string id = keys_of("mjones").id;
  const auto last_used = [&] { return iam(role, "GetAccessKeyLastUsed", {{"AccessKeyId", id}}); };
  EXPECT_EQ(text_of(last_used(), "UserName"), "mjones");
  EXPECT_EQ(text_of(last_used(), "LastUsedDate"), "no LastUsedDate");
  EXPECT_EQ(text_of(last_used(), "ServiceName"), "N/A");
  EXPECT_EQ(text_of(last_used(), "Region"), "N/A");

  sts({id, "wrong", ""}, "GetCallerIdentity");
  EXPECT_EQ(text_of(last_used(), "ServiceName"), "N/A") << "whoever knows the id did not use it";
  clock_.advance(std::chrono::seconds(100));
  EXPECT_EQ(iam(keys_of("mjones"), "ListAccessKeys").status, 403);
  EXPECT_EQ(text_of(last_used(), "LastUsedDate"), "2026-11-22T17:21:50Z");
  EXPECT_EQ(text_of(last_used(), "ServiceName"), "iam");
  EXPECT_EQ(text_of(last_used(), "Region"), "us-east-1");
  sts(keys_of("mjones"), "GetCallerIdentity");
  EXPECT_EQ(text_of(last_used(), "ServiceName"), "sts");
}

TEST_F(IamAccessKeys, TellTheirUseToWhoMayAskOfTheirOwner) {
  EXPECT_EQ(outcome(iam(keys_of("jsmith"), "GetAccessKeyLastUsed",
                        {{"AccessKeyId", keys_of("jsmith").id}})),
            "200");
  const std::string unknown = "AKIAUNKNOWNUNKNOWN22";
  EXPECT_EQ(outcome(iam(keys_of("mjones"), "GetAccessKeyLastUsed",
                        {{"AccessKeyId", keys_of("jsmith").id}})),
            denied("GetAccessKeyLastUsed", "user jsmith"));
  EXPECT_EQ(outcome(iam(keys_of("mjones"), "GetAccessKeyLastUsed", {{"AccessKeyId", unknown}})),
            denied("GetAccessKeyLastUsed", "access key " + unknown));
  EXPECT_EQ(outcome(iam(admin(), "GetAccessKeyLastUsed", {{"AccessKeyId", unknown}})),
            "404 NoSuchEntity: The Access Key with id " + unknown + " cannot be found.");
  EXPECT_EQ(
      outcome(iam(keys_of("jsmith"), "GetAccessKeyLastUsed", {{"AccessKeyId", "AKIA"}})),
      "400 ValidationError: 1 validation error detected: Value 'AKIA' at 'accessKeyId' failed "
      "to satisfy constraint: Member must have length greater than or equal to 16");
  EXPECT_EQ(outcome(iam(keys_of("jsmith"), "GetAccessKeyLastUsed")),
            "400 ValidationError: 1 validation error detected: Value null at 'accessKeyId' failed "
            "to satisfy constraint: Member must not be null");
}

}  // namespace
}  // namespace sandbox
