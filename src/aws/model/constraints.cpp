#include "aws/model/constraints.h"

#include "aws/model/lookalike.h"
#include "aws/model/pattern.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <utility>

namespace aws {
namespace {

constexpr std::int64_t unlimited = Constraint::unlimited;

constexpr std::string_view arn =
    R"([\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)";
constexpr std::string_view policy = R"([\u0009\u000A\u000D\u0020-\u00FF]+)";
constexpr std::string_view name = R"([\w+=,.@-]*)";
constexpr std::string_view iam_name = R"([\w+=,.@-]+)";
constexpr std::string_view serial_number = R"([\w+=/:,.@-]*)";
constexpr std::string_view external_id = R"([\w+=,.@:\/-]*)";
constexpr std::string_view token_code = R"([\d]*)";
constexpr std::string_view tag_key = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)";
constexpr std::string_view tag_value = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)";

constexpr Constraint table[] = {
    {"AssumeRole", "RoleArn", 20, 2048, arn},
    {"AssumeRole", "RoleSessionName", 2, 64, name},
    {"AssumeRole", "DurationSeconds", 900, 43200, ""},
    {"AssumeRole", "SerialNumber", 9, 256, serial_number},
    {"AssumeRole", "TokenCode", 6, 6, token_code},
    {"AssumeRole", "ExternalId", 2, 1224, external_id},
    {"AssumeRole", "Policy", 1, unlimited, policy},
    {"AssumeRole", "PolicyArns.arn", 20, 2048, arn},
    {"AssumeRole", "SourceIdentity", 2, 64, name},
    {"AssumeRole", "Tags.Key", 1, 128, tag_key},
    {"AssumeRole", "Tags.Value", 0, 256, tag_value},
    {"AssumeRole", "TransitiveTagKeys", 1, 128, tag_key},
    {"GetSessionToken", "DurationSeconds", 900, 129600, ""},
    {"GetSessionToken", "SerialNumber", 9, 256, serial_number},
    {"GetSessionToken", "TokenCode", 6, 6, token_code},
    {"GetUser", "UserName", 1, 128, iam_name},
    {"ListMFADevices", "UserName", 1, 128, iam_name},
    {"GetRole", "RoleName", 1, 64, iam_name},
    {"ListAccessKeys", "UserName", 1, 128, iam_name},
};

// The same in users' words.
struct Wording {
  std::string_view parameter;
  std::string_view name;
  std::string_view settings;
  bool repeated;  // in a message
};

constexpr Wording wordings[] = {
    {"RoleArn", "the role ARN", "--role, or `role_arn` of the profile", true},
    {"RoleSessionName", "the role session name",
     "--session-name, or `role_session_name` of the profile", true},
    {"DurationSeconds", "the duration",
     "--duration, `duration_seconds` of the profile, or `duration` or `session_duration` of the "
     "settings",
     true},
    {"SerialNumber", "the serial number of the MFA device",
     "--serial-number, `mfa_serial` of the profile, or `serial_number` of the settings", true},
    {"TokenCode", "the MFA code", "--code", false},
    {"ExternalId", "the external ID", "--external-id, or `external_id` of the profile", false},
    {"Policy", "the session policy", "--policy", false},
    {"PolicyArns.arn", "the ARN of the session policy", "--policy-arn", true},
    {"SourceIdentity", "the source identity",
     "--source-identity, or `source_identity` of the profile", true},
    {"Tags.Key", "the key of the session tag", "--tag, or `session_tags` of the profile", true},
    {"Tags.Value", "the value of the session tag", "--tag, or `session_tags` of the profile",
     false},
    {"TransitiveTagKeys", "the key of the transitive tag",
     "--transitive-tag, or `transitive_session_tags` of the profile", true},
    {"UserName", "the user name", "the answer, --username, or `username` of the settings", true},
    {"RoleName", "the role name", "the answer, --role, or `role` of the settings", true},
};

