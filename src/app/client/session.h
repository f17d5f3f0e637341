#pragma once

#include "aws/model/credentials.h"
#include "base/error.h"

#include <string>
#include <variant>

namespace app {

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
