#include "sandbox/authorization.h"

#include "base/text.h"
#include "sandbox/refusal.h"
#include "sandbox/session_tags.h"
#include "sandbox/totp.h"

#include <algorithm>
#include <fmt/core.h>
#include <sodium.h>

namespace sandbox {
namespace {

using aws::policy::Decision;

[[noreturn]] void refuse(std::string message) {
  throw Refusal(403, "AccessDenied", std::move(message));
}

// A clock may be one step off either way; a step that is spent, or lies before a spent one, is not
// tried.
std::optional<std::uint64_t> step_of(const MfaDevice& device, std::string_view code,
                                     base::Time now) {
  const std::uint64_t present = sandbox::totp::step_at(now);
  for (std::uint64_t step = present - 1; step <= present + 1; ++step) {
    if (step <= device.last_step) continue;
    const std::string expected = sandbox::totp::code(device.totp_secret, step);
    if (code.size() == expected.size() &&
        sodium_memcmp(code.data(), expected.data(), code.size()) == 0) {
      return step;
    }
  }
  return std::nullopt;
}

MfaDevice* find_device(const Caller& caller, std::string_view serial_number) {
  if (!caller.user) return nullptr;
  auto& devices = caller.user->mfa_devices;
  const auto found = std::find_if(devices.begin(), devices.end(), [&](const MfaDevice& device) {
    return device.serial_number == serial_number && !device.totp_secret.empty();
  });
  return found == devices.end() ? nullptr : &*found;
}

// A session's tags win over those of its role or user.
std::vector<aws::SessionTag> principal_tags(const Caller& caller) {
  const auto& own = caller.role ? caller.role->tags : caller.user->tags;
  return caller.session ? overlaid(own, caller.session->tags) : own;
}

}  // namespace

Context request_context(const Call& call, std::optional<base::Time> mfa_time) {
  const Caller& caller = call.caller;
  Context context = {
      {"aws:principalarn", caller.role ? caller.role->arn : caller.arn},
      {"aws:principalaccount", caller.account},
      {"aws:principaltype", caller.role              ? "AssumedRole"
                            : caller.user->is_root() ? "Account"
                                                     : "User"},
      {"aws:userid", caller.user_id},
      {"aws:requestedregion", std::string(call.region)},
  };
  if (caller.user && !caller.user->is_root()) context["aws:username"] = caller.user->name;
  for (const aws::SessionTag& tag : principal_tags(caller)) {
    context["aws:principaltag/" + base::to_lower(tag.key)] = tag.value;
  }
  if (caller.session && !caller.session->source_identity.empty()) {
    context["aws:sourceidentity"] = caller.session->source_identity;
  }
  if (!mfa_time && caller.session) mfa_time = caller.session->mfa_time;
  if (mfa_time) {
    context["aws:multifactorauthpresent"] = "true";
    context["aws:multifactorauthage"] = std::to_string((call.now - *mfa_time).count());
  } else if (caller.session) {
    // Long-term keys do not have the key at all: that is what IfExists is about.
    context["aws:multifactorauthpresent"] = "false";
  }
  return context;
}

aws::policy::Principal principal_of(const Call& call) {
  aws::policy::Principal principal{call.caller.account, {call.caller.arn}};
  if (call.caller.role) principal.arns.push_back(call.caller.role->arn);
  return principal;
}

IdentityDecision decide(const Call& call, const aws::policy::Request& request) {
  const Caller& caller = call.caller;
  if (caller.user && caller.user->is_root()) return {Decision::allow, Decision::allow};
  const auto& policies = caller.role ? caller.role->policies : caller.user->policies;
  IdentityDecision decision{aws::policy::evaluate(policies, request), Decision::allow};
  if (caller.session && !caller.session->session_policies.empty()) {
    decision.session = aws::policy::evaluate(caller.session->session_policies, request);
  }
  return decision;
}

void require(const Call& call, std::string_view action, const std::string& resource_arn,
             std::string_view named) {
  const IdentityDecision decision = decide(
      call,
      {std::string(action), resource_arn, principal_of(call), request_context(call, std::nullopt)});
  if (decision.allows()) return;
  const std::string start = fmt::format(
      "User: {} is not authorized to perform: {} on resource: {} ", call.caller.arn, action, named);
  if (decision.identity == Decision::explicit_deny) {
    refuse(start + "with an explicit deny in an identity-based policy");
  }
  if (decision.session == Decision::explicit_deny) {
    refuse(start + "with an explicit deny in a session policy");
  }
  const bool identity_allows = decision.identity == Decision::allow;
  refuse(start + fmt::format("because no {} policy allows the {} action",
                             identity_allows ? "session" : "identity-based", action));
}

std::optional<base::Time> check_mfa(Call& call, const std::optional<std::string>& serial_number,
                                    const std::optional<std::string>& token_code) {
  if (!serial_number && !token_code) return std::nullopt;
  if (!serial_number || !token_code) {
    refuse(
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass "
        "code.");
  }
  MfaDevice* const device = find_device(call.caller, *serial_number);
  if (!device) {
    refuse(
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
        "serial number is valid and associated with this user.");
  }
  const auto step = step_of(*device, *token_code, call.now);
  if (!step) refuse("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
  device->last_step = *step;
  return call.now;
}

}  // namespace sandbox
