#include "aws/policy/policy_text.h"

#include "aws/policy/policy.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace aws::policy {
namespace {

Scope scope(const std::string& role = "arn:aws:iam::123456789012:role/AdminRole") {
  Scope result;
  result.accounts = {"123456789012"};
  result.roles = {*parse_arn(role)};
  return result;
}

nlohmann::json statements(const std::string& document) {
  return nlohmann::json::parse(document)["Statement"];
}

TEST(UserPolicy, IsWrittenOut) {
  EXPECT_EQ(user_policy(scope(), Format::json), R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "FindOwnMfaDevice",
      "Effect": "Allow",
      "Action": "iam:ListMFADevices",
      "Resource": [
        "arn:aws:iam::123456789012:user/${aws:username}",
        "arn:aws:iam::123456789012:user/*/${aws:username}"
      ]
    },
    {
      "Sid": "AssumeAdminRole",
      "Effect": "Allow",
      "Action": [
        "iam:GetRole",
        "sts:AssumeRole"
      ],
      "Resource": "arn:aws:iam::123456789012:role/AdminRole"
    }
  ]
}
)");
}

TEST(UserPolicy, IsWrittenOutForTerraform) {
  Scope of_group = scope();
  of_group.group = "developers";
  EXPECT_EQ(user_policy(of_group, Format::hcl), R"(resource "aws_iam_group_policy" "session_token" {
  name  = "session-token"
  group = "developers"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "FindOwnMfaDevice"
        Effect = "Allow"
        Action = "iam:ListMFADevices"
        Resource = [
          "arn:aws:iam::123456789012:user/$${aws:username}",
          "arn:aws:iam::123456789012:user/*/$${aws:username}"
        ]
      },
      {
        Sid    = "AssumeAdminRole"
        Effect = "Allow"
        Action = [
          "iam:GetRole",
          "sts:AssumeRole"
        ]
        Resource = "arn:aws:iam::123456789012:role/AdminRole"
      }
    ]
  })
}
)");
}

TEST(UserPolicy, IsAttachedToTheGroupTheUserOrNobody) {
  Scope wanted = scope();
  EXPECT_TRUE(user_policy(wanted, Format::hcl)
                  .starts_with("resource \"aws_iam_policy\" \"session_token\" {\n"
                               "  name = \"session-token\"\n\n"));
  wanted.user = "/engineering/pat";
  EXPECT_TRUE(user_policy(wanted, Format::hcl)
                  .starts_with("resource \"aws_iam_user_policy\" \"session_token\" {\n"
                               "  name = \"session-token\"\n  user = \"pat\"\n\n"));
}

TEST(UserPolicy, OfAUserWithAKnownPathHasThatOneOnly) {
  Scope wanted = scope();
  wanted.user = "/engineering/pat";
  EXPECT_EQ(statements(user_policy(wanted, Format::json))[0]["Resource"],
            "arn:aws:iam::123456789012:user/engineering/${aws:username}");
}

// GetRole answers for roles of the caller's own account only.
TEST(UserPolicy, LooksUpNoRoleOfAnotherAccount) {
  Scope wanted = scope();
  wanted.roles.push_back(*parse_arn("arn:aws:iam::123456789012:role/team/Reader"));
  wanted.roles.push_back(*parse_arn("arn:aws:iam::210987654321:role/Deploy"));
  const auto found = statements(user_policy(wanted, Format::json));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[1]["Sid"], "AssumeRoles");
  EXPECT_EQ(found[1]["Resource"].dump(), R"(["arn:aws:iam::123456789012:role/AdminRole",)"
                                         R"("arn:aws:iam::123456789012:role/team/Reader"])");
  EXPECT_EQ(found[2]["Sid"], "AssumeRolesElsewhere");
  EXPECT_EQ(found[2]["Action"], "sts:AssumeRole");
  EXPECT_EQ(found[2]["Resource"], "arn:aws:iam::210987654321:role/Deploy");

  const Scope elsewhere = scope("arn:aws:iam::210987654321:role/Deploy");
  EXPECT_EQ(statements(user_policy(elsewhere, Format::json)).size(), 2u);
}

TEST(UserPolicy, ServesSeveralAccounts) {
  Scope wanted = scope();
  wanted.accounts.emplace_back("210987654321");
  wanted.roles.push_back(*parse_arn("arn:aws:iam::210987654321:role/AdminRole"));
  const auto found = statements(user_policy(wanted, Format::json));
  EXPECT_EQ(found[0]["Resource"].size(), 4u);
  EXPECT_EQ(found[1]["Resource"].size(), 2u);
}

TEST(UserPolicy, AllowsSessionAttributesWhenAsked) {
  Scope wanted = scope();
  wanted.session_tags = true;
  wanted.source_identity = true;
  EXPECT_EQ(statements(user_policy(wanted, Format::json))[1]["Action"].dump(),
            R"(["iam:GetRole","sts:AssumeRole","sts:SetSourceIdentity","sts:TagSession"])");
}

