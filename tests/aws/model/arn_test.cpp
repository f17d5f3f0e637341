#include "aws/model/arn.h"

#include "support/vectors.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace aws {
namespace {

// The file tests endpoint rules of an invented S3-like service. What it says of ARNs as such are
// the cases marked with a TestCaseId and those whose bucket is an ARN that must be taken apart;
// host labels and outposts are nothing that IAM or STS know.
TEST(Arn, AgreesWithTheEndpointRulesOfTheSdks) {
  SKIP_WITHOUT_VECTORS();
  const auto cases = support::read_json(
      support::vectors() / "aws-c-sdkutils/tests/resources/test-cases/parse-arn.json")["testCases"];
  int valid = 0;
  int invalid = 0;
  int not_applicable = 0;
  for (const auto& test : cases) {
    const auto& params = test["params"];
    const std::string text = params.value("Bucket", "");
    const std::string id = params.value("TestCaseId", "");
    SCOPED_TRACE(text);
    const auto arn = parse_arn(text);
    if (id == "invalid-arn") {
      ++invalid;
      EXPECT_FALSE(arn);
    } else if (id == "valid-arn") {
      ++valid;
      ASSERT_TRUE(arn);
      EXPECT_EQ("Test case passed: A valid ARN was parsed: service: `" + arn->service +
                    "`, partition: `" + arn->partition + ", region: `" + arn->region +
                    "`, accountId: `" + arn->account + "`, resource: `" + arn->resource + "`",
                test["expect"]["error"].get<std::string>());
    } else if (text.starts_with("arn:")) {
      ++valid;
      ASSERT_TRUE(arn);
      EXPECT_EQ(to_string(*arn), text);
      EXPECT_TRUE(arn->resource.starts_with("outpost"));
    } else {
      ++not_applicable;
      EXPECT_FALSE(arn);
    }
  }
  EXPECT_EQ(valid, 7);
  EXPECT_EQ(invalid, 4);
  EXPECT_EQ(not_applicable, 3);
}

TEST(Arn, IsTakenApartAndPutTogether) {
  const std::string text = "arn:aws-us-gov:iam::123456789012:role/team/Admin";
  const auto arn = parse_arn(text);
  ASSERT_TRUE(arn);
  EXPECT_EQ(*arn, (Arn{"aws-us-gov", "iam", "", "123456789012", "role/team/Admin"}));
  EXPECT_EQ(to_string(*arn), text);
}

TEST(Arn, KeepsColonsInTheResource) {
  const auto arn = parse_arn("arn:aws:logs:eu-west-1:123456789012:log-group:a:*");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->resource, "log-group:a:*");
}

TEST(Arn, IsRefusedWhenAPartIsMissing) {
  for (const char* text :
       {"", "arn", "arn:aws:iam::123456789012", "arn:aws:iam:123456789012:role/Admin",
        "arn::iam::123456789012:role/Admin", "arn:aws:::123456789012:role/Admin",
        "arn:aws:iam::123456789012:", "ARN:aws:iam::123456789012:role/Admin",
        " arn:aws:iam::123456789012:role/Admin"}) {
    EXPECT_FALSE(parse_arn(text)) << text;
  }
}

TEST(Arn, KnowsAnAccountId) {
  EXPECT_TRUE(is_account_id("012345678901"));
  for (const char* text : {"", "12345678901", "1234567890123", "1234-5678-901", "12345678901a"}) {
    EXPECT_FALSE(is_account_id(text)) << text;
  }
}

TEST(Arn, TellsUserRoleAndRootApart) {
  const Arn user = parse_arn("arn:aws:iam::123456789012:user/division/jsmith").value();
  const Arn role = parse_arn("arn:aws:iam::123456789012:role/Admin").value();
  const Arn root = parse_arn("arn:aws:iam::123456789012:root").value();
  const Arn session = parse_arn("arn:aws:sts::123456789012:assumed-role/Admin/me").value();
  const Arn foreign = parse_arn("arn:aws:s3::123456789012:role/user/root").value();
  EXPECT_TRUE(is_user(user) && !is_role(user) && !is_root(user));
  EXPECT_TRUE(!is_user(role) && is_role(role) && !is_root(role));
  EXPECT_TRUE(!is_user(root) && !is_role(root) && is_root(root));
  for (const Arn& other : {session, foreign}) {
    EXPECT_FALSE(is_user(other) || is_role(other) || is_root(other)) << to_string(other);
  }
}

