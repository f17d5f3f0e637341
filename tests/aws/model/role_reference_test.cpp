#include "aws/model/role_reference.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <string>

namespace aws {
namespace {

using Form = RoleReference::Form;

std::string refusal(std::string_view text) {
  return support::error_of([&] { parse_role_reference(text); });
}

TEST(RoleReference, TakesAnArn) {
  EXPECT_EQ(parse_role_reference("arn:aws:iam::123456789012:role/Admin"),
            (RoleReference{Form::arn, "aws", "123456789012", "/", "Admin"}));
  EXPECT_EQ(parse_role_reference("arn:aws-us-gov:iam::123456789012:role/a/b/Admin"),
            (RoleReference{Form::arn, "aws-us-gov", "123456789012", "/a/b/", "Admin"}));
}

TEST(RoleReference, TakesAnAccountAndAName) {
  EXPECT_EQ(parse_role_reference("123456789012:Admin"),
            (RoleReference{Form::account, "", "123456789012", "/", "Admin"}));
  EXPECT_EQ(parse_role_reference("123456789012:/team/Admin"),
            (RoleReference{Form::account, "", "123456789012", "/team/", "Admin"}));
  EXPECT_EQ(parse_role_reference("123456789012:role/team/Admin"),
            (RoleReference{Form::account, "", "123456789012", "/team/", "Admin"}));
}

TEST(RoleReference, TakesAPathAndAName) {
  EXPECT_EQ(parse_role_reference("/team/prod/Admin"),
            (RoleReference{Form::path, "", "", "/team/prod/", "Admin"}));
  EXPECT_EQ(parse_role_reference("/Admin"), (RoleReference{Form::path, "", "", "/", "Admin"}));
}

TEST(RoleReference, TakesANameForcedToBeARole) {
  EXPECT_EQ(parse_role_reference("role/Admin"), (RoleReference{Form::role, "", "", "/", "Admin"}));
  EXPECT_EQ(parse_role_reference("role/team/Admin"),
            (RoleReference{Form::role, "", "", "/team/", "Admin"}));
  EXPECT_EQ(parse_role_reference("role/123456"),
            (RoleReference{Form::role, "", "", "/", "123456"}));
}

TEST(RoleReference, LeavesTheChoiceBetweenProfileAndRoleToTheCaller) {
  for (const char* text : {"Admin", "prod", "a", "_+=,.@-", "123456789012", "AKIA", "arn"}) {
    EXPECT_EQ(parse_role_reference(text), (RoleReference{Form::name, "", "", "/", text}));
  }
  const std::string max_name(64, 'x');
  EXPECT_EQ(parse_role_reference(max_name), (RoleReference{Form::name, "", "", "/", max_name}));
}

TEST(RoleReference, KnowsWhatOnlyAProfileCanBeCalled) {
  for (const std::string& text :
       {std::string("prod/admin"), std::string("acme:prod"), std::string("a profile"),
        std::string("caf\xc3\xa9"), std::string("100%"), std::string(65, 'x')}) {
    EXPECT_EQ(parse_role_reference(text), (RoleReference{Form::profile, "", "", "/", text}));
  }
}

TEST(RoleReference, IgnoresBlanksAroundIt) {
  EXPECT_EQ(parse_role_reference(" \tAdmin "), (RoleReference{Form::name, "", "", "/", "Admin"}));
}

TEST(RoleReference, BecomesAnArn) {
  const auto arn = [](const char* text) {
    return role_arn(parse_role_reference(text), "aws-cn", "999999999999");
  };
  EXPECT_EQ(arn("Admin"), "arn:aws-cn:iam::999999999999:role/Admin");
  EXPECT_EQ(arn("role/Admin"), "arn:aws-cn:iam::999999999999:role/Admin");
  EXPECT_EQ(arn("/team/Admin"), "arn:aws-cn:iam::999999999999:role/team/Admin");
  EXPECT_EQ(arn("123456789012:/team/Admin"), "arn:aws-cn:iam::123456789012:role/team/Admin");
  EXPECT_EQ(arn("arn:aws:iam::123456789012:role/a/Admin"),
            "arn:aws:iam::123456789012:role/a/Admin");
}

TEST(RoleReference, ThatOnlyAProfileCanMeanHasNoArn) {
  EXPECT_EQ(support::error_of(
                [] { role_arn(parse_role_reference("prod/admin"), "aws", "123456789012"); }),
            "2 `prod/admin` cannot be the name of a role\n"
            "hint: a role's name has 1 to 64 characters: ASCII letters, digits and _+=,.@-");
}

TEST(RoleReference, RefusesOtherArns) {
  static const std::string hint =
      "\nhint: a role's ARN looks like arn:aws:iam::123456789012:role/AdminRole";
  const struct {
    const char* text;
    const char* names;
  } cases[] = {{"arn:aws:iam::123456789012:user/jsmith", "a user"},
               {"arn:aws:iam::123456789012:root", "the root user"},
               {"arn:aws:iam::aws:policy/AdministratorAccess", "a policy"},
               {"arn:aws:iam::123456789012:group/Admins", "a group"},
               {"arn:aws:iam::123456789012:instance-profile/Web", "an instance profile"},
               {"arn:aws:iam::123456789012:mfa/jsmith", "an MFA device"},
               {"arn:aws:iam::123456789012:u2f/user/jsmith/key", "an MFA device"},
               {"arn:aws:iam::123456789012:sms-mfa/jsmith", "an MFA device"},
               {"arn:aws:iam::123456789012:saml-provider/Okta", "something else"},
               {"arn:aws:sts::123456789012:federated-user/jsmith", "a federated user"},
               {"arn:aws:sts::123456789012:other", "a session"},
               {"arn:aws:s3:::role/Admin", "nothing of IAM"}};
  for (const auto& [text, names] : cases) {
    EXPECT_EQ(refusal(text),
              "2 `" + std::string(text) + "` is not the ARN of a role: it names " + names + hint);
  }
  for (const char* text :
       {"arn:", "arn:aws:iam:123456789012:role/Admin", "arn:asw:iam::123456789012:role/Admin"}) {
    EXPECT_EQ(refusal(text), "2 `" + std::string(text) + "` is not an ARN" + hint);
  }
  EXPECT_EQ(refusal("arn:aws:iam::12345:role/Admin"),
            "2 `arn:aws:iam::12345:role/Admin` is not the ARN of a role: its account is not 12 "
            "digits" +
                hint);
  EXPECT_EQ(refusal("arn:aws:iam:us-east-1:123456789012:role/Admin"),
            "2 `arn:aws:iam:us-east-1:123456789012:role/Admin` is not the ARN of a role: IAM's "
            "ARNs have no region" +
                hint);
}

TEST(RoleReference, NamesTheRoleOfASession) {
  EXPECT_EQ(refusal("arn:aws:sts::123456789012:assumed-role/Admin/jsmith"),
            "2 `arn:aws:sts::123456789012:assumed-role/Admin/jsmith` is the ARN of a session, not "
            "of a role\n"
            "hint: give the role's own ARN: arn:aws:iam::123456789012:role/Admin\n"
            "hint: a session's ARN leaves out the role's path; where the role has one, it stands "
            "before the name");
}

TEST(RoleReference, RefusesAnAccountThatIsNotTwelveDigits) {
  EXPECT_EQ(refusal("12345678901:Admin"),
            "2 the account `12345678901` is not 12 digits\n"
            "hint: an account number has 12 digits, including leading zeros");
  EXPECT_EQ(refusal("1234-5678-9012:Admin"),
            "2 the account `1234-5678-9012` is not 12 digits\n"
            "hint: without the dashes: 123456789012:Admin");
}

TEST(RoleReference, RefusesNamesAndPathsThatIamRefuses) {
  static const std::string name_hint =
      "\nhint: a role's name has 1 to 64 characters: ASCII letters, digits and _+=,.@-";
  EXPECT_EQ(refusal("/team/Ad min"), "2 `Ad min` cannot be the name of a role" + name_hint);
  EXPECT_EQ(refusal("123456789012:Ad:min"), "2 `Ad:min` cannot be the name of a role" + name_hint);
  EXPECT_EQ(refusal("role/" + std::string(65, 'x')),
            "2 `" + std::string(65, 'x') + "` cannot be the name of a role" + name_hint);
  EXPECT_EQ(refusal("arn:aws:iam::123456789012:role/a\x1b"),
            "2 `a?` cannot be the name of a role" + name_hint);

  for (const char* text : {"/", "/team/", "role/", "123456789012:", "123456789012:/",
                           "arn:aws:iam::123456789012:role/"}) {
    EXPECT_EQ(refusal(text), "2 `" + std::string(text) +
                                 "` does not name a role\n"
                                 "hint: put the role's name at the end, as in `/team/AdminRole`");
  }

  static const std::string path_hint =
      "\nhint: a role's path begins and ends with a slash and has at most 512 ASCII characters, "
      "without spaces";
  EXPECT_EQ(refusal("/my team/Admin"), "2 `/my team/` cannot be the path of a role" + path_hint);
  EXPECT_EQ(refusal("123456789012:team/Admin"),
            "2 `team/` cannot be the path of a role" + path_hint);
  const std::string max_name = "/" + std::string(510, 'p') + "/";
  EXPECT_EQ(parse_role_reference(max_name + "Admin").path, max_name);
  EXPECT_EQ(refusal("/p" + max_name.substr(1) + "Admin"),
            "2 `/p" + max_name.substr(1) + "` cannot be the path of a role" + path_hint);
}

TEST(RoleReference, RefusesAnEmptyText) {
  for (const char* text : {"", " \t"}) {
    EXPECT_EQ(refusal(text), "2 the role is empty\nhint: give a role's name, its ARN or a profile");
  }
}

TEST(RoleReference, NeverRepeatsWhatMayBeASecret) {
  const struct {
    const char* text;
    const char* what;
  } cases[] = {{"AKIAIOSFODNN7EXAMPLE", "an access key ID"},
               {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a secret access key"},
               {"/JalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a secret access key"},
               {"123456", "an MFA code"},
               {"cccccccfhcjkrubnevdtcrcdldvrnurlbglvgdlbktbd", "a YubiKey OTP"}};
  for (const auto& [text, what] : cases) {
    EXPECT_EQ(refusal(text), "2 this looks like " + std::string(what) +
                                 ", not like a role\n"
                                 "hint: if a role really has that name, put `role/` before it");
  }
}

}  // namespace
}  // namespace aws
