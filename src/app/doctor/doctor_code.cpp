#include "app/client/fan_out.h"
#include "app/config/state_folder.h"
#include "app/doctor/doctor_patient.h"
#include "app/sessions/questions.h"
#include "app/sessions/spent_codes.h"
#include "app/sessions/token_code.h"
#include "aws/model/arn.h"

#include <fmt/core.h>

// The sessions are asked for as `get` would ask, and thrown away.
namespace app {
namespace {

aws::RequestFacts facts_of(const Patient& patient, const RoleOnTheWay& role) {
  aws::RequestFacts facts = facts_of(patient, "AssumeRole");
  facts.role_arn = role.request.role_arn;
  facts.external_id_sent = !role.request.external_id.empty();
  facts.role_seen = role.seen.has_value();
  facts.clock_offset = patient.account->client.clock_offset();
  return facts;
}

base::WipedString redeem(Patient& patient, aws::RequestFacts facts,
                         const std::function<aws::Call(const aws::sts::Mfa& mfa)>& call) {
  const DoctorDoors& doors = patient.doors;
  facts.serial_number = patient.serial_number;
  facts.code_sent = true;
  Questions questions(doors.terminal, doors.clock, true, "");
  KeptTalk talk;
  TokenCodes codes(
      {patient.request.session.code, ""}, questions, doors.process, doors.clock,
      SpentCodes(doors.files, doors.random, state_folder(doors.environment, doors.files)), talk);
  base::WipedString body = codes.redeem(
      [&](const std::string& code) {
        return call(aws::sts::Mfa{patient.serial_number, code});
      },
      facts, *patient.account);
  for (const std::string& note : talk.notes) patient.warn(note);
  return body;
}

void try_the_mfa_session(Patient& patient) {
  base::WipedString body =
      redeem(patient, facts_of(patient, "GetSessionToken"), [](const aws::sts::Mfa& mfa) {
        return aws::sts::get_session_token(base::Seconds{900}, mfa);
      });
  aws::sts::parse_get_session_token(body);
  patient.ok("the code opens an MFA session; it was thrown away");
}

aws::Credentials credentials_of(base::WipedString& body, const RoleOnTheWay& role) {
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(role.request.role_arn, assumed.assumed_role_arn);
  return std::move(assumed.credentials);
}

aws::Credentials open_first(Patient& patient) {
  const RoleOnTheWay& role = patient.roles.front();
  base::WipedString body = redeem(patient, facts_of(patient, role), [&](const aws::sts::Mfa& mfa) {
    return aws::sts::assume_role(role.request, mfa);
  });
  return credentials_of(body, role);
}

aws::Credentials open_next(Patient& patient, const RoleOnTheWay& role,
                           const aws::Credentials& before) {
  aws::RequestFacts facts = facts_of(patient, role);
  facts.access_key_id = before.access_key_id;
  facts.temporary_key = true;
  base::WipedString body = require(
      patient.account->client.call(aws::sts::assume_role(role.request, std::nullopt), before),
      facts);
  return credentials_of(body, role);
}

}  // namespace

void try_the_code(Patient& patient) {
  if (!patient.request.session.code) return;
  const bool mfa_session = patient.choice && patient.choice->mfa_session;
  if (!patient.user || patient.serial_number.empty() || !(patient.planned || mfa_session)) {
    return patient.unknown("the code was not tried: what it needs is not known");
  }
  if (mfa_session) return try_the_mfa_session(patient);
  aws::Credentials credentials = open_first(patient);
  patient.roles.front().is_open = true;
  patient.ok(
      fmt::format("the code opens {}; the session was thrown away", patient.roles.front().name));
  for (std::size_t i = 1; i < patient.roles.size(); ++i) {
    RoleOnTheWay& role = patient.roles[i];
    credentials = open_next(patient, role, credentials);
    role.is_open = true;
    patient.ok(fmt::format("a session of {} opens {}", patient.caller_name(i), role.name));
  }
}

}  // namespace app
