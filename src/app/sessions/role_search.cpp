#include "app/sessions/role_search.h"

#include "app/client/answer_check.h"
#include "aws/model/arn.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using Form = aws::RoleReference::Form;

// GetRole knows a role by its name alone; a path that was typed must be the one it has.
void require_path(const aws::RoleReference& role, const std::string& arn) {
  const auto parsed = aws::parse_arn(arn);
  const bool path_typed = role.form == Form::path || role.path != "/";
  if (!parsed || !path_typed || aws::path_of(*parsed) == role.path) return;
  throw Error(ErrorKind::failed,
              fmt::format("the role {} has the path {}, not {}", role.name, aws::path_of(*parsed),
                          role.path),
              {fmt::format("give its ARN: {}", arn)});
}

}  // namespace

RoleSearch::RoleSearch(RoleChoice choice, bool want_maximum, Account& account)
    : choice_(std::move(choice)),
      want_maximum_(want_maximum && !choice_.mfa_session),
      account_(account) {
  if (choice_.role) {
    role_ = *choice_.role;
  } else if (want_maximum_) {
    role_ = aws::parse_role_reference(choice_.chain->roles.back().role_arn);
  }
  if (choice_.role && role_.account.empty() && can_look_up()) get_role_ = start_look_up();
}

AwsClient::Pending RoleSearch::start_look_up() {
  return account_.client.start(aws::iam::get_role(role_.name), account_.key());
}

// What GetRole knows of a role of the key's own account; nothing when the look-up is refused.
std::optional<aws::iam::Role> RoleSearch::look_up() {
  aws::RequestFacts facts;
  facts.operation = "GetRole";
  facts.access_key_id = account_.key().access_key_id;
  facts.role_arn = role_.name;
  facts.region = account_.client.connection().iam.signing_region;
  AwsClient::Pending pending = get_role_ ? std::move(*get_role_) : start_look_up();
  Answer answer = account_.client.finish(std::move(pending), account_.key());
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  if (refusal != nullptr && aws::is_access_denied(*refusal)) return std::nullopt;
  base::WipedString body = require(std::move(answer), facts);
  return aws::iam::parse_get_role(body);
}

RolePlan RoleSearch::finish(const std::string& serial_number, os::Messages& messages) {
  RolePlan plan;
  if (choice_.mfa_session) return plan;
  if (choice_.chain) {
    plan.steps = choice_.chain->roles;
  } else {
    plan.steps.emplace_back();
    if (role_.form == Form::arn) {
      plan.steps.back().role_arn = aws::role_arn(role_, role_.partition, role_.account);
    }
  }
  std::string& arn = plan.steps.back().role_arn;
  if (!arn.empty() && !want_maximum_) return plan;

  // A virtual device's serial number tells the account already; a hardware token's does not.
  const auto device = aws::parse_arn(serial_number);
  const auto home = [&]() -> const aws::Arn& { return device ? *device : account_.owner.arn(); };
  if (!device) account_.owner.start();  // its answer comes together with GetRole's
  const bool own = role_.account.empty() || role_.account == home().account;
  const auto known = own && can_look_up() ? look_up() : std::nullopt;
  if (known) require_named_role(role_.name, home(), known->arn);
  if (known && arn.empty()) {
    require_path(role_, known->arn);
    arn = known->arn;
  }
  if (known && known->arn == arn) plan.max_session_duration = known->max_session_duration;
  if (arn.empty()) {
    arn = aws::role_arn(role_, home().partition, home().account);
    if (own) {
      messages.note(fmt::format("{}; it is taken to be {}",
                                can_look_up() ? "you may not look the role up (iam:GetRole)"
                                              : "inside exec the role cannot be looked up",
                                arn));
    }
  }
  return plan;
}

}  // namespace app
