#include "base/text.h"
#include "sandbox/authorization.h"
#include "sandbox/iam_support.h"
#include "sandbox/operation.h"
#include "sandbox/refusal.h"

#include <fmt/core.h>

namespace sandbox {
namespace {

std::string encoded(std::string_view text) {
  base::WipedString result;
  base::percent_encode(text, "", result);
  return std::string(result);
}

}  // namespace

void get_user(Call& call) {
  const User& user = named_user(call, "iam:GetUser");
  call.result.open("User");
  call.result.element("Path", user.path);
  if (!user.is_root()) call.result.element("UserName", user.name);
  call.result.element("UserId", user.id);
  call.result.element("Arn", user.arn);
  call.result.element("CreateDate", base::format_rfc3339(user.created));
  call.result.close();
}

void get_role(Call& call) {
  const std::string* const name = call.parameters.find("RoleName");
  if (!name) {
    throw Refusal(400, "ValidationError",
                  "1 validation error detected: Value null at 'roleName' failed to satisfy "
                  "constraint: Member must not be null");
  }
  check_name("roleName", *name, 64);
  const Role* const role = call.world.find_role(call.caller.account, *name);
  const std::string arn = role ? role->arn
                               : fmt::format("arn:{}:iam::{}:role/{}", call.world.partition(),
                                             call.caller.account, *name);
  require(call, "iam:GetRole", arn, "role " + *name);
  if (!role) {
    throw Refusal(404, "NoSuchEntity",
                  fmt::format("The role with name {} cannot be found.", *name));
  }
  call.result.open("Role");
  call.result.element("Path", role->path);
  call.result.element("RoleName", role->name);
  call.result.element("RoleId", role->id);
  call.result.element("Arn", role->arn);
  call.result.element("CreateDate", base::format_rfc3339(role->created));
  call.result.element("AssumeRolePolicyDocument", encoded(role->trust_document));
  call.result.element("MaxSessionDuration", std::to_string(role->max_session_duration.count()));
  call.result.close();
}

void list_mfa_devices(Call& call) {
  Validation validation(call.parameters);
  const Page page(validation);
  validation.finish();
  const User& user = named_user(call, "iam:ListMFADevices");

  const auto& devices = user.mfa_devices;
  const Page::Range range = page.of(devices.size());
  Page::write(call, range, devices.size());
  call.result.open_list("MFADevices");
  for (std::size_t i = range.begin; i < range.end; ++i) {
    call.result.open("member");
    call.result.element("UserName", user.name);
    call.result.element("SerialNumber", devices[i].serial_number);
    call.result.element("EnableDate", base::format_rfc3339(devices[i].enabled));
    call.result.close();
  }
  call.result.close();
}

}  // namespace sandbox
