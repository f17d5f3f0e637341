#include "app/client/answer_check.h"
#include "app/config/state_folder.h"
#include "app/doctor/check_context.h"
#include "app/sessions/questions.h"
#include "app/sessions/spent_codes.h"
#include "app/sessions/token_code.h"
#include "aws/model/arn.h"

#include <fmt/core.h>

// The sessions are requested as `get` would request them, and discarded.
namespace app {
namespace {

constexpr base::Seconds min_duration{900};  // of GetSessionToken

base::WipedString redeem(CheckContext& context, CodeRequest request) {
  const DoctorDoors& doors = context.doors;
  const SessionRequest& session = context.request.session;
  request.user = {context.user_name(), context.serial_number};
  Questions questions(doors.terminal, doors.clock, true, "");
  RecordedMessages messages;
  TokenCodes codes({.given = session.code, .on_input = session.code_on_input, .mfa_process = ""},
                   questions, doors.process, doors.clock,
                   SpentCodes(doors.files, doors.random, doors.clock,
                              state_folder(doors.environment, doors.files)),
                   *context.account, messages);
  base::WipedString body = codes.redeem(request);
  for (const std::string& note : messages.notes) context.warn(note);
  return body;
}

void try_the_mfa_session(CheckContext& context) {
  base::WipedString body = redeem(context, {.user = {}, .role = {}, .duration = min_duration});
  require_valid_expiration(aws::sts::parse_get_session_token(body), context.account->client.now());
  context.ok("the code is accepted for an MFA session, which was discarded");
}

aws::Credentials credentials_of(CheckContext& context, base::WipedString& body,
                                const RoleOnTheWay& role) {
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(role.request, assumed.assumed_role_arn);
  require_valid_expiration(assumed.credentials, context.account->client.now());
  return std::move(assumed.credentials);
}

aws::Credentials open_first(CheckContext& context) {
  const RoleOnTheWay& role = context.roles.front();
  base::WipedString body =
      redeem(context, {.user = {}, .role = role.request, .role_seen = role.seen.has_value()});
  return credentials_of(context, body, role);
}

aws::Credentials open_next(CheckContext& context, const RoleOnTheWay& role,
                           const aws::Credentials& before) {
  aws::RequestFacts facts = facts_of(context, "AssumeRole");
  facts.role_arn = role.request.role_arn;
  facts.external_id_sent = !role.request.external_id.empty();
  facts.role_seen = role.seen.has_value();
  facts.clock_offset = context.account->client.clock_offset();
  facts.access_key_id = before.access_key_id;
  facts.temporary_key = true;
  base::WipedString body = require(
      context.account->client.call(aws::sts::assume_role(role.request, std::nullopt), before),
      facts);
  return credentials_of(context, body, role);
}

}  // namespace

void try_code(CheckContext& context) {
  if (!context.request.session.gives_code()) return;
  const bool mfa_session = context.choice && context.choice->mfa_session;
  if (!context.user || context.serial_number.empty() || !(context.planned || mfa_session)) {
    return context.unknown("the code was not tried: what the request needs is not known");
  }
  if (mfa_session) return try_the_mfa_session(context);
  aws::Credentials credentials = open_first(context);
  context.roles.front().is_open = true;
  context.ok(fmt::format("the code is accepted for {}; the session was discarded",
                         context.roles.front().name));
  for (std::size_t i = 1; i < context.roles.size(); ++i) {
    RoleOnTheWay& role = context.roles[i];
    credentials = open_next(context, role, credentials);
    role.is_open = true;
    context.ok(fmt::format("a session of {} can assume {}", context.caller_name(i), role.name));
  }
}

}  // namespace app
