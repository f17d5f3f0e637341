#pragma once

#include "aws/model/credentials.h"
#include "base/error.h"

#include <string>
#include <variant>

namespace app {

// One of the roles that were asked for, as far as it is known before it is assumed.
struct Target {
  std::string name;      // the profile, or the role's name as it was given
  std::string profile;   // of the shared config file; empty: the role was named otherwise
  std::string role_arn;  // empty: the MFA session itself, or a role that could not be found
  std::string source_profile = {};  // that holds the long-term key; empty: the environment
};

// What AWS gave.
struct Session {
  aws::Credentials credentials;
  std::string role_arn;  // empty: the MFA session itself
  bool chained = false;  // assumed with temporary credentials, not with the long-term key

  Session clone() const { return {credentials.clone(), role_arn, chained}; }
};

// A session, or why there is none.
using Outcome = std::variant<Session, base::Error>;

}  // namespace app
