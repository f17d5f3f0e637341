#include "app/sessions/session_plan.h"

#include "aws/files/session_profile.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using base::Seconds;

constexpr Seconds default_duration{3600};      // AssumeRole, where nothing else is said
constexpr Seconds default_session{12 * 3600};  // GetSessionToken
constexpr Seconds max_session{36 * 3600};

// Six digits that are never sent: the other parameters are checked before there is a code.
constexpr const char* no_code_yet = "000000";

// What the profile says, unless the options or, of the duration, the settings say otherwise.
RoleRequest merged(const SessionRequest& request, const Settings& settings,
                   const aws::RoleStep& step) {
  RoleRequest result = said_by(step);
  for (const RoleOption& option : role_options()) {
    if (option.is_given(request)) option.copy(request, result);
  }
  result.policy = request.policy;
  if (result.duration.empty()) result.duration = settings.duration;
  return result;
}

Seconds parse(const std::string& text) {
  if (const auto parsed = base::parse_duration(text)) return *parsed;
  throw Error(ErrorKind::usage, fmt::format("`{}` is no duration", text),
              {"--duration takes 45m, 12h, a number of seconds, or max"});
}

// Of a role that is assumed with a session.
std::optional<Seconds> chained_duration(const SessionRequest& request, const std::string& text,
                                        Route route, CutPolicy cut, os::Messages& messages) {
  if (text.empty()) return std::nullopt;
  if (text == "max") return max_chained_duration;
  const Seconds duration = parse(text);
  if (duration <= max_chained_duration) return duration;
  const bool is_refused = cut.refuses_option && !request.duration.empty();
  if (is_refused && route == Route::direct) {
    throw Error(ErrorKind::usage, "a role assumed from another role lasts at most one hour",
                {"ask for 1h or less with --duration"});
  }
  if (is_refused) {
    throw Error(ErrorKind::usage,
                "several roles with one code last one hour at most each: they are assumed with a "
                "session, and that is AWS's limit",
                {"ask for 1h or less with --duration, or get one role at a time"});
  }
  const std::string word =
      fmt::format("{} is cut to 1 h: the role is assumed with a session, and that is AWS's limit",
                  base::format_duration(duration));
  cut.tells ? messages.note(word) : messages.detail(word);
  return max_chained_duration;
}

std::optional<Seconds> direct_duration(const std::string& text, const RolePlan& roles,
                                       os::Messages& messages) {
  if (text.empty()) return std::nullopt;
  if (text == "max") {
    if (roles.max_session_duration) return roles.max_session_duration;
    messages.note("how long the role allows is not known here; the session will last 1 h");
    return default_duration;
  }
  const Seconds duration = parse(text);
  if (roles.max_session_duration && duration > *roles.max_session_duration) {
    throw Error(ErrorKind::usage,
                fmt::format("the role allows {} at most",
                            base::format_duration(*roles.max_session_duration)),
                {"ask for less, or for the longest that it allows: --duration max"});
  }
  return duration;
}

// AWS wants 2 to 64 characters; user names may have 1 to 128, all of them allowed here too.
std::string session_name_of(const std::string& user_name) {
  if (user_name.size() < 2) return user_name + "-session";
  return user_name.substr(0, 64);
}

}  // namespace

bool may_be_cut(const SessionRequest& request) {
  return request.duration.empty() || request.duration == "max";
}

Seconds wished_duration(const SessionRequest& request, const Settings& settings,
                        const RoleChoice& choice) {
  const bool has_role = choice.chain && !choice.chain->roles.empty();
  const std::string text =
      merged(request, settings, has_role ? choice.chain->roles.back() : aws::RoleStep()).duration;
  const Seconds wish = text.empty() ? default_duration : text == "max" ? longest : parse(text);
  const bool is_chained = choice.chain && choice.chain->roles.size() > 1;
  return is_chained && may_be_cut(request) ? std::min(wish, max_chained_duration) : wish;
}

Seconds mfa_session_duration(const SessionRequest& request, const Settings& settings,
                             bool is_result) {
  if (is_result && request.duration == "max") return max_session;
  if (is_result && !request.duration.empty()) return parse(request.duration);
  return settings.session_duration.value_or(default_session);
}

bool exceeds_chained_limit(const SessionRequest& request, const Settings& settings,
                           const RoleChoice& choice) {
  return wished_duration(request, settings, choice) > max_chained_duration;
}

RoleChain plan_role(const SessionRequest& request, const Settings& settings, const RolePlan& roles,
                    Route route, const MfaUser& user, os::Messages& messages, CutPolicy cut) {
  aws::require_writable_role(roles.steps.back().role_arn);
  const bool chained = route == Route::via_base_session || roles.steps.size() > 1;
  RoleChain chain;
  for (const aws::RoleStep& step : roles.steps) {
    aws::sts::AssumeRole role{step, step.role_arn, {}};
    if (&step == &roles.steps.back()) {
      RoleRequest last = merged(request, settings, step);
      role.duration = chained ? chained_duration(request, last.duration, route, cut, messages)
                              : direct_duration(last.duration, roles, messages);
      static_cast<aws::RoleParameters&>(role) = std::move(last);
    }
    if (role.role_session_name.empty()) role.role_session_name = session_name_of(user.user_name);
    const bool takes_code = route == Route::direct && chain.empty();
    const aws::sts::Mfa mfa{user.serial_number, no_code_yet};
    aws::sts::assume_role(role, takes_code ? std::optional(mfa) : std::nullopt);
    chain.push_back(std::move(role));
  }
  return chain;
}

Seconds plan_mfa_session(const SessionRequest& request, const Settings& settings,
                         const MfaUser& user, bool is_result) {
  const Seconds duration = mfa_session_duration(request, settings, is_result);
  aws::sts::get_session_token(duration, aws::sts::Mfa{user.serial_number, no_code_yet});
  return duration;
}

}  // namespace app
