#pragma once

#include "app/doctor/check_context.h"
#include "aws/policy/policy_text.h"

#include <string>
#include <vector>

// What policies will see of the request for one role of the chain, given by its index.
namespace app {

// The permissions that it needs: sts:AssumeRole always, and one more each for session tags and a
// source identity, also where the session before passes them on.
std::vector<std::string> actions_of(const CheckContext& context, std::size_t i);

// The context keys that conditions may use, as far as the request determines them; `mfa` means with
// a code. Without one a request of a long-term key has no context key for MFA at all, while that of
// a role session has one, which is false.
std::vector<aws::iam::ContextEntry> context_of(const CheckContext& context, std::size_t i,
                                               bool mfa);

// For the statements to add: the user and the resources, or the caller of the role and the role.
aws::policy::Scope scope_of_user(const CheckContext& context, std::vector<aws::Arn> resources);
aws::policy::Scope scope_of(const CheckContext& context, std::size_t i);

}  // namespace app
