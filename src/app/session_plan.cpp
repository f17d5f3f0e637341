#include "app/session_plan.h"

#include "aws/session_profile.h"
#include "base/error.h"

#include <fmt/format.h>
#include <utility>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using base::Seconds;

constexpr Seconds default_duration{3600};      // AssumeRole, where nothing else is said
constexpr Seconds longest_in_a_chain{3600};    // AWS's limit on a role assumed from a role
constexpr Seconds default_session{12 * 3600};  // GetSessionToken
constexpr Seconds longest_session{36 * 3600};

// Six digits that are never sent: the other parameters are checked before there is a code.
constexpr const char* no_code_yet = "000000";

std::string wanted(const SessionRequest& request, const Settings& settings,
                   const std::optional<Seconds>& of_profile) {
  if (!request.duration.empty()) return request.duration;
  if (of_profile) return std::to_string(of_profile->count());
  return settings.duration;
}

Seconds parse(const std::string& text) {
  if (const auto parsed = base::parse_duration(text)) return *parsed;
  throw Error(ErrorKind::usage, fmt::format("`{}` is no duration", text),
              {"--duration takes 45m, 12h, a number of seconds, or max"});
}

std::optional<Seconds> role_duration(const std::string& text, const RolePlan& roles,
                                     os::Talk& talk) {
  if (text.empty()) return std::nullopt;
  const bool chained = roles.steps.size() > 1;
  if (text == "max") {
    if (chained) return longest_in_a_chain;
    if (roles.max_session_duration) return roles.max_session_duration;
    talk.note("how long the role allows is not known here; the session will last 1 h");
    return default_duration;
  }
  const Seconds duration = parse(text);
  if (chained && duration > longest_in_a_chain) {
    throw Error(ErrorKind::usage, "a role assumed from another role lasts one hour at most",
                {"ask for 1h or less with --duration"});
  }
  if (roles.max_session_duration && duration > *roles.max_session_duration) {
    throw Error(ErrorKind::usage,
                fmt::format("the role allows {} at most",
                            base::format_duration(*roles.max_session_duration)),
                {"ask for less, or for the longest that it allows: --duration max"});
  }
  return duration;
}

Seconds mfa_session_duration(const SessionRequest& request, const Settings& settings) {
  if (request.duration == "max") return longest_session;
  if (!request.duration.empty()) return parse(request.duration);
  return settings.session_duration.value_or(default_session);
}

// Who asks for a narrower session must not get the whole one.
void refuse_options_of_a_role(const SessionRequest& request) {
  const std::pair<const char*, bool> options[] = {
      {"--policy", !request.policy_file.empty()},
      {"--policy-arn", !request.policy_arns.empty()},
      {"--external-id", !request.external_id.empty()},
      {"--session-name", !request.session_name.empty()},
  };
  for (const auto& [option, given] : options) {
    if (!given) continue;
    throw Error(ErrorKind::usage, fmt::format("{} goes with a role, and none is assumed", option),
                {"leave it out, or give a role with --role"});
  }
}

// AWS wants 2 to 64 characters; user names may have 1 to 128, all of them allowed here too.
std::string session_name_of(const std::string& user_name) {
  if (user_name.size() < 2) return user_name + "-session";
  return user_name.substr(0, 64);
}

}  // namespace

bool wants_maximum(const SessionRequest& request, const Settings& settings,
                   const RoleChoice& choice) {
  const std::optional<Seconds> of_profile = choice.chain && !choice.chain->roles.empty()
                                                ? choice.chain->roles.back().duration
                                                : std::nullopt;
  if (choice.chain && choice.chain->roles.size() > 1) return false;
  const std::string text = wanted(request, settings, of_profile);
  return text == "max" || (!text.empty() && parse(text) > default_duration);
}

SessionPlan plan_session(const SessionRequest& request, const Settings& settings,
                         const RolePlan& roles, bool mfa_session, const std::string& policy,
                         const std::string& user_name, const std::string& serial_number,
                         os::Talk& talk) {
  SessionPlan plan;
  const aws::sts::Mfa mfa{serial_number, no_code_yet};
  if (mfa_session) {
    refuse_options_of_a_role(request);
    plan.session_duration = mfa_session_duration(request, settings);
    aws::sts::get_session_token(plan.session_duration, mfa);
    return plan;
  }
  aws::require_writable_role(roles.steps.back().role_arn);
  for (const aws::RoleStep& step : roles.steps) {
    aws::sts::AssumeRole role;
    role.role_arn = step.role_arn;
    role.external_id = step.external_id;
    role.role_session_name = step.role_session_name;
    if (&step == &roles.steps.back()) {
      if (!request.session_name.empty()) role.role_session_name = request.session_name;
      if (!request.external_id.empty()) role.external_id = request.external_id;
      role.policy = policy;
      role.policy_arns = request.policy_arns;
      role.duration = role_duration(wanted(request, settings, step.duration), roles, talk);
    }
    if (role.role_session_name.empty()) role.role_session_name = session_name_of(user_name);
    aws::sts::assume_role(role, plan.roles.empty() ? std::optional(mfa) : std::nullopt);
    plan.roles.push_back(std::move(role));
  }
  return plan;
}

}  // namespace app
