#pragma once

#include "app/config/role_request.h"
#include "base/time.h"
#include "os/environment.h"
#include "os/files.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// How sessions are asked for; empty means not given.
struct SessionRequest : RoleRequest {
  std::optional<std::string> username;
  std::vector<std::string> profiles;  // the PROFILE arguments
  std::vector<std::string> roles;     // -r
  bool all = false;                   // every profile that the key can reach
  bool no_role = false;
  std::optional<std::string> code;  // six digits
  bool code_on_input = false;       // a line of standard input has it: `--code -`
  std::string mfa_process;
  std::string source_profile;
  std::string serial_number;
  std::string region;
  std::string endpoint_url;
  std::optional<base::Seconds> min_ttl;  // what lives longer is cached
  bool renew = false;                    // nothing is cached
  bool no_input = false;
  bool quiet = false;  // no word beside the questions

  bool gives_code() const { return code || code_on_input; }
};

// The request with what its policy file says. Throws Error{usage} where there is no such file.
SessionRequest with_policy_read(SessionRequest request, os::Files& files);

// The options that make another run of this program ask for the same: each a word, `--name=value`.
// Those that say who asks, and with which key, apart; what concerns one run alone (the code, the
// profiles and roles) is left out, and so are `mfa_process`, a line for the shell, and the region.
std::vector<std::string> caller_words(const SessionRequest& request);
std::vector<std::string> session_words(const SessionRequest& request,
                                       const os::Environment& environment);
// The other way round, and for the key, the role and the region as well. False for any other word.
bool read_word(const std::string& word, SessionRequest& request);

// Who asks for a narrower session must not get the MFA session whole: refuses what goes with a
// role. Throws Error{usage}.
void refuse_options_of_a_role(const SessionRequest& request);

}  // namespace app
