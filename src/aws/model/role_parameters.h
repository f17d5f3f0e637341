#pragma once

#include "aws/model/session_tag.h"

#include <string>
#include <vector>

namespace aws {

// What AssumeRole can be told of the session beside its duration. An empty one is not sent.
struct RoleParameters {
  std::string role_session_name;
  std::string external_id;
  std::vector<SessionTag> tags;
  std::vector<std::string> transitive_tag_keys;  // of `tags`: passed on when roles are chained
  std::string source_identity;                   // stays along a chain
  std::string policy;                            // JSON
  std::vector<std::string> policy_arns;

  bool operator==(const RoleParameters&) const = default;
};

}  // namespace aws
