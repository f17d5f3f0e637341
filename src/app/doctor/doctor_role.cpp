#include "app/doctor/doctor_patient.h"
#include "app/doctor/doctor_permissions.h"
#include "app/sessions/session_plan.h"
#include "aws/model/arn.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

// AWS's least: of a session that is thrown away.
constexpr const char* shortest = "15m";

std::string of_profile(const aws::RoleStep& step) {
  return step.profile.empty() ? "" : fmt::format(" of profile {}", step.profile);
}

std::vector<aws::RoleStep> steps_of(const Patient& patient) {
  const RoleChoice& choice = *patient.choice;
  if (choice.chain) return choice.chain->roles;
  aws::RoleStep step;
  step.role_arn = aws::role_arn(*choice.role, patient.user->partition, patient.user->account);
  return {step};
}

// Two accounts often have a role of the same name.
void name_roles(std::vector<RoleOnTheWay>& roles) {
  for (RoleOnTheWay& role : roles) {
    const auto alike = std::count_if(roles.begin(), roles.end(), [&](const RoleOnTheWay& other) {
      return aws::name_of(other.arn) == aws::name_of(role.arn);
    });
    role.name = alike == 1 ? std::string(aws::name_of(role.arn)) : to_string(role.arn);
  }
}

bool is_partition_right(Patient& patient, const RoleOnTheWay& role) {
  if (role.arn.partition == patient.user->partition) return true;
  patient.fail(fmt::format("the role {} is of the partition {}, and the key of {}",
                           to_string(role.arn), role.arn.partition, patient.user->partition),
               {"a key opens roles of its own partition only: name another key with -s, or mend "
                "the ARN"});
  return false;
}

void tell_role(Patient& patient, std::size_t i) {
  const RoleOnTheWay& role = patient.roles[i];
  if (i > 0) {
    return patient.ok(fmt::format("the role {} is there; assumed from {} it lasts 1 h at most",
                                  to_string(role.arn), patient.caller_name(i)));
  }
  patient.ok(fmt::format("the role {} is there, for {} at most", to_string(role.arn),
                         base::format_duration(role.seen->max_session_duration)));
}

bool is_arn_given(const RoleChoice& choice) {
  return choice.chain || choice.role->form == aws::RoleReference::Form::arn;
}

// The roles that may not be looked up, in one finding. `get` looks up only what it has no ARN of.
void tell_refused(Patient& patient, const std::vector<aws::Arn>& roles,
                  const aws::ApiError& refusal) {
  std::vector<std::string> names;
  for (const aws::Arn& role : roles) names.emplace_back(aws::name_of(role));
  const bool given = is_arn_given(*patient.choice);
  patient.say(given ? Finding::Status::unknown : Finding::Status::warning,
              fmt::format("you may not look up {} (iam:GetRole): {} not known before the code is "
                          "spent",
                          base::join_words(names),
                          given ? "whom the trust policy lets in, and for how long, is"
                                : "its ARN, and how long it allows, are"),
              {denied_hint(patient, refusal, "iam:GetRole", roles)});
}

void require_its_arn(Patient& patient, RoleOnTheWay& role, const aws::iam::Role& seen) {
  const auto arn = aws::parse_arn(seen.arn);
  const RoleChoice& choice = *patient.choice;
  const bool path_given = is_arn_given(choice) || choice.role->path != "/";
  if (arn && (!path_given || *arn == role.arn)) {
    role.arn = *arn;
    return;
  }
  role.is_wrong = true;
  throw base::Error(base::ErrorKind::failed,
                    fmt::format("the role {} is {}, not {}", role.name, base::printable(seen.arn),
                                to_string(role.arn)),
                    {"give the ARN that it has"});
}

// The refusal where the user may not look.
std::optional<aws::ApiError> look_up(Patient& patient, std::size_t i) {
  RoleOnTheWay& role = patient.roles[i];
  if (!is_partition_right(patient, role)) {
    role.is_wrong = true;
    return std::nullopt;
  }
  if (!patient.is_own(role.arn)) {
    patient.unknown(fmt::format("the role {} is of another account, where it cannot be looked up",
                                to_string(role.arn)));
    return std::nullopt;
  }
  const std::string name(aws::name_of(role.arn));
  Answer answer = ask_iam(patient, aws::iam::get_role(name));
  if (const auto* refusal = std::get_if<aws::ApiError>(&answer)) {
    if (aws::is_access_denied(*refusal)) return *refusal;
    role.is_wrong = refusal->code == "NoSuchEntity";
  }
  aws::RequestFacts facts = facts_of(patient, "GetRole");
  facts.role_arn = name;
  base::WipedString body = require(std::move(answer), facts);
  aws::iam::Role seen = aws::iam::parse_get_role(body);
  require_its_arn(patient, role, seen);
  role.step.role_arn = seen.arn;
  role.seen = std::move(seen);
  tell_role(patient, i);
  return std::nullopt;
}