TEST(UserPolicy, MayBeAsWideAsTheOriginals) {
  Scope wanted = scope();
  wanted.roles.push_back(*parse_arn("arn:aws:iam::123456789012:role/Other"));
  wanted.like_original = true;
  const auto found = statements(user_policy(wanted, Format::json));
  EXPECT_EQ(found[0]["Resource"], "*");
  EXPECT_EQ(found[1]["Sid"], "AssumeRoles");
  EXPECT_EQ(found[1]["Resource"], "arn:aws:iam::123456789012:role/*");
}

TEST(RolePolicy, IsWrittenOut) {
  EXPECT_EQ(role_policy(scope(), Format::json), R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "WithMfaOnly",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::123456789012:root"
      },
      "Action": "sts:AssumeRole",
      "Condition": {
        "Bool": {
          "aws:MultiFactorAuthPresent": "true"
        }
      }
    }
  ]
}
)");
}

TEST(RolePolicy, IsWrittenOutForTerraform) {
  Scope wanted = scope("arn:aws-cn:iam::123456789012:role/deploy/DeployRole");
  wanted.partition = "aws-cn";
  wanted.mfa_age = base::Seconds{3600};
  EXPECT_EQ(role_policy(wanted, Format::hcl), R"(resource "aws_iam_role" "deploy_role" {
  name                 = "DeployRole"
  path                 = "/deploy/"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WithMfaOnly"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws-cn:iam::123456789012:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          Bool = {
            "aws:MultiFactorAuthPresent" = "true"
          }
          NumericLessThan = {
            "aws:MultiFactorAuthAge" = "3600"
          }
        }
      }
    ]
  })
}
)");
}

TEST(RolePolicy, HasAResourceForEachRole) {
  Scope wanted = scope("arn:aws:iam::123456789012:role/Deploy");
  wanted.roles.push_back(*parse_arn("arn:aws:iam::210987654321:role/Deploy"));
  wanted.roles.push_back(*parse_arn("arn:aws:iam::210987654321:role/2nd,role"));
  const std::string text = role_policy(wanted, Format::hcl);
  for (const char* line :
       {"# In account 123456789012.\nresource \"aws_iam_role\" \"deploy\" {\n",
        "}\n\n# In account 210987654321.\nresource \"aws_iam_role\" \"deploy_210987654321\" {\n",
        "resource \"aws_iam_role\" \"role_2nd_role\" {\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(RolePolicy, MayTrustOneUserAndSeveralAccounts) {
  Scope wanted = scope();
  wanted.accounts.emplace_back("210987654321");
  EXPECT_EQ(statements(role_policy(wanted, Format::json))[0]["Principal"]["AWS"].dump(),
            R"(["arn:aws:iam::123456789012:root","arn:aws:iam::210987654321:root"])");
  wanted.accounts.pop_back();
  wanted.user = "jsmith";
  EXPECT_EQ(statements(role_policy(wanted, Format::json))[0]["Principal"]["AWS"],
            "arn:aws:iam::123456789012:user/jsmith");
  wanted.user = "/engineering/pat";
  EXPECT_EQ(statements(role_policy(wanted, Format::json))[0]["Principal"]["AWS"],
            "arn:aws:iam::123456789012:user/engineering/pat");
}

// What is written is what our own judge of policies reads.
TEST(Policies, CanBeParsed) {
  Scope wanted = scope();
  wanted.mfa_age = base::Seconds{60};
  wanted.session_tags = wanted.source_identity = true;
  EXPECT_EQ(parse(user_policy(wanted, Format::json), Kind::identity).statements.size(), 2u);
  EXPECT_EQ(parse(role_policy(wanted, Format::json), Kind::trust).statements.size(), 1u);
}

TEST(Statement, HasTheActionsThatAreMissingAndNoSid) {
  Scope of_user = scope();
  of_user.user = "jsmith";
  of_user.session_tags = true;
  EXPECT_EQ(user_statement(of_user, {"sts:AssumeRole", "sts:TagSession"}),
            R"({"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],)"
            R"("Resource":"arn:aws:iam::123456789012:role/AdminRole"})");
  EXPECT_EQ(user_statement(of_user, {"iam:ListMFADevices"}),
            R"({"Effect":"Allow","Action":"iam:ListMFADevices","Resource":[)"
            R"("arn:aws:iam::123456789012:user/${aws:username}",)"
            R"("arn:aws:iam::123456789012:user/*/${aws:username}"]})");
  EXPECT_EQ(user_statement(of_user, {"sts:SetSourceIdentity"}), "");
}

TEST(Statement, OfAChainTrustsTheRoleBefore) {
  Scope of_role = scope();
  of_role.source_identity = true;
  EXPECT_EQ(chain_statement(*parse_arn("arn:aws:iam::210987654321:role/team/A"), of_role),
            R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:role/team/A"},)"
            R"("Action":["sts:AssumeRole","sts:SetSourceIdentity"]})");
}

}  // namespace
}  // namespace aws::policy
