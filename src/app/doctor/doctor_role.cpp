#include "app/doctor/check_context.h"
#include "app/doctor/doctor_permissions.h"
#include "app/sessions/session_plan.h"
#include "aws/model/arn.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

// AWS's minimum, for a session that is discarded.
constexpr const char* shortest = "15m";

std::string of_profile(const aws::RoleStep& step) {
  return step.profile.empty() ? "" : fmt::format(" of profile {}", step.profile);
}

std::vector<aws::RoleStep> steps_of(const CheckContext& context) {
  const RoleChoice& choice = *context.choice;
  if (choice.chain) return choice.chain->roles;
  aws::RoleStep step;
  step.role_arn = aws::role_arn(*choice.role, context.user->partition, context.user->account);
  return {step};
}

// Two accounts often have a role of the same name; then the ARN is the name.
void name_roles(std::vector<RoleOnTheWay>& roles) {
  for (RoleOnTheWay& role : roles) {
    const auto alike = std::count_if(roles.begin(), roles.end(), [&](const RoleOnTheWay& other) {
      return aws::name_of(other.arn) == aws::name_of(role.arn);
    });
    role.name = alike == 1 ? std::string(aws::name_of(role.arn)) : to_string(role.arn);
  }
}

bool is_partition_right(CheckContext& context, const RoleOnTheWay& role) {
  if (role.arn.partition == context.user->partition) return true;
  context.fail(fmt::format("the role {} is in the partition {}, but the key is in {}",
                           to_string(role.arn), role.arn.partition, context.user->partition),
               {"a key can only assume roles of its own partition: name another key with -s, or "
                "fix the ARN"});
  return false;
}

void tell_role(CheckContext& context, std::size_t i) {
  const RoleOnTheWay& role = context.roles[i];
  if (i > 0) {
    return context.ok(fmt::format("the role {} exists; assumed from {}, it lasts 1 h at most",
                                  to_string(role.arn), context.caller_name(i)));
  }
  context.ok(fmt::format("the role {} exists; it lasts {} at most", to_string(role.arn),
                         base::format_duration(role.seen->max_session_duration)));
}

bool is_arn_given(const RoleChoice& choice) {
  return choice.chain || choice.role->form == aws::RoleReference::Form::arn;
}

// One finding for all roles that may not be looked up. `get` looks up only roles whose ARN it does
// not have.
void tell_refused(CheckContext& context, const std::vector<aws::Arn>& roles,
                  const aws::ApiError& refusal) {
  std::vector<std::string> names;
  for (const aws::Arn& role : roles) names.emplace_back(aws::name_of(role));
  const bool given = is_arn_given(*context.choice);
  context.say(given ? Finding::Status::unknown : Finding::Status::warning,
              fmt::format("you may not look up {} (iam:GetRole): {} not known before the code is "
                          "spent",
                          base::join_words(names),
                          given ? "the trust policy and maximum duration are"
                                : "the ARN and maximum duration are"),
              {denied_hint(context, refusal, "iam:GetRole", roles)});
}

void require_its_arn(CheckContext& context, RoleOnTheWay& role, const aws::iam::Role& seen) {
  const auto arn = aws::parse_arn(seen.arn);
  const RoleChoice& choice = *context.choice;
  const bool path_given = is_arn_given(choice) || choice.role->path != "/";
  if (arn && (!path_given || *arn == role.arn)) {
    role.arn = *arn;
    return;
  }
  role.is_wrong = true;
  throw base::Error(base::ErrorKind::failed,
                    fmt::format("the role {} is {}, not {}", role.name, base::printable(seen.arn),
                                to_string(role.arn)),
                    {"give its actual ARN"});
}

// Returns the refusal where the user may not look the role up.
std::optional<aws::ApiError> look_up(CheckContext& context, std::size_t i) {
  RoleOnTheWay& role = context.roles[i];
  if (!is_partition_right(context, role)) {
    role.is_wrong = true;
    return std::nullopt;
  }
  if (!context.is_own(role.arn)) {
    context.unknown(fmt::format("the role {} is in another account, where it cannot be looked up",
                                to_string(role.arn)));
    return std::nullopt;
  }
  const std::string name(aws::name_of(role.arn));
  Answer answer = ask_iam(context, aws::iam::get_role(name));
  if (const auto* refusal = std::get_if<aws::ApiError>(&answer)) {
    if (aws::is_access_denied(*refusal)) return *refusal;
    role.is_wrong = refusal->code == "NoSuchEntity";
  }
  aws::RequestFacts facts = facts_of(context, "GetRole");
  facts.role_arn = name;
  base::WipedString body = require(std::move(answer), facts);
  aws::iam::Role seen = aws::iam::parse_get_role(body);
  require_its_arn(context, role, seen);
  role.step.role_arn = seen.arn;
  role.seen = std::move(seen);
  tell_role(context, i);
  return std::nullopt;
}

