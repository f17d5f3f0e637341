#pragma once

#include <optional>
#include <string>
#include <vector>

namespace app {

// How a session is asked for; empty means not given.
struct SessionRequest {
  std::optional<std::string> username;
  std::string role;     // -r
  std::string profile;  // the PROFILE argument
  bool no_role = false;
  std::optional<std::string> code;
  std::string mfa_process;
  std::string source_profile;
  std::string serial_number;
  std::string duration;  // "45m", "12h", seconds or "max"
  std::string session_name;
  std::string external_id;
  std::string policy_file;
  std::vector<std::string> policy_arns;
  std::string region;
  std::string endpoint_url;
  bool no_input = false;
};

}  // namespace app
