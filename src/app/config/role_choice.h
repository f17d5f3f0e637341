#pragma once

#include "app/config/key_source.h"
#include "aws/files/profile.h"
#include "aws/model/role_reference.h"
#include "os/messages.h"

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
// The role of the settings; where it cannot be one, the error names the setting and its place.
RoleChoice choose_role(const aws::SharedConfig& shared, const Settings& settings);

// Every profile of the shared config file with a role_arn that starts from this key, by name; the
// others are told of. Throws Error{failed} when there is none.
std::vector<RoleChoice> choose_all(const aws::SharedConfig& shared, const SourceKey& source,
                                   os::Messages& messages);

// A key that bears on the code and its device: of the profile whose role takes the code, else of
// the chosen one, else of that of the long-term key; empty where none has it.
std::string profile_key(const aws::SharedConfig& shared, const RoleChoice& choice,
                        const std::string& source_profile, std::string_view key);

// The partition that a role's ARN names; empty where the choice names none.
std::string partition_of(const RoleChoice& choice);

}  // namespace app
