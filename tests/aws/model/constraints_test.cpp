#include "aws/model/constraints.h"

#include "support/error.h"
#include "support/vectors.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace aws {
namespace {

// The published description of a parameter; a dot leads into the members of a list.
nlohmann::json published(const nlohmann::json& model, const Constraint& row) {
  for (const char* service : {"sts", "iam"}) {
    const auto& operations = model[service]["operations"];
    const std::string operation(row.operation);
    if (!operations.contains(operation)) continue;
    const std::string parameter(row.parameter);
    const std::size_t dot = parameter.find('.');
    const auto& field = operations[operation]["input"]["members"].at(parameter.substr(0, dot));
    if (dot != std::string::npos) {
      return field.at("member").at("members").at(parameter.substr(dot + 1));
    }
    return field.at("type") == "list" ? field.at("member") : field;
  }
  return nullptr;
}

TEST(Constraints, AreThoseOfThePublishedModels) {
  SKIP_WITHOUT_VECTORS();
  const auto model = support::read_json(support::vectors() / "sts_iam_constraints.json");
  int compared = 0;
  for (const Constraint& row : constraints()) {
    SCOPED_TRACE(std::string(row.operation) + " " + std::string(row.parameter));
    const auto field = published(model, row);
    ASSERT_TRUE(field.is_object());
    EXPECT_EQ(row.min, field.at("min").get<std::int64_t>());
    EXPECT_EQ(row.max, field.value("max", Constraint::unlimited));
    EXPECT_EQ(row.pattern, field.value("pattern", ""));
    EXPECT_EQ(row.pattern.empty(), field.at("type") == "integer");
    ++compared;
  }
  EXPECT_EQ(compared, 19);
}

std::string refusal(std::string_view operation, std::string_view parameter,
                    const std::string& value) {
  return support::error_of([&] { check(operation, parameter, value); });
}
std::string refusal(std::string_view operation, std::string_view parameter, std::int64_t value) {
  return support::error_of([&] { check(operation, parameter, value); });
}

constexpr const char* accepted = "nothing was thrown";

TEST(Constraints, TakeWhatAwsTakes) {
  EXPECT_EQ(refusal("AssumeRole", "RoleArn", "arn:aws:iam::123456789012:role/a/Admin"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", "jo+x@example.com"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "SerialNumber", "arn:aws:iam::123456789012:mfa/jo"), accepted);
  EXPECT_EQ(refusal("GetSessionToken", "SerialNumber", "GAHT12345678"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "TokenCode", "000000"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "ExternalId", "a/b:c"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "Policy", std::string(100000, ' ')), accepted);
  EXPECT_EQ(refusal("AssumeRole", "Tags.Key", "caf\xc3\xa9 1"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "Tags.Value", ""), accepted);
  EXPECT_EQ(refusal("GetRole", "RoleName", "A"), accepted);
  EXPECT_EQ(refusal("ListMFADevices", "UserName", std::string(128, 'u')), accepted);
}

TEST(Constraints, NameTheCharactersThatAwsAllows) {
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", "bad name"),
            "2 the role session name `bad name` has a character that AWS does not allow: only "
            "ASCII letters, digits and _+=,.@-\n"
            "hint: it comes from --session-name, or `role_session_name` of the profile");
  EXPECT_EQ(refusal("AssumeRole", "SourceIdentity", "j\xc3\xb6rg"),
            "2 the source identity `j\xc3\xb6rg` has a character that AWS does not allow: only "
            "ASCII letters, digits and _+=,.@-\n"
            "hint: it comes from --source-identity, or `source_identity` of the profile");
  EXPECT_EQ(
      refusal("GetSessionToken", "SerialNumber", "GAHT 1234567"),
      "2 the serial number of the MFA device `GAHT 1234567` has a character that AWS does "
      "not allow: only ASCII letters, digits and _+=/:,.@-\n"
      "hint: it comes from --serial-number, `mfa_serial` of the profile, or `serial_number` of "
      "the settings");
  EXPECT_EQ(refusal("AssumeRole", "RoleArn", "arn:aws:iam::1:role/a\x1b[31m"),
            "2 the role ARN `arn:aws:iam::1:role/a?[31m` has a character that AWS does not allow: "
            "no control characters\n"
            "hint: it comes from --role, or `role_arn` of the profile");
  EXPECT_EQ(refusal("AssumeRole", "PolicyArns.arn", "arn:aws:iam::aws:policy/\x7f"),
            "2 the ARN of the session policy `arn:aws:iam::aws:policy/?` has a character that AWS "
            "does not allow: no control characters\n"
            "hint: it comes from --policy-arn");
  EXPECT_EQ(refusal("GetUser", "UserName", "a/b"),
            "2 the user name `a/b` has a character that AWS does not allow: only ASCII letters, "
            "digits and _+=,.@-\n"
            "hint: it comes from the answer, --username, or `username` of the settings");
  EXPECT_EQ(refusal("GetRole", "RoleName", "a/b"),
            "2 the role name `a/b` has a character that AWS does not allow: only ASCII letters, "
            "digits and _+=,.@-\n"
            "hint: it comes from the answer, --role, or `role` of the settings");
  EXPECT_EQ(refusal("AssumeRole", "Tags.Key", "a*"),
            "2 the key of the session tag `a*` has a character that AWS does not allow: only "
            "letters, digits, blanks and _.:/=+-@\n"
            "hint: it comes from --tag, or `session_tags` of the profile");
  EXPECT_EQ(refusal("AssumeRole", "TransitiveTagKeys", "a*"),
            "2 the key of the transitive tag `a*` has a character that AWS does not allow: only "
            "letters, digits, blanks and _.:/=+-@\n"
            "hint: it comes from --transitive-tag, or `transitive_session_tags` of the profile");
}

TEST(Constraints, NeverRepeatWhatMayBeASecret) {
  EXPECT_EQ(refusal("AssumeRole", "TokenCode", "12345x"),
            "2 the MFA code has a character that AWS does not allow: only digits\n"
            "hint: it comes from --code");
  EXPECT_EQ(refusal("GetSessionToken", "TokenCode", "1234567"),
            "2 the MFA code has 7 characters: AWS allows exactly 6\n"
            "hint: it comes from --code");
  EXPECT_EQ(refusal("AssumeRole", "ExternalId", "hunter 2"),
            "2 the external ID has a character that AWS does not allow: only ASCII letters, digits "
            "and _+=,.@:/-\n"
            "hint: it comes from --external-id, or `external_id` of the profile");
  EXPECT_EQ(refusal("AssumeRole", "Policy", "{\xe2\x82\xac}"),
            "2 the session policy has a character that AWS does not allow: only characters up to "
            "U+00FF, and no control characters\n"
            "hint: it comes from --policy");
  EXPECT_EQ(refusal("AssumeRole", "Tags.Value", "hunter*"),
            "2 the value of the session tag has a character that AWS does not allow: only letters, "
            "digits, blanks and _.:/=+-@\n"
            "hint: it comes from --tag, or `session_tags` of the profile");
  EXPECT_EQ(refusal("GetUser", "UserName", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "2 the user name has a character that AWS does not allow: only ASCII letters, digits "
            "and _+=,.@-\n"
            "hint: it comes from the answer, --username, or `username` of the settings");
}

TEST(Constraints, CountCharacters) {
  const std::string hint =
      "\nhint: it comes from --session-name, or `role_session_name` of the profile";
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", std::string(64, 'x')), accepted);
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", std::string(65, 'x')),
            "2 the role session name has 65 characters: AWS allows 2 to 64" + hint);
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", "xx"), accepted);
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", "x"),
            "2 the role session name has 1 character: AWS allows 2 to 64" + hint);
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", ""),
            "2 the role session name is empty" + hint);
  EXPECT_EQ(refusal("AssumeRole", "RoleSessionName", "x\xff"),
            "2 the role session name is not UTF-8 text" + hint);
  EXPECT_EQ(refusal("AssumeRole", "Tags.Value", std::string(257, 'x')),
            "2 the value of the session tag has 257 characters: AWS allows at most 256\n"
            "hint: it comes from --tag, or `session_tags` of the profile");
}