// The durations that other clients send as they are, and this tool not at all, or cut.
void check_duration_on_the_way(CheckContext& context, std::size_t i) {
  const RoleOnTheWay& role = context.roles[i];
  if (!role.step.duration || context.roles.size() == 1) return;
  std::optional<base::Seconds> max_duration;
  if (i > 0) max_duration = max_chained_duration;
  if (i == 0 && role.seen) max_duration = role.seen->max_session_duration;
  if (!max_duration || *role.step.duration <= *max_duration) return;
  context.warn(fmt::format("duration_seconds{} asks for {}, and {} lasts {} at most here: the AWS "
                           "CLI will be refused",
                           of_profile(role.step), base::format_duration(*role.step.duration),
                           role.name, base::format_duration(*max_duration)),
               {fmt::format("write duration_seconds = {}", max_duration->count())});
}

// What other clients send and this tool does not.
void check_other_clients(CheckContext& context) {
  for (std::size_t i = 0; i < context.roles.size(); ++i) {
    const RoleOnTheWay& role = context.roles[i];
    check_duration_on_the_way(context, i);
    if (i == 0 || context.shared->text(role.step.profile, "mfa_serial").empty()) continue;
    context.warn(fmt::format("profile {} has an mfa_serial, and {} is assumed from {}: AWS accepts "
                             "no code with a role session, so the AWS CLI will be refused",
                             role.step.profile, role.name, context.caller_name(i)),
                 {fmt::format("move the mfa_serial to profile {}, whose role is the first",
                              context.roles.front().step.profile)});
  }
}

RoleChain plan(CheckContext& context, const std::string& duration) {
  SessionRequest request = context.request.session;
  if (!duration.empty()) request.duration = duration;
  RolePlan plan;
  for (const RoleOnTheWay& role : context.roles) plan.steps.push_back(role.step);
  const auto& last = context.roles.back().seen;
  if (last) plan.max_session_duration = last->max_session_duration;
  const MfaUser user{context.user_name(), context.serial_number};
  return plan_role(request, context.settings, plan, Route::direct, user, context.messages,
                   {.refuses_option = true, .tells = false});
}

// Where a duration comes from that was not given as an option.
std::string origin_of_duration(const CheckContext& context) {
  const aws::RoleStep& last = context.roles.back().step;
  if (!context.request.session.duration.empty()) return "";
  if (last.duration) {
    return fmt::format("duration_seconds{} asks for {}: write a smaller value there",
                       of_profile(last), base::format_duration(*last.duration));
  }
  return fmt::format(
      "the setting duration asks for {}: set it with aws-session-token configure "
      "duration max",
      context.settings.duration);
}

// A source identity is kept along a chain: AWS refuses a second one.
bool is_identity_set_once(CheckContext& context) {
  const RoleOnTheWay* first = nullptr;
  for (const RoleOnTheWay& role : context.roles) {
    const std::string& identity = role.request.source_identity;
    if (identity.empty()) continue;
    if (first == nullptr) first = &role;
    if (identity == first->request.source_identity) continue;
    context.fail(
        fmt::format(
            "{} asks for another source identity than {}, and AWS allows only one in a chain",
            role.name, first->name),
        {"leave out the second source identity"});
    return false;
  }
  return true;
}

}  // namespace

void find_roles(CheckContext& context) {
  if (!context.user || !context.choice || context.choice->mfa_session) return;
  std::vector<RoleOnTheWay> roles;
  for (const aws::RoleStep& step : steps_of(context)) {
    const auto arn = aws::parse_arn(step.role_arn);
    if (!arn || !aws::is_role(*arn)) {
      return context.fail(fmt::format("role_arn{} is not the ARN of a role", of_profile(step)),
                          {"it looks like arn:aws:iam::ACCOUNT:role/NAME"});
    }
    roles.emplace_back().step = step;
    roles.back().arn = *arn;
  }
  name_roles(roles);
  context.roles = std::move(roles);
  std::vector<aws::Arn> refused;
  std::optional<aws::ApiError> refusal;
  for (std::size_t i = 0; i < context.roles.size() && !context.iam_lost; ++i) {
    try {
      auto answer = look_up(context, i);
      if (!answer) continue;
      refused.push_back(context.roles[i].arn);
      refusal = std::move(answer);
    } catch (const base::Error& error) {
      context.fail(error.what(), error.hints());
    }
  }
  if (refusal) tell_refused(context, refused, *refusal);
}

// Builds the requests as `get` would make them. Where the role's maximum duration is known, and the
// requested one has been checked against it, the session that is tried is as short as AWS allows.
void check_request(CheckContext& context) {
  if (context.roles.empty()) return;
  check_other_clients(context);
  const bool is_judged = context.roles.size() > 1 || context.roles.front().seen;
  RoleChain requests;
  try {
    requests = plan(context, "");
    if (is_judged) requests = plan(context, shortest);
  } catch (const base::Error& error) {
    std::vector<std::string> hints = error.hints();
    try {
      requests = plan(context, shortest);
      if (std::string origin = origin_of_duration(context); !origin.empty()) {
        hints = {std::move(origin)};
      }
    } catch (const base::Error&) {
      // The duration is not what is wrong; the first error says what is.
    }
    context.fail(fmt::format("{}: {}", context.roles.back().name, error.what()), std::move(hints));
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    context.roles[i].request = std::move(requests[i]);
  }
  const auto is_wrong = [](const RoleOnTheWay& role) { return role.is_wrong; };
  context.planned = !requests.empty() &&
                    std::none_of(context.roles.begin(), context.roles.end(), is_wrong) &&
                    is_identity_set_once(context);
}

}  // namespace app
