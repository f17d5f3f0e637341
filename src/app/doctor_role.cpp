#include "app/doctor_patient.h"
#include "app/doctor_statement.h"
#include "app/fan_out.h"
#include "app/questions.h"
#include "app/spent_codes.h"
#include "app/state_folder.h"
#include "app/token_code.h"
#include "aws/arn.h"
#include "aws/policy.h"
#include "aws/policy_text.h"
#include "aws/sts.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace app {
namespace {

aws::policy::Scope scope_of(const Patient& patient) {
  aws::policy::Scope scope;
  scope.partition = patient.user->partition;
  scope.accounts = {patient.user->account};
  const std::string path(aws::path_of(*patient.user));
  scope.user = (path == "/" ? "" : path) + std::string(aws::name_of(*patient.user));
  const auto role = aws::parse_arn(
      patient.role_arn.empty()
          ? aws::role_arn(scope.partition, patient.user->account, patient.settings.role)
          : patient.role_arn);
  if (role) scope.roles = {*role};
  return scope;
}

std::string trust_hint(const Patient& patient) {
  const auto role = aws::parse_arn(patient.role_arn);
  return fmt::format(
      "the trust policy that it should have: aws-session-token policy role "
      "--account {} -r {}",
      patient.user->account, role ? to_string(*role) : patient.role_arn);
}

std::string external_id(const Patient& patient) {
  return patient.choice->chain ? patient.choice->chain->roles.front().external_id : "";
}

aws::policy::Decision judge(const Patient& patient, const aws::policy::Policy& policy, bool mfa) {
  aws::policy::Request request;
  request.action = "sts:AssumeRole";
  request.resource = patient.role_arn;
  request.principal = {patient.user->account, {to_string(*patient.user)}};
  request.context = {{"aws:username", std::string(aws::name_of(*patient.user))},
                     {"aws:principalarn", to_string(*patient.user)},
                     {"aws:principalaccount", patient.user->account},
                     {"aws:principaltype", "User"}};
  if (mfa) {
    request.context["aws:multifactorauthpresent"] = "true";
    request.context["aws:multifactorauthage"] = "0";
  }
  if (const std::string id = external_id(patient); !id.empty()) {
    request.context["sts:externalid"] = id;
  }
  return aws::policy::evaluate({&policy, 1}, request);
}

bool says_yes(aws::policy::Decision decision) {
  return decision == aws::policy::Decision::allow ||
         decision == aws::policy::Decision::allow_for_account;
}

aws::RequestFacts facts_of(const Patient& patient, const std::string& operation,
                           const std::string& role) {
  aws::RequestFacts facts;
  facts.operation = operation;
  facts.access_key_id = patient.account->key().access_key_id;
  facts.user_name = aws::name_of(*patient.user);
  facts.role_arn = role;
  facts.region = patient.account->client.connection().sts.signing_region;
  return facts;
}

}  // namespace

std::string statement_to_add(const Patient& patient, const std::string& action) {
  const aws::policy::Scope scope = scope_of(patient);
  const auto policy =
      nlohmann::ordered_json::parse(aws::policy::user_policy(scope, aws::policy::Format::json));
  for (nlohmann::ordered_json statement : policy["Statement"]) {
    const auto& actions = statement["Action"];
    const bool is_it = actions.is_string()
                           ? actions == action
                           : std::find(actions.begin(), actions.end(), action) != actions.end();
    if (!is_it) continue;
    statement["Action"] = action;
    return "have this statement added to a policy of your user or group: " + statement.dump();
  }
  return fmt::format("have {} allowed by a policy of your user or group", action);
}

std::string denied_hint(const Patient& patient, const aws::ApiError& refusal,
                        const std::string& action) {
  if (refusal.message.find("explicit deny") == std::string::npos) {
    return statement_to_add(patient, action);
  }
  return "a policy denies it explicitly, perhaps all that comes without a code: no statement added "
         "helps, and sessions do without the look-up";
}