TEST(Arn, SplitsThePathFromTheName) {
  const Arn plain = parse_arn("arn:aws:iam::123456789012:role/Admin").value();
  EXPECT_EQ(name_of(plain), "Admin");
  EXPECT_EQ(path_of(plain), "/");
  const Arn deep = parse_arn("arn:aws:iam::123456789012:user/a/b/jsmith").value();
  EXPECT_EQ(name_of(deep), "jsmith");
  EXPECT_EQ(path_of(deep), "/a/b/");
  const Arn root = parse_arn("arn:aws:iam::123456789012:root").value();
  EXPECT_EQ(name_of(root), "root");
  EXPECT_EQ(path_of(root), "/");
}

TEST(Arn, OfARoleIsBuiltFromItsParts) {
  EXPECT_EQ(role_arn("aws", "123456789012", "Admin"), "arn:aws:iam::123456789012:role/Admin");
  EXPECT_EQ(role_arn("aws", "123456789012", "/Admin"), "arn:aws:iam::123456789012:role/Admin");
  EXPECT_EQ(role_arn("aws-cn", "123456789012", "/a/b/Admin"),
            "arn:aws-cn:iam::123456789012:role/a/b/Admin");
  EXPECT_EQ(role_arn("aws", "123456789012", "a/Admin"), "arn:aws:iam::123456789012:role/a/Admin");
}

TEST(Arn, OfAnAssumedRoleIsTakenApart) {
  EXPECT_EQ(parse_assumed_role("arn:aws-cn:sts::123456789012:assumed-role/Admin/jo@example.com"),
            (AssumedRole{"aws-cn", "123456789012", "Admin", "jo@example.com"}));
  for (const char* text : {"", "arn:aws:iam::123456789012:role/Admin",
                           "arn:aws:iam::123456789012:assumed-role/Admin/me",
                           "arn:aws:sts::123456789012:federated-user/me",
                           "arn:aws:sts::123456789012:assumed-role/Admin",
                           "arn:aws:sts::123456789012:assumed-role/Admin/",
                           "arn:aws:sts::123456789012:assumed-role//me",
                           "arn:aws:sts::123456789012:assumed-role/team/Admin/me"}) {
    EXPECT_FALSE(parse_assumed_role(text)) << text;
  }
}

TEST(Arn, TellsMfaDevicesApart) {
  EXPECT_EQ(mfa_device("arn:aws:iam::123456789012:mfa/jsmith"), MfaDevice::virtual_device);
  EXPECT_EQ(mfa_device("arn:aws-us-gov:iam::123456789012:mfa/a/b"), MfaDevice::virtual_device);
  EXPECT_EQ(mfa_device("GAHT12345678"), MfaDevice::hardware_token);
  EXPECT_EQ(mfa_device("arn:aws:iam::123456789012:u2f/user/jsmith/key-ABC"), MfaDevice::fido);
  EXPECT_EQ(mfa_device("arn:aws:iam::123456789012:sms-mfa/jsmith"), MfaDevice::sms);
  for (const char* text : {"", "arn:aws:iam::123456789012:user/jsmith", "arn:aws:iam",
                           "arn:aws:s3::123456789012:mfa/jsmith"}) {
    EXPECT_EQ(mfa_device(text), MfaDevice::none) << text;
  }
}

TEST(Arn, OnlyCodesOfVirtualAndHardwareDevicesGoToSts) {
  EXPECT_TRUE(usable_with_sts(MfaDevice::virtual_device));
  EXPECT_TRUE(usable_with_sts(MfaDevice::hardware_token));
  EXPECT_FALSE(usable_with_sts(MfaDevice::fido));
  EXPECT_FALSE(usable_with_sts(MfaDevice::sms));
  EXPECT_FALSE(usable_with_sts(MfaDevice::none));
}

}  // namespace
}  // namespace aws
