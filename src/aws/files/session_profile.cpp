#include "aws/files/session_profile.h"

#include "base/error.h"
#include "base/text.h"

#include <array>
#include <fmt/core.h>
#include <span>
#include <vector>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view role_punctuation = "_+=,.@:/-";

void require_only(std::string_view value, std::string_view punctuation, std::string_view what) {
  if (base::is_alphanumeric(value, punctuation) && !value.empty()) return;
  throw Error(
      ErrorKind::failed,
      fmt::format("the {} from AWS has a character that programs read in different ways", what),
      {"the answer was discarded; check that the endpoint is AWS's"});
}

// Keys that make a client take something else than the static keys beside them.
constexpr std::array<std::string_view, 10> overriding = {
    "role_arn",    "source_profile",    "credential_source", "web_identity_token_file",
    "sso_session", "sso_start_url",     "sso_account_id",    "sso_role_name",
    "sso_region",  "credential_process"};

constexpr std::string_view key_punctuation = "+/=_.-\\";
// What a session is in a profile: its key, whose it is (`manager`), and what is known of it.
constexpr std::array<std::string_view, 3> key_names = {"aws_access_key_id", "aws_secret_access_key",
                                                       "aws_session_token"};
constexpr std::array<std::string_view, 3> note_names = {"assumed_role_arn", "expiration",
                                                        "x_security_token_expires"};
// The AWS CLI and boto3 prefer the one over aws_session_token; the other is awsume's mark.
constexpr std::array<std::string_view, 2> foreign_names = {"aws_security_token", "autoawsume"};

void add(std::vector<std::string>& names, std::span<const std::string_view> more) {
  names.insert(names.end(), more.begin(), more.end());
}

}  // namespace

void require_plain(const Credentials& credentials) {
  require_only(credentials.access_key_id, key_punctuation, key_names[0]);
  require_only(credentials.secret_access_key.reveal(), key_punctuation, key_names[1]);
  require_only(credentials.session_token.reveal(), key_punctuation, key_names[2]);
}

SectionEdit session_profile(const std::string& profile, const Credentials& credentials,
                            const std::string& assumed_role_arn) {
  require_plain(credentials);
  SectionEdit edit;
  edit.profile = profile;
  const auto set = [&](std::string_view key, std::string_view value) {
    edit.set.emplace_back(key, value);
  };
  set(key_names[0], credentials.access_key_id);
  set(key_names[1], credentials.secret_access_key.reveal());
  set(key_names[2], credentials.session_token.reveal());
  set("manager", manager);
  add(edit.remove, foreign_names);
  const std::string expiration = base::format_rfc3339(credentials.expiration);
  for (const std::string_view name : note_names) {
    if (name != "assumed_role_arn") {
      set(name, expiration);
    } else if (!assumed_role_arn.empty()) {
      require_only(assumed_role_arn, role_punctuation, name);
      set(name, assumed_role_arn);
    } else {
      edit.remove.emplace_back(name);
    }
  }
  return edit;
}

SectionEdit session_removal(const std::string& profile) {
  SectionEdit edit;
  edit.profile = profile;
  add(edit.remove, key_names);
  edit.remove.emplace_back("manager");
  add(edit.remove, note_names);
  edit.drop_empty = true;
  return edit;
}

SectionEdit linked_profile(const std::string& profile, const std::string& credential_process) {
  SectionEdit edit;
  edit.profile = profile;
  edit.set = {{"credential_process", base::WipedString(credential_process)},
              {"manager", base::WipedString(manager)}};
  add(edit.remove, key_names);
  add(edit.remove, note_names);
  add(edit.remove, foreign_names);
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
              fmt::format("the path of {} has a character that programs read in different ways",
                          base::printable(role_arn)),
              {"recreate the role with a path of letters, digits and _ + = , . @ - only"});
}

void require_writable_target(const SharedConfig& shared, const std::string& profile, bool overwrite,
                             Writing writing) {
  const std::string other = "choose another profile to write with -p";
  if (!is_profile_name(profile)) {
    throw Error(ErrorKind::usage,
                fmt::format("`{}` is not a profile name that every program accepts",
                            base::printable(profile)),
                {fmt::format("use {}", profile_name_rule)});
  }
  if (holds_long_term_key(shared, profile)) {
    throw Error(
        ErrorKind::failed,
        fmt::format("profile {} holds a long-term access key; it was left unchanged", profile),
        {other});
  }
  // Whoever includes a profile with that source comes to it through that profile.
  if (const auto user = shared.profile_with_source(profile)) {
    throw Error(ErrorKind::failed,
                fmt::format("profile {} is the source_profile of {}; it was left unchanged",
                            profile, *user),
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
                  fmt::format("profile {} is a link of this tool, which renews itself; keys beside "
                              "it would not be renewed",
                              profile),
                  {fmt::format("remove it with: aws-session-token logout {}", profile), other});
    }
    // Most likely it was meant as the role to get: --profile is that in other tools.
    if (key == "role_arn" && !shared.text(profile, key).empty()) {
      throw Error(
          ErrorKind::failed,
          fmt::format("profile {} is a role profile; -p names the profile to write", profile),
          {fmt::format("did you mean: aws-session-token get {}", profile), other});
    }
    throw Error(
        ErrorKind::failed,
        fmt::format("profile {} has {} in the shared {} file, which would take precedence over the "
                    "{}",
                    profile, key, in_config ? "config" : "credentials",
                    writing == Writing::link ? "link" : "keys written"),
        {other, fmt::format("or remove {} from the profile", key)});
  }
}

}  // namespace aws