void look_for_the_role(Patient& patient) {
  if (!patient.user || !patient.choice || patient.choice->mfa_session) return;
  const RoleChoice& choice = *patient.choice;
  patient.role_arn =
      choice.role ? aws::role_arn(*choice.role, patient.user->partition, patient.user->account)
                  : choice.chain->roles.front().role_arn;
  const auto arn = aws::parse_arn(patient.role_arn);
  if (!arn || !aws::is_role(*arn)) {
    return patient.fail(fmt::format("{} is no ARN of a role", base::printable(patient.role_arn)),
                        {"it reads arn:aws:iam::ACCOUNT:role/NAME"});
  }
  if (arn->account != patient.user->account) {
    return patient.ok(fmt::format("the role {} is of another account, where it cannot be looked up",
                                  patient.role_arn));
  }
  const std::string name(aws::name_of(*arn));
  Answer answer = patient.account->client.call(aws::iam::get_role(name), patient.account->key());
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  if (refusal != nullptr && aws::is_access_denied(*refusal)) {
    return patient.warn(fmt::format("you may not look the role {} up: its ARN, and how long it "
                                    "allows, are not known before the code is spent",
                                    name),
                        {denied_hint(patient, *refusal, "iam:GetRole")});
  }
  base::WipedString body = require(std::move(answer), facts_of(patient, "GetRole", name));
  patient.role = aws::iam::parse_get_role(body);
  const bool path_given = choice.chain || choice.role->path != "/";
  if (path_given && patient.role->arn != patient.role_arn) {
    return patient.fail(
        fmt::format("the role {} is {}, not {}", name, patient.role->arn, patient.role_arn),
        {"give the ARN that it has"});
  }
  patient.role_arn = patient.role->arn;
  patient.ok(fmt::format("the role {} is there, for {} at most", patient.role_arn,
                         base::format_duration(patient.role->max_session_duration)));
  const auto wanted = base::parse_duration(patient.settings.duration);
  if (wanted && *wanted > patient.role->max_session_duration) {
    patient.warn(fmt::format("the setting duration asks for {}, which is more",
                             base::format_duration(*wanted)),
                 {"set it to max: aws-session-token configure duration max"});
  }
}

void look_at_the_trust_policy(Patient& patient) {
  if (!patient.role || patient.role->trust_policy.empty()) return;
  std::optional<aws::policy::Policy> policy;
  try {
    policy = aws::policy::parse(patient.role->trust_policy, aws::policy::Kind::trust);
  } catch (const base::Error& error) {
    return patient.ok(fmt::format("its trust policy cannot be judged here: {}", error.what()));
  }
  const std::string name(aws::name_of(*patient.user));
  if (!says_yes(judge(patient, *policy, true))) {
    return patient.fail(
        fmt::format("the role's trust policy does not let {} assume it, not even with a code",
                    name),
        {trust_hint(patient), "or an external id is missing: --external-id"});
  }
  if (says_yes(judge(patient, *policy, false))) {
    return patient.warn("the role's trust policy demands no MFA: the access key alone opens it",
                        {trust_hint(patient)});
  }
  patient.ok(fmt::format("its trust policy lets {} assume it, with MFA only", name));
}

// By asking AWS what it would say: whoever may ask is told, and nobody has to be able to.
void look_at_permissions(Patient& patient) {
  if (!patient.user || patient.role_arn.empty()) return;
  const std::string action = "sts:AssumeRole";
  Answer answer = patient.account->client.call(
      aws::iam::simulate_with_mfa(to_string(*patient.user), action, patient.role_arn),
      patient.account->key());
  auto* body = std::get_if<base::WipedString>(&answer);
  if (body == nullptr) {
    return patient.ok(
        "whether your policies allow the role cannot be asked "
        "(iam:SimulatePrincipalPolicy): give a code with -c to try it");
  }
  if (aws::iam::parse_simulation(*body)) {
    return patient.say(
        Finding::Status::likely,
        fmt::format("your policies allow {} on the role, by AWS's simulation", action));
  }
  patient.warn(fmt::format("your policies do not allow {} on the role, by AWS's simulation: likely "
                           "it will be refused",
                           action),
               {statement_to_add(patient, action)});
}

void try_the_code(Patient& patient) {
  if (!patient.request.code) return;
  if (!patient.user || patient.serial_number.empty() || patient.role_arn.empty()) {
    return patient.warn("the code was not tried: what it needs is not known", {});
  }
  aws::sts::AssumeRole request;
  request.role_arn = patient.role_arn;
  request.role_session_name = "aws-session-token-doctor";
  request.external_id = external_id(patient);
  aws::RequestFacts facts = facts_of(patient, "AssumeRole", patient.role_arn);
  facts.serial_number = patient.serial_number;
  facts.code_sent = true;
  facts.external_id_sent = !request.external_id.empty();
  facts.role_seen = patient.role.has_value();
  facts.clock_offset = patient.account->client.clock_offset();
  const DoctorDoors& doors = patient.doors;
  Questions questions(doors.terminal, doors.clock, true, "");
  TokenCodes codes(
      {patient.request.code, ""}, questions, doors.process, doors.clock,
      SpentCodes(doors.files, doors.random, state_folder(doors.environment, doors.files)),
      patient.talk);
  base::WipedString body = codes.redeem(
      [&](const std::string& code) {
        return aws::sts::assume_role(request, aws::sts::Mfa{patient.serial_number, code});
      },
      facts, *patient.account);
  const aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(patient.role_arn, assumed.assumed_role_arn);
  patient.ok(fmt::format("the code opens the role, until {}",
                         base::format_rfc3339(assumed.credentials.expiration)));
}

}  // namespace app
