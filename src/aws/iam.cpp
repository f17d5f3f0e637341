#include "aws/iam.h"

#include "aws/constraints.h"
#include "aws/xml.h"

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
  return role;
}

}  // namespace aws::iam
