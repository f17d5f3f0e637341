#pragma once

#include "app/client/account.h"
#include "app/config/role_choice.h"
#include "aws/api/iam.h"
#include "base/error.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace app {

// The roles to assume, in their order, and what is known of the last; none for the MFA session
// itself.
struct RolePlan {
  std::vector<aws::RoleStep> steps;
  std::optional<base::Seconds> max_session_duration;
};
using RoleAnswer = std::variant<RolePlan, base::Error>;

// Finds the roles to assume. GetRole is asked where a role was named without its account, and where
// the longest duration is wanted; only for roles of the key's own account. A refused look-up falls
// back to the account of the MFA device, or of GetCallerIdentity where its serial number tells
// none.
class RoleSearch {
 public:
  // Sends GetRole where it is needed for certain; the answer may come while a person types.
  RoleSearch(RoleChoice choice, bool want_maximum, Account& account);
  // Waits for the rest. Throws Error{refused} for a role that is not there.
  RolePlan finish(const std::string& serial_number, os::Messages& messages);

 private:
  // Inside `exec` a key of the environment is known by its id alone.
  bool can_look_up() const { return !account_.key().secret_access_key.empty(); }
  AwsClient::Pending start_look_up();
  std::optional<aws::iam::Role> look_up();

  RoleChoice choice_;
  bool want_maximum_;
  Account& account_;
  aws::RoleReference role_;  // the one that GetRole may be asked for
  std::optional<AwsClient::Pending> get_role_;
};

}  // namespace app
