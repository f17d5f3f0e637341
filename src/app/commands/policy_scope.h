#pragma once

#include "app/config/settings.h"
#include "aws/files/profile.h"
#include "aws/policy/policy_text.h"
#include "os/environment.h"
#include "os/messages.h"

#include <string>
#include <vector>

namespace app {

// What the command line says of a policy; empty: nothing.
struct PolicyRequest {
  std::vector<std::string> accounts;
  std::vector<std::string> roles;  // as -r takes them
  std::string username;            // with its path where it has one
  std::string partition;
  aws::policy::Scope scope;  // everything else, taken as it is
};

// Fills in from the settings and the shared files what was not given; nothing is asked of AWS.
// Throws Error{usage} where the account is not known, or what was given does not go together.
aws::policy::Scope policy_scope(const PolicyRequest& request, const Settings& settings,
                                const aws::SharedConfig& shared, const os::Environment& environment,
                                os::Messages& messages);

}  // namespace app
