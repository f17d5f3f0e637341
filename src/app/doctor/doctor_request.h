#pragma once

#include "app/doctor/check_context.h"
#include "aws/policy/policy_text.h"

#include <string>
#include <vector>

// What policies will see of the request for one role of the chain, by its index.
namespace app {

// The permissions that it takes: sts:AssumeRole always; for session tags and a source identity one
// more each, also where the session before hands them down.
std::vector<std::string> actions_of(const CheckContext& context, std::size_t i);

// The keys that conditions may ask for, as far as the request decides them. `mfa`: with a code. A
// long-term key has no key for MFA at all without one; a role session has it, and it says no.
std::vector<aws::iam::ContextEntry> context_of(const CheckContext& context, std::size_t i,
                                               bool mfa);

// For the statements to add: the user and what he needs, or who assumes the role, and the role.
aws::policy::Scope scope_of_user(const CheckContext& context, std::vector<aws::Arn> resources);
aws::policy::Scope scope_of(const CheckContext& context, std::size_t i);

}  // namespace app