TEST(Constraints, LimitDurations) {
  const std::string hint =
      "\nhint: it comes from --duration, `duration_seconds` of the profile, or `duration` or "
      "`session_duration` of the settings";
  EXPECT_EQ(refusal("AssumeRole", "DurationSeconds", 900), accepted);
  EXPECT_EQ(refusal("AssumeRole", "DurationSeconds", 43200), accepted);
  EXPECT_EQ(refusal("GetSessionToken", "DurationSeconds", 129600), accepted);
  EXPECT_EQ(
      refusal("AssumeRole", "DurationSeconds", 600),
      "2 the duration of 10 min is too short for AssumeRole: AWS allows 15 min to 12 h" + hint);
  EXPECT_EQ(
      refusal("AssumeRole", "DurationSeconds", 899),
      "2 the duration of 899 s is too short for AssumeRole: AWS allows 15 min to 12 h" + hint);
  EXPECT_EQ(
      refusal("AssumeRole", "DurationSeconds", 43201),
      "2 the duration of 43201 s is too long for AssumeRole: AWS allows 15 min to 12 h" + hint);
  EXPECT_EQ(
      refusal("GetSessionToken", "DurationSeconds", 37 * 3600),
      "2 the duration of 37 h is too long for GetSessionToken: AWS allows 15 min to 36 h" + hint);
  EXPECT_EQ(refusal("AssumeRole", "DurationSeconds", -1),
            "2 the duration of -1 s is too short for AssumeRole: AWS allows 15 min to 12 h" + hint);
}

TEST(Constraints, AreAskedForByTheirOwnKind) {
  EXPECT_EQ(refusal("AssumeRole", "DurationSeconds", "900"),
            "1 no limits are known for the text DurationSeconds of AssumeRole");
  EXPECT_EQ(refusal("AssumeRole", "RoleArn", 1),
            "1 no limits are known for the number RoleArn of AssumeRole");
  EXPECT_EQ(refusal("GetRole", "UserName", "x"),
            "1 no limits are known for the text UserName of GetRole");
}

// Every row can speak: a row without wording or alphabet would be undefined behaviour.
TEST(Constraints, AreAllPutIntoWords) {
  for (const Constraint& row : constraints()) {
    if (row.pattern.empty()) {
      EXPECT_NE(refusal(row.operation, row.parameter, row.max + 1), accepted);
    } else {
      const std::string value(static_cast<std::size_t>(std::max<std::int64_t>(row.min, 1)), '\x02');
      EXPECT_NE(refusal(row.operation, row.parameter, value).find(" does not allow: "),
                std::string::npos)
          << row.operation << " " << row.parameter;
    }
  }
}

}  // namespace
}  // namespace aws
