#pragma once

#include "aws/model/session_tag.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// How sessions are asked for; empty means not given.
struct SessionRequest {
  std::optional<std::string> username;
  std::vector<std::string> profiles;  // the PROFILE arguments
  std::vector<std::string> roles;     // -r
  bool all = false;                   // every profile that the key can reach
  bool no_role = false;
  std::optional<std::string> code;
  std::string mfa_process;
  std::string source_profile;
  std::string serial_number;
  std::string duration;  // "45m", "12h", seconds or "max"
  std::string session_name;
  std::string external_id;
  std::vector<aws::SessionTag> tags;
  std::vector<std::string> transitive_tag_keys;
  std::string source_identity;
  std::string policy_file;
  std::vector<std::string> policy_arns;
  std::string region;
  std::string endpoint_url;
  std::optional<base::Seconds> min_ttl;  // what lives longer is cached
  bool renew = false;                    // nothing is cached
  bool no_input = false;
  bool quiet = false;  // no word beside the questions
};

}  // namespace app
