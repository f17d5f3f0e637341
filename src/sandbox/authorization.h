#pragma once

#include "aws/policy/policy.h"
#include "sandbox/operation.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

// May the caller do this? Source: IAM User Guide, "Policy evaluation logic".
namespace sandbox {

using Context = std::map<std::string, std::string>;

// What is known of the caller in every request, its tags included. `mfa_time` is when a code was
// given: in this very request, or else for the session.
Context request_context(const Call& call, std::optional<base::Time> mfa_time);
aws::policy::Principal principal_of(const Call& call);

// What the identity-based policies and the session policies of the caller say. Root may everything.
struct IdentityDecision {
  aws::policy::Decision identity;
  aws::policy::Decision session;  // allow when there are no session policies

  bool allows() const {
    return identity == aws::policy::Decision::allow && session == aws::policy::Decision::allow;
  }
  bool denies() const {
    return identity == aws::policy::Decision::explicit_deny ||
           session == aws::policy::Decision::explicit_deny;
  }
};
IdentityDecision decide(const Call& call, const aws::policy::Request& request);

// For operations that no resource has a say in, all of IAM's. `named` is the resource as IAM's
// messages name it, "user jsmith". Throws Refusal AccessDenied.
void require(const Call& call, std::string_view action, const std::string& resource_arn,
             std::string_view named);

// Checks SerialNumber and TokenCode of a request and uses the code up. Nothing when neither was
// sent; Refusal AccessDenied unless both are right.
std::optional<base::Time> check_mfa(Call& call, const std::optional<std::string>& serial_number,
                                    const std::optional<std::string>& token_code);

}  // namespace sandbox