constexpr struct {
  std::string_view pattern;
  std::string_view words;
} alphabets[] = {
    {arn, "no control characters"},
    {policy, "only characters up to U+00FF, and no control characters"},
    {name, "only ASCII letters, digits and _+=,.@-"},
    {iam_name, "only ASCII letters, digits and _+=,.@-"},
    {serial_number, "only ASCII letters, digits and _+=/:,.@-"},
    {external_id, "only ASCII letters, digits and _+=,.@:/-"},
    {token_code, "only digits"},
    {tag_key, "only letters, digits, blanks and _.:/=+-@"},
    {tag_value, "only letters, digits, blanks and _.:/=+-@"},
};

const Constraint& find_row(std::string_view operation, std::string_view parameter, bool number) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const Constraint& row) {
    return row.operation == operation && row.parameter == parameter &&
           row.pattern.empty() == number;
  });
  if (found != std::end(table)) return *found;
  throw base::Error(base::ErrorKind::failed,
                    fmt::format("no limits are known for the {} {} of {}",
                                number ? "number" : "text", parameter, operation));
}

const Wording& wording_of(std::string_view parameter) {
  return *std::find_if(std::begin(wordings), std::end(wordings),
                       [&](const Wording& wording) { return wording.parameter == parameter; });
}

std::string_view alphabet_of(const Constraint& row) {
  return std::find_if(std::begin(alphabets), std::end(alphabets),
                      [&](const auto& alphabet) { return alphabet.pattern == row.pattern; })
      ->words;
}

void throw_if(std::optional<std::string> objection, std::string_view parameter) {
  if (!objection) return;
  throw base::Error(base::ErrorKind::usage, std::move(*objection),
                    {fmt::format("it comes from {}", wording_of(parameter).settings)});
}

std::string range_of(const Constraint& row) {
  if (row.max == unlimited) return fmt::format("at least {}", row.min);
  if (row.min == row.max) return fmt::format("exactly {}", row.min);
  return row.min == 0 ? fmt::format("at most {}", row.max)
                      : fmt::format("{} to {}", row.min, row.max);
}

}  // namespace

std::span<const Constraint> constraints() noexcept { return table; }

std::optional<std::string> objection(std::string_view operation, std::string_view parameter,
                                     std::string_view value) {
  const Constraint& row = find_row(operation, parameter, false);
  const Wording& wording = wording_of(parameter);
  const auto characters = count_characters(value);
  if (!characters) return fmt::format("{} is not UTF-8 text", wording.name);
  const auto count = static_cast<std::int64_t>(*characters);
  if (count == 0 && row.min > 0) return fmt::format("{} is empty", wording.name);
  if (count < row.min || (row.max != unlimited && count > row.max)) {
    return fmt::format("{} has {} character{}: AWS allows {}", wording.name, count,
                       count == 1 ? "" : "s", range_of(row));
  }
  if (in_class(row.pattern, value)) return std::nullopt;
  const bool repeated = wording.repeated && lookalike(value) == Lookalike::none;
  return fmt::format("{}{} has a character that AWS does not allow: {}", wording.name,
                     repeated ? fmt::format(" `{}`", base::printable(value)) : std::string(),
                     alphabet_of(row));
}

std::optional<std::string> objection(std::string_view operation, std::string_view parameter,
                                     std::int64_t value) {
  const Constraint& row = find_row(operation, parameter, true);
  if (value >= row.min && value <= row.max) return std::nullopt;
  const auto words = [](std::int64_t seconds) {
    // Whole minutes read better; anything else must not be rounded to a limit that it misses.
    return seconds % 60 == 0 ? base::format_duration(base::Seconds(seconds))
                             : fmt::format("{} s", seconds);
  };
  return fmt::format("{} of {} is too {} for {}: AWS allows {} to {}", wording_of(parameter).name,
                     words(value), value < row.min ? "short" : "long", operation, words(row.min),
                     words(row.max));
}

void check(std::string_view operation, std::string_view parameter, std::string_view value) {
  throw_if(objection(operation, parameter, value), parameter);
}

void check(std::string_view operation, std::string_view parameter, std::int64_t value) {
  throw_if(objection(operation, parameter, value), parameter);
}

}  // namespace aws
