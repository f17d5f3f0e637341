#include "app/config/role_choice.h"

#include "aws/model/arn.h"
#include "base/error.h"
#include "base/text.h"

#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using Form = aws::RoleReference::Form;

// A profile without a role: its own key, else its source profile's, else the usual search.
aws::Chain chain_without_role(const aws::SharedConfig& shared, const std::string& profile) {
  aws::Chain chain;
  if (aws::holds_long_term_key(shared, profile)) {
    chain.source = aws::KeySource::profile;
    chain.source_profile = profile;
  } else if (const auto source = shared.text(profile, "source_profile"); !source.empty()) {
    chain = aws::resolve_chain(shared, source);
    chain.roles.clear();
  }
  return chain;
}

bool has_role(const aws::SharedConfig& shared, const std::string& profile) {
  return !shared.text(profile, "role_arn").empty();
}

}  // namespace

RoleChoice choose_profile(const aws::SharedConfig& shared, const std::string& profile,
                          bool no_role) {
  RoleChoice choice;
  choice.profile = profile;
  if (!no_role && has_role(shared, profile)) {
    choice.chain = aws::resolve_chain(shared, profile);
    return choice;
  }
  if (!shared.has_profile(profile)) aws::resolve_chain(shared, profile);  // says so, with a hint
  if (!no_role && shared.text(profile, "mfa_serial").empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("profile {} has neither role_arn nor mfa_serial", profile),
                {"give a role with -r, or ask for the MFA session itself with --no-role"});
  }
  choice.chain = chain_without_role(shared, profile);
  choice.mfa_session = true;
  return choice;
}

RoleChoice choose_role(const aws::SharedConfig& shared, const std::string& text) {
  if (has_role(shared, text)) return choose_profile(shared, text, false);
  RoleChoice choice;
  choice.role = aws::parse_role_reference(text);
  if (choice.role->form == Form::profile) {
    throw Error(ErrorKind::usage,
                fmt::format("`{}` is neither a role nor a profile with a role_arn",
                            base::printable(choice.role->name)),
                {"give a role's name, /path/NAME, ACCOUNT:NAME or ARN",
                 "see your profiles with: aws configure list-profiles"});
  }
  return choice;
}

RoleChoice choose_role(const aws::SharedConfig& shared, const Settings& settings) {
  try {
    return choose_role(shared, settings.role);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw impossible_setting("role", settings.role, settings.role_place, error);
  }
}

std::vector<RoleChoice> choose_all(const aws::SharedConfig& shared, const SourceKey& source,
                                   os::Messages& messages) {
  std::vector<RoleChoice> choices;
  std::vector<std::string> others;
  for (const std::string& profile : shared.profiles()) {
    if (!has_role(shared, profile)) continue;
    try {
      RoleChoice choice = choose_profile(shared, profile, false);
      const aws::Chain& chain = *choice.chain;
      const bool reachable =
          chain.source == aws::KeySource::unnamed ||
          (chain.source == aws::KeySource::environment && source.profile.empty()) ||
          (chain.source == aws::KeySource::profile && chain.source_profile == source.profile);
      if (reachable) {
        choices.push_back(std::move(choice));
      } else {
        others.push_back(profile);
      }
    } catch (const Error& error) {
      messages.note(fmt::format("profile {} is left out: {}", profile, error.what()));
    }
  }
  const std::string place = source.profile.empty() ? "the environment" : source.profile;
  if (!others.empty()) {
    messages.note(
        fmt::format("not of the key of {}, left out: {}", place, base::join_words(others)));
  }
  if (choices.empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("no profile has a role_arn that the key of {} leads to", place),
                {"write role profiles into the shared config file, or name another key with -s"});
  }
  return choices;
}

std::string profile_key(const aws::SharedConfig& shared, const RoleChoice& choice,
                        const std::string& source_profile, std::string_view key) {
  const bool has_role = choice.chain && !choice.chain->roles.empty();
  const std::string first = has_role ? choice.chain->roles.front().profile : "";
  for (const std::string& profile : {first, choice.profile, source_profile}) {
    if (const auto value = shared.text(profile, key); !value.empty()) return std::string(value);
  }
  return "";
}

std::string partition_of(const RoleChoice& choice) {
  if (choice.role) return choice.role->partition;
  if (!choice.chain || choice.chain->roles.empty()) return "";
  const auto arn = aws::parse_arn(choice.chain->roles.front().role_arn);
  return arn ? arn->partition : "";
}

}  // namespace app
