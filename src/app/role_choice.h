#pragma once

#include "app/account.h"
#include "aws/iam.h"
#include "aws/profile.h"
#include "aws/role_reference.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// What is to be taken on: a profile of the shared files resolved, or a role as somebody named it.
struct RoleChoice {
  std::string profile;                     // empty: no profile was named
  std::optional<aws::Chain> chain;         // of the profile
  std::optional<aws::RoleReference> role;  // named otherwise
  bool mfa_session = false;                // no role: the MFA session itself is the result
};

// A PROFILE argument. Throws Error{failed} as resolve_chain, and for a profile that has neither a
// role nor an MFA device (unless `no_role` says that none is wanted).
RoleChoice choose_profile(const aws::SharedConfig& shared, const std::string& profile,
                          bool no_role);
// The answer to the question and -r: a profile of exactly that name with a role_arn, else a role.
RoleChoice choose_role(const aws::SharedConfig& shared, const std::string& text);

// The partition that a role's ARN names; empty where the choice names none.
std::string partition_of(const RoleChoice& choice);

// The roles to assume, in their order, and what is known of the last; none for the MFA session
// itself.
struct RolePlan {
  std::vector<aws::RoleStep> steps;
  std::optional<base::Seconds> max_session_duration;
};

// Finds the roles to assume. GetRole is asked where a role was named without its account, and where
// the longest duration is wanted; only for roles of the key's own account. A refused look-up falls
// back to the account of the MFA device, or of GetCallerIdentity where its serial number tells
// none.
class RoleSearch {
 public:
  // Sends GetRole where it is needed for certain; the answer may come while a person types.
  RoleSearch(RoleChoice choice, bool want_maximum, Account& account);
  // Waits for the rest. Throws Error{refused} for a role that is not there.
  RolePlan finish(const std::string& serial_number, os::Talk& talk);

 private:
  AwsClient::Pending start_look_up();
  std::optional<aws::iam::Role> look_up();

  RoleChoice choice_;
  bool want_maximum_;
  Account& account_;
  aws::RoleReference role_;  // the one that GetRole may be asked for
  std::optional<AwsClient::Pending> get_role_;
};

}  // namespace app
