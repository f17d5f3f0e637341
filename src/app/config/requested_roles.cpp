#include "app/config/requested_roles.h"

#include "base/error.h"

#include <algorithm>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

std::vector<RoleChoice> given_roles(const SessionRequest& request, const Settings& settings,
                                    const aws::SharedConfig& shared, os::Environment& environment,
                                    os::Messages& messages) {
  std::vector<RoleChoice> choices;
  for (const std::string& profile : request.profiles) {
    choices.push_back(choose_profile(shared, profile, request.no_role));
  }
  for (const std::string& role : request.roles) choices.push_back(choose_role(shared, role));
  if (request.all && (request.no_role || !choices.empty())) {
    throw Error(ErrorKind::usage, "--all means every profile, and more was named",
                {"leave out --all, or the profiles, --role and --no-role"});
  }
  if (request.all) {
    const SourceKey source =
        find_source_key(shared, environment, settings, request.source_profile, nullptr, messages);
    choices = choose_all(shared, source, messages);
  } else if (choices.empty() && request.no_role) {
    choices.emplace_back().mfa_session = true;
  }
  return choices;
}

// Options that would be passed over: before what is kept is looked at, which knows nothing of them.
void refuse_what_none_gives(const SessionRequest& request, const std::vector<RoleChoice>& choices) {
  const bool has_mfa_session = std::any_of(choices.begin(), choices.end(),
                                           [](const RoleChoice& c) { return c.mfa_session; });
  if (!has_mfa_session) return;
  refuse_options_of_a_role(request);
  if (choices.size() > 1 && !request.duration.empty()) {
    throw Error(ErrorKind::usage,
                "--duration is for roles or for the MFA session, and both are asked for",
                {"get them one after the other"});
  }
}

}  // namespace

bool names_no_role(const SessionRequest& request) {
  return request.profiles.empty() && request.roles.empty() && !request.all && !request.no_role;
}

std::optional<std::string> role_profile_of_environment(const aws::SharedConfig& shared,
                                                       const os::Environment& environment) {
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    const auto profile = environment.get(variable);
    if (!profile) continue;
    return shared.text(*profile, "role_arn").empty() ? std::nullopt : profile;
  }
  return std::nullopt;
}

std::vector<RoleChoice> requested_roles(const SessionRequest& request, const Settings& settings,
                                        const aws::SharedConfig& shared,
                                        os::Environment& environment, os::Messages& messages) {
  std::vector<RoleChoice> choices = given_roles(request, settings, shared, environment, messages);
  refuse_what_none_gives(request, choices);
  return choices;
}

}  // namespace app
