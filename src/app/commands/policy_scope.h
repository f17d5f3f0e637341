#pragma once

#include "app/config/settings.h"
#include "aws/files/profile.h"
#include "aws/policy/policy_text.h"
#include "os/environment.h"
#include "os/messages.h"

#include <functional>
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

// Fills in what was not given from the settings and the shared files; only for the account of the
// users, where these do not tell it, `account_of_key` is called, which returns nothing when there
// is no key or AWS does not answer. Throws Error{usage} where the account is not known, or what was
// given does not go together.
aws::policy::Scope policy_scope(const PolicyRequest& request, const Settings& settings,
                                const aws::SharedConfig& shared, const os::Environment& environment,
                                os::Messages& messages,
                                const std::function<std::string()>& account_of_key);

}  // namespace app
