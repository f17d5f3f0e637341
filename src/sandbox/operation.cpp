#include "sandbox/operation.h"

#include <algorithm>
#include <array>

namespace sandbox {
namespace {

constexpr std::array operations = {
    Operation{sts, "GetCallerIdentity", get_caller_identity},
    Operation{sts, "GetSessionToken", get_session_token},
    Operation{sts, "AssumeRole", assume_role},
    Operation{sts, "GetFederationToken", get_federation_token},
    Operation{iam, "GetUser", get_user},
    Operation{iam, "GetRole", get_role},
    Operation{iam, "ListMFADevices", list_mfa_devices},
    Operation{iam, "ListAccessKeys", list_access_keys},
    Operation{iam, "GetAccessKeyLastUsed", get_access_key_last_used},
    Operation{iam, "SimulatePrincipalPolicy", simulate_principal_policy},
};

}  // namespace

const Operation* find_operation(std::string_view action, std::string_view version) {
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const Operation& o) {
    return o.name == action && o.service.version == version;
  });
  return found == operations.end() ? nullptr : &*found;
}

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  for (const Operation& operation : operations) names.emplace_back(operation.name);
  return names;
}

}  // namespace sandbox
