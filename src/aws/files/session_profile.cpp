#include "aws/files/session_profile.h"

#include "base/error.h"
#include "base/text.h"

#include <array>
#include <fmt/core.h>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view role_punctuation = "_+=,.@:/-";

void require_only(std::string_view value, std::string_view punctuation, std::string_view what) {
  if (base::is_alphanumeric(value, punctuation) && !value.empty()) return;
  throw Error(
      ErrorKind::failed,
      fmt::format("the {} from AWS cannot be written so that every program reads it alike", what),
      {"nothing was written; is the endpoint really AWS?"});
}

// Keys that make a client take something else than the static keys beside them.
constexpr std::array<std::string_view, 10> overriding = {
    "role_arn",    "source_profile",    "credential_source", "web_identity_token_file",
    "sso_session", "sso_start_url",     "sso_account_id",    "sso_role_name",
    "sso_region",  "credential_process"};

}  // namespace

SectionEdit session_profile(const std::string& profile, const Credentials& credentials,
                            const std::string& assumed_role_arn) {
  constexpr std::string_view key_punctuation = "+/=_.-\\";
  const std::string expiration = base::format_rfc3339(credentials.expiration);
  SectionEdit edit;
  edit.profile = profile;
  const auto set = [&](const char* key, std::string_view value, std::string_view punctuation) {
    require_only(value, punctuation, key);
    edit.set.emplace_back(key, value);
  };
  set("aws_access_key_id", credentials.access_key_id, key_punctuation);
  set("aws_secret_access_key", credentials.secret_access_key.reveal(), key_punctuation);
  set("aws_session_token", credentials.session_token.reveal(), key_punctuation);
  set("manager", manager, "-");
  // The AWS CLI and boto3 prefer the one over aws_session_token; the other is awsume's mark.
  edit.remove = {"aws_security_token", "autoawsume"};
  if (assumed_role_arn.empty()) {
    edit.remove.push_back("assumed_role_arn");
  } else {
    set("assumed_role_arn", assumed_role_arn, role_punctuation);
  }
  set("expiration", expiration, ":-");
  set("x_security_token_expires", expiration, ":-");
  return edit;
}

SectionEdit session_removal(const std::string& profile) {
  SectionEdit edit;
  edit.profile = profile;
  edit.remove = {"aws_access_key_id",       "aws_secret_access_key",
                 "aws_session_token",       "manager",
                 "assumed_role_arn",        "expiration",
                 "x_security_token_expires"};
  edit.drop_empty = true;
  return edit;
}

SectionEdit linked_profile(const std::string& profile, const std::string& credential_process) {
  SectionEdit edit;
  edit.profile = profile;
  edit.set = {{"credential_process", base::WipedString(credential_process)},
              {"manager", base::WipedString(manager)}};
  edit.remove = {"aws_access_key_id",        "aws_secret_access_key",
                 "aws_session_token",        "aws_security_token",
                 "assumed_role_arn",         "expiration",
                 "x_security_token_expires", "autoawsume"};
  return edit;
}

SectionEdit link_removal(const std::string& profile) {
  SectionEdit edit;
  edit.profile = profile;
  edit.remove = {"credential_process", "manager"};
  edit.drop_empty = true;
  return edit;
}

void require_writable_role(const std::string& role_arn) {
  if (base::is_alphanumeric(role_arn, role_punctuation)) return;
  throw Error(ErrorKind::usage,
              fmt::format("the path of {} has a character that cannot be written so that every "
                          "program reads it alike",
                          base::printable(role_arn)),
              {"have the role made anew under a path of letters, digits and _ + = , . @ - only"});
}

void require_writable_target(const SharedConfig& shared, const std::string& profile, bool overwrite,
                             Writing writing) {
  const std::string other = "choose another profile to write with -p";
  if (!is_profile_name(profile)) {
    throw Error(
        ErrorKind::usage,
        fmt::format("`{}` is no profile name that every program accepts", base::printable(profile)),
        {fmt::format("use {}", profile_name_rule)});
  }
  if (holds_long_term_key(shared, profile)) {
    throw Error(ErrorKind::failed,
                fmt::format("profile {} holds a long-term access key; it is left alone", profile),
                {other});
  }
  // Whoever includes a profile with that source comes to it through that profile.
  if (const auto user = shared.profile_with_source(profile)) {
    throw Error(
        ErrorKind::failed,
        fmt::format("profile {} is the source_profile of {}; it is left alone", profile, *user),
        {other});
  }
  const std::string_view owner = shared.text(profile, "manager");
  const bool foreign =
      (!owner.empty() && owner != manager) || !shared.text(profile, "autoawsume").empty();
  if (foreign && !overwrite) {
    throw Error(ErrorKind::failed,
                fmt::format("profile {} belongs to another tool{}", profile,
                            owner.empty() ? "" : fmt::format(" ({})", base::printable(owner))),
                {other, "or replace it with --overwrite"});
  }
  for (const std::string_view key : overriding) {
    const bool in_config = shared.in_config(profile, key).has_value();
    if (!in_config && !shared.in_credentials(profile, key)) continue;
    const bool replaced = writing == Writing::link && key == "credential_process" &&
                          !shared.in_credentials(profile, key) &&
                          (overwrite || shared.in_config(profile, "manager") == manager);
    if (replaced) continue;
    if (key == "credential_process" && shared.in_config(profile, "manager") == manager) {
      throw Error(ErrorKind::failed,
                  fmt::format("profile {} is a link of ours, which renews itself; keys beside it "
                              "would not be",
                              profile),
                  {fmt::format("take it away with: aws-session-token logout {}", profile), other});
    }
    throw Error(ErrorKind::failed,
                fmt::format("profile {} has {} in the shared {} file, which would win over the "
                            "{}",
                            profile, key, in_config ? "config" : "credentials",
                            writing == Writing::link ? "link" : "keys written"),
                {other, fmt::format("or remove {} from the profile", key)});
  }
}

}  // namespace aws