// The durations of the roles before the last: this tool does not send them.
void look_at_duration_on_the_way(Patient& patient, std::size_t i) {
  const RoleOnTheWay& role = patient.roles[i];
  if (!role.step.duration || i + 1 == patient.roles.size()) return;
  std::optional<base::Seconds> longest;
  if (i > 0) longest = longest_chained;
  if (i == 0 && role.seen) longest = role.seen->max_session_duration;
  if (!longest || *role.step.duration <= *longest) return;
  patient.warn(fmt::format("duration_seconds{} asks for {}, and {} lasts {} at most here: the AWS "
                           "CLI will be refused",
                           of_profile(role.step), base::format_duration(*role.step.duration),
                           role.name, base::format_duration(*longest)),
               {fmt::format("write duration_seconds = {}", longest->count())});
}

// What the other clients send and this tool does not.
void look_at_other_clients(Patient& patient) {
  for (std::size_t i = 0; i < patient.roles.size(); ++i) {
    const RoleOnTheWay& role = patient.roles[i];
    look_at_duration_on_the_way(patient, i);
    if (i == 0 || patient.shared->text(role.step.profile, "mfa_serial").empty()) continue;
    patient.warn(
        fmt::format("profile {} has an mfa_serial, and {} is assumed from {}: AWS takes no "
                    "code of a role session, so the AWS CLI will be refused",
                    role.step.profile, role.name, patient.caller_name(i)),
        {fmt::format("write the mfa_serial into profile {}, whose role is the first",
                     patient.roles.front().step.profile)});
  }
}

RoleChain plan(Patient& patient, const std::string& duration) {
  SessionRequest request = patient.request.session;
  if (!duration.empty()) request.duration = duration;
  RolePlan plan;
  for (const RoleOnTheWay& role : patient.roles) plan.steps.push_back(role.step);
  const auto& last = patient.roles.back().seen;
  if (last) plan.max_session_duration = last->max_session_duration;
  const MfaUser user{patient.user_name(), patient.serial_number};
  return plan_role(request, patient.settings, plan, Way::straight, "", user, patient.talk);
}

// Where a duration comes from that was not asked for outright.
std::string origin_of_duration(const Patient& patient) {
  const aws::RoleStep& last = patient.roles.back().step;
  if (!patient.request.session.duration.empty()) return "";
  if (last.duration) {
    return fmt::format("duration_seconds{} asks for {}: write less there", of_profile(last),
                       base::format_duration(*last.duration));
  }
  return fmt::format(
      "the setting duration asks for {}: set it with aws-session-token configure "
      "duration max",
      patient.settings.duration);
}

// A source identity stays along a chain: AWS refuses another one.
bool is_identity_set_once(Patient& patient) {
  const RoleOnTheWay* first = nullptr;
  for (const RoleOnTheWay& role : patient.roles) {
    const std::string& identity = role.request.source_identity;
    if (identity.empty()) continue;
    if (first == nullptr) first = &role;
    if (identity == first->request.source_identity) continue;
    patient.fail(fmt::format("{} is to get another source identity than {}, and AWS lets a chain "
                             "have one only",
                             role.name, first->name),
                 {"leave the second source identity out"});
    return false;
  }
  return true;
}

}  // namespace

void look_for_the_roles(Patient& patient) {
  if (!patient.user || !patient.choice || patient.choice->mfa_session) return;
  std::vector<RoleOnTheWay> roles;
  for (const aws::RoleStep& step : steps_of(patient)) {
    const auto arn = aws::parse_arn(step.role_arn);
    if (!arn || !aws::is_role(*arn)) {
      return patient.fail(fmt::format("role_arn{} is no ARN of a role", of_profile(step)),
                          {"it reads arn:aws:iam::ACCOUNT:role/NAME"});
    }
    roles.emplace_back().step = step;
    roles.back().arn = *arn;
  }
  name_roles(roles);
  patient.roles = std::move(roles);
  std::vector<aws::Arn> refused;
  std::optional<aws::ApiError> refusal;
  for (std::size_t i = 0; i < patient.roles.size() && !patient.iam_lost; ++i) {
    try {
      auto answer = look_up(patient, i);
      if (!answer) continue;
      refused.push_back(patient.roles[i].arn);
      refusal = std::move(answer);
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::interrupted) throw;
      patient.fail(error.what(), error.hints());
    }
  }
  if (refusal) tell_refused(patient, refused, *refusal);
}

// The requests as `get` would make them. Where how long the role may last is known and so was
// judged, what is tried is as short as AWS allows.
void look_at_the_request(Patient& patient) {
  if (patient.roles.empty()) return;
  look_at_other_clients(patient);
  const bool is_judged = patient.roles.size() > 1 || patient.roles.front().seen;
  RoleChain requests;
  try {
    requests = plan(patient, "");
    if (is_judged) requests = plan(patient, shortest);
  } catch (const base::Error& error) {
    std::vector<std::string> hints = error.hints();
    try {
      requests = plan(patient, shortest);
      if (std::string origin = origin_of_duration(patient); !origin.empty()) {
        hints = {std::move(origin)};
      }
    } catch (const base::Error&) {
      // It is not the duration; the first error says what it is.
    }
    patient.fail(fmt::format("{}: {}", patient.roles.back().name, error.what()), std::move(hints));
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    patient.roles[i].request = std::move(requests[i]);
  }
  const auto is_wrong = [](const RoleOnTheWay& role) { return role.is_wrong; };
  patient.planned = !requests.empty() &&
                    std::none_of(patient.roles.begin(), patient.roles.end(), is_wrong) &&
                    is_identity_set_once(patient);
}

}  // namespace app
