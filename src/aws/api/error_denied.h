#pragma once

#include "aws/api/error.h"

#include <string>
#include <vector>

// The refusals that come of policies: AWS says little, and what else is known narrows it down.
namespace aws {

// One text for a trust policy that refuses, a missing permission, a wrong external id and a role
// that does not exist.
std::vector<std::string> role_denied_hints(const Refusal& refusal);

// "a policy", or the kind that AWS names: "a service control policy".
std::string denying_policy(const Refusal& refusal);
std::vector<std::string> explicit_deny_hints(const Refusal& refusal);

}  // namespace aws
