#include "aws/api/iam.h"

#include "aws/api/xml.h"
#include "aws/model/constraints.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
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

Call simulate_principal_policy(const std::string& principal_arn,
                               const std::vector<std::string>& actions,
                               const std::string& resource_arn,
                               const std::vector<ContextEntry>& context) {
  Call call = make("SimulatePrincipalPolicy");
  const auto put = [&](std::string name, const std::string& value) {
    call.parameters.emplace_back(std::move(name), base::WipedString(value));
  };
  put("PolicySourceArn", principal_arn);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    put(fmt::format("ActionNames.member.{}", i + 1), actions[i]);
  }
  put("ResourceArns.member.1", resource_arn);
  for (std::size_t i = 0; i < context.size(); ++i) {
    const std::string entry = fmt::format("ContextEntries.member.{}.", i + 1);
    put(entry + "ContextKeyName", context[i].name);
    put(entry + "ContextKeyType", context[i].type);
    for (std::size_t j = 0; j < context[i].values.size(); ++j) {
      put(fmt::format("{}ContextKeyValues.member.{}", entry, j + 1), context[i].values[j]);
    }
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

std::vector<Simulated> parse_simulation(base::WipedString& body,
                                        const std::vector<std::string>& actions) {
  const XmlAnswer answer(body);
  const std::string list = "SimulatePrincipalPolicyResult/EvaluationResults";
  answer.require_element(list);
  const auto names = answer.members(list, "EvalActionName");
  const auto decisions = answer.members(list, "EvalDecision");
  std::vector<Simulated> results;
  for (const std::string& action : actions) {
    const auto found = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
      return base::equal_ignoring_case(name, action);
    });
    const std::string_view decision =
        found == names.end() ? "" : decisions[static_cast<std::size_t>(found - names.begin())];
    if (decision.empty()) {
      throw base::Error(base::ErrorKind::failed,
                        fmt::format("the answer from AWS says nothing of {}", action));
    }
    results.push_back(decision == "allowed"        ? Simulated::allowed
                      : decision == "explicitDeny" ? Simulated::explicit_deny
                                                   : Simulated::implicit_deny);
  }
  return results;
}

}  // namespace aws::iam
