#pragma once

#include "app/role_choice.h"
#include "app/session_request.h"
#include "app/settings.h"
#include "aws/sts.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// The calls that lead to the session, whole but for the code: either one GetSessionToken, or an
// AssumeRole for each role of a chain, the first of which carries the code.
struct SessionPlan {
  std::vector<aws::sts::AssumeRole> roles;        // empty: the MFA session itself
  std::optional<base::Seconds> session_duration;  // of GetSessionToken
};

// Whether the role's MaxSessionDuration has a bearing on the duration that is asked for.
bool wants_maximum(const SessionRequest& request, const Settings& settings,
                   const RoleChoice& choice);

// Puts options, profile and settings together and checks everything that AWS would refuse, so that
// no code is spent on it. `policy` is the session policy's JSON. Throws Error{usage}.
SessionPlan plan_session(const SessionRequest& request, const Settings& settings,
                         const RolePlan& roles, bool mfa_session, const std::string& policy,
                         const std::string& user_name, const std::string& serial_number,
                         os::Talk& talk);

}  // namespace app
