#include "base/text.h"
#include "sandbox/authorization.h"
#include "sandbox/operation.h"
#include "sandbox/refusal.h"
#include "sandbox/text_rules.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr TextRule marker_rule{1, 320, "[\\u0020-\\u00FF]+", is_arn_character};

// IAM has words of its own for a name with a character that is not allowed.
void check_name(const std::string& member, const std::string& name, std::size_t longest) {
  std::string_view bound;
  if (name.empty()) bound = "greater than or equal to 1";
  if (name.size() > longest)
    bound = longest == 64 ? "less than or equal to 64" : "less than or equal to 128";
  if (!bound.empty()) {
    throw Refusal(400, "ValidationError",
                  fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy "
                              "constraint: Member must have length {}",
                              name, member, bound));
  }
  const bool allowed = std::all_of(name.begin(), name.end(), [](char c) {
    return is_name_character(static_cast<unsigned char>(c));
  });
  if (!allowed) {
    throw Refusal(400, "ValidationError",
                  fmt::format("The specified value for {} is invalid. It must contain only "
                              "alphanumeric characters and/or the following: +=,.@_-",
                              member));
  }
}

// The user that UserName names, or else the caller, once the caller is known to be allowed to.
User& named_user(const Call& call, std::string_view action) {
  const std::string* const given = call.parameters.find("UserName");
  if (!given && !call.caller.user) {
    throw Refusal(400, "ValidationError",
                  "Must specify userName when calling with non-User credentials");
  }
  if (given) check_name("userName", *given, 128);
  User* const user = given ? call.world.find_user(call.caller.account, *given) : call.caller.user;
  // Whether a user exists is told to those only who may ask about it.
  const std::string name = user ? user->name : *given;
  const std::string arn = user ? user->arn
                               : fmt::format("arn:{}:iam::{}:user/{}", call.world.partition(),
                                             call.caller.account, name);
  require(call, action, arn, "user " + name);
  if (!user) {
    throw Refusal(404, "NoSuchEntity", fmt::format("The user with name {} cannot be found.", name));
  }
  return *user;
}

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
  const auto max_items = validation.integer("MaxItems", 1, 1000);
  const auto marker = validation.optional("Marker", marker_rule);
  validation.finish();
  const User& user = named_user(call, "iam:ListMFADevices");

  const auto& devices = user.mfa_devices;
  // A marker is opaque to clients; here it is the position.
  std::size_t begin = 0;
  if (marker) {
    const char* const end = marker->data() + marker->size();
    const auto [stop, error] = std::from_chars(marker->data(), end, begin);
    if (error != std::errc{} || stop != end || begin > devices.size()) {
      throw Refusal(400, "ValidationError", "Invalid Marker.");
    }
  }
  const std::size_t end =
      std::min(devices.size(), begin + static_cast<std::size_t>(max_items.value_or(100)));

  call.result.element("IsTruncated", end < devices.size() ? "true" : "false");
  if (end < devices.size()) call.result.element("Marker", std::to_string(end));
  call.result.open_list("MFADevices");
  for (std::size_t i = begin; i < end; ++i) {
    call.result.open("member");
    call.result.element("UserName", user.name);
    call.result.element("SerialNumber", devices[i].serial_number);
    call.result.element("EnableDate", base::format_rfc3339(devices[i].enabled));
    call.result.close();
  }
  call.result.close();
}

}  // namespace sandbox
