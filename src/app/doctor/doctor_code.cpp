#include "app/client/fan_out.h"
#include "app/config/state_folder.h"
#include "app/doctor/check_context.h"
#include "app/sessions/questions.h"
#include "app/sessions/spent_codes.h"
#include "app/sessions/token_code.h"
#include "aws/model/arn.h"

#include <fmt/core.h>

// The sessions are asked for as `get` would ask, and thrown away.
namespace app {
namespace {

aws::RequestFacts facts_of(const CheckContext& context, const RoleOnTheWay& role) {
  aws::RequestFacts facts = facts_of(context, "AssumeRole");
  facts.role_arn = role.request.role_arn;
  facts.external_id_sent = !role.request.external_id.empty();
  facts.role_seen = role.seen.has_value();
  facts.clock_offset = context.account->client.clock_offset();
  return facts;
}

base::WipedString redeem(CheckContext& context, aws::RequestFacts facts,
                         const std::function<aws::Call(const aws::sts::Mfa& mfa)>& call) {
  const DoctorDoors& doors = context.doors;
  facts.serial_number = context.serial_number;
  facts.code_sent = true;
  Questions questions(doors.terminal, doors.clock, true, "");
  RecordedMessages messages;
  TokenCodes codes(
      {context.request.session.code, ""}, questions, doors.process, doors.clock,
      SpentCodes(doors.files, doors.random, state_folder(doors.environment, doors.files)),
      messages);
  base::WipedString body = codes.redeem(
      [&](const std::string& code) {
        return call(aws::sts::Mfa{context.serial_number, code});
      },
      facts, *context.account);
  for (const std::string& note : messages.notes) context.warn(note);
  return body;
}

void try_the_mfa_session(CheckContext& context) {
  base::WipedString body =
      redeem(context, facts_of(context, "GetSessionToken"), [](const aws::sts::Mfa& mfa) {
        return aws::sts::get_session_token(base::Seconds{900}, mfa);
      });
  aws::sts::parse_get_session_token(body);
  context.ok("the code opens an MFA session; it was thrown away");
}

aws::Credentials credentials_of(base::WipedString& body, const RoleOnTheWay& role) {
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(role.request.role_arn, assumed.assumed_role_arn);
  return std::move(assumed.credentials);
}

aws::Credentials open_first(CheckContext& context) {
  const RoleOnTheWay& role = context.roles.front();
  base::WipedString body = redeem(context, facts_of(context, role), [&](const aws::sts::Mfa& mfa) {
    return aws::sts::assume_role(role.request, mfa);
  });
  return credentials_of(body, role);
}

aws::Credentials open_next(CheckContext& context, const RoleOnTheWay& role,
                           const aws::Credentials& before) {
  aws::RequestFacts facts = facts_of(context, role);
  facts.access_key_id = before.access_key_id;
  facts.temporary_key = true;
  base::WipedString body = require(
      context.account->client.call(aws::sts::assume_role(role.request, std::nullopt), before),
      facts);
  return credentials_of(body, role);
}

}  // namespace

void try_code(CheckContext& context) {
  if (!context.request.session.code) return;
  const bool mfa_session = context.choice && context.choice->mfa_session;
  if (!context.user || context.serial_number.empty() || !(context.planned || mfa_session)) {
    return context.unknown("the code was not tried: what it needs is not known");
  }
  if (mfa_session) return try_the_mfa_session(context);
  aws::Credentials credentials = open_first(context);
  context.roles.front().is_open = true;
  context.ok(
      fmt::format("the code opens {}; the session was thrown away", context.roles.front().name));
  for (std::size_t i = 1; i < context.roles.size(); ++i) {
    RoleOnTheWay& role = context.roles[i];
    credentials = open_next(context, role, credentials);
    role.is_open = true;
    context.ok(fmt::format("a session of {} opens {}", context.caller_name(i), role.name));
  }
}

}  // namespace app
