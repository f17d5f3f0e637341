#include "aws/iam.h"

#include "aws/constraints.h"
#include "aws/xml.h"
#include "base/text.h"

#include <utility>

namespace aws::iam {
namespace {

Call make(std::string operation) {
  Call call;
  call.service = Service::iam;
  call.operation = std::move(operation);
  return call;
}

void add(Call& call, const std::string& parameter, const std::string& value) {
  if (value.empty()) return;
  check(call.operation, parameter, value);
  call.parameters.emplace_back(parameter, base::WipedString(value));
}

}  // namespace

Call list_mfa_devices(const std::string& user_name, const std::string& marker) {
  Call call = make("ListMFADevices");
  add(call, "UserName", user_name);
  // AWS's own word, handed back as it came.
  if (!marker.empty()) call.parameters.emplace_back("Marker", base::WipedString(marker));
  return call;
}

Call get_role(const std::string& role_name) {
  Call call = make("GetRole");
  add(call, "RoleName", role_name);
  return call;
}

Call list_access_keys(const std::string& user_name, const std::string& marker) {
  Call call = make("ListAccessKeys");
  add(call, "UserName", user_name);
  if (!marker.empty()) call.parameters.emplace_back("Marker", base::WipedString(marker));
  return call;
}

Call get_access_key_last_used(const std::string& access_key_id) {
  Call call = make("GetAccessKeyLastUsed");
  call.parameters.emplace_back("AccessKeyId", base::WipedString(access_key_id));
  return call;
}

Call simulate_with_mfa(const std::string& user_arn, const std::string& action,
                       const std::string& resource_arn) {
  Call call = make("SimulatePrincipalPolicy");
  const std::pair<const char*, std::string> parameters[] = {
      {"PolicySourceArn", user_arn},
      {"ActionNames.member.1", action},
      {"ResourceArns.member.1", resource_arn},
      {"ContextEntries.member.1.ContextKeyName", "aws:MultiFactorAuthPresent"},
      {"ContextEntries.member.1.ContextKeyType", "boolean"},
      {"ContextEntries.member.1.ContextKeyValues.member.1", "true"}};
  for (const auto& [name, value] : parameters) {
    call.parameters.emplace_back(name, base::WipedString(value));
  }
  return call;
}

MfaDevicePage parse_list_mfa_devices(base::WipedString& body) {
  const XmlAnswer answer(body);
  const std::string list = "ListMFADevicesResult/MFADevices";
  answer.require_element(list);  // without it, a stranger's page would mean "no devices"
  const auto users = answer.members(list, "UserName");
  const auto serials = answer.members(list, "SerialNumber");
  MfaDevicePage page;
  for (std::size_t i = 0; i < serials.size(); ++i) {
    page.devices.push_back({std::string(users[i]), std::string(serials[i])});
  }
  if (answer.text("ListMFADevicesResult/IsTruncated") == "true") {
    page.marker = answer.text("ListMFADevicesResult/Marker");
  }
  return page;
}

Role parse_get_role(base::WipedString& body) {
  const XmlAnswer answer(body);
  Role role;
  role.arn = answer.required("GetRoleResult/Role/Arn");
  const std::string_view maximum = answer.text("GetRoleResult/Role/MaxSessionDuration");
  role.max_session_duration = base::parse_duration(maximum).value_or(base::Seconds{3600});
  // URL-encoded (RFC 3986), as IAM gives every policy.
  const auto encoded = answer.text("GetRoleResult/Role/AssumeRolePolicyDocument");
  role.trust_policy = std::string(base::form_decode(encoded));
  return role;
}

AccessKeyPage parse_list_access_keys(base::WipedString& body) {
  const XmlAnswer answer(body);
  const std::string list = "ListAccessKeysResult/AccessKeyMetadata";
  answer.require_element(list);
  const auto ids = answer.members(list, "AccessKeyId");
  const auto states = answer.members(list, "Status");
  const auto dates = answer.members(list, "CreateDate");
  AccessKeyPage page;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    page.keys.push_back(
        {std::string(ids[i]), states[i] == "Active", base::parse_rfc3339(dates[i])});
  }
  if (answer.text("ListAccessKeysResult/IsTruncated") == "true") {
    page.marker = answer.text("ListAccessKeysResult/Marker");
  }
  return page;
}

AccessKeyLastUsed parse_get_access_key_last_used(base::WipedString& body) {
  const XmlAnswer answer(body);
  const std::string used = "GetAccessKeyLastUsedResult/AccessKeyLastUsed/";
  answer.required(used + "ServiceName");
  return {base::parse_rfc3339(answer.text(used + "LastUsedDate")),
          std::string(answer.text(used + "ServiceName")),
          std::string(answer.text(used + "Region"))};
}

bool parse_simulation(base::WipedString& body) {
  const XmlAnswer answer(body);
  const std::string list = "SimulatePrincipalPolicyResult/EvaluationResults";
  answer.require_element(list);
  const auto decisions = answer.members(list, "EvalDecision");
  return decisions.size() == 1 && decisions.front() == "allowed";
}

}  // namespace aws::iam
