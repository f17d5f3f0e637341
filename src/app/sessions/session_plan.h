#pragma once

#include "app/client/fan_out.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/sessions/mfa_device.h"
#include "app/sessions/role_search.h"
#include "os/files.h"

#include <string>

namespace app {

// AWS's limit on a role that is assumed with a session, of another role or of GetSessionToken.
inline constexpr base::Seconds max_chained_duration{3600};

// The two ways from the long-term key to a role.
enum class Route {
  direct,            // AssumeRole takes the code: as long as the role allows
  via_base_session,  // GetSessionToken takes it, and opens any number of roles, each for an hour at
                     // most
};

// Whether the role's MaxSessionDuration has a bearing on the duration that is asked for: it is more
// than the hour that AssumeRole gives without being asked, and than a chain or a base session can.
bool wants_maximum(const SessionRequest& request, const Settings& settings,
                   const RoleChoice& choice);

// Put options, profile and settings together and check everything that AWS would refuse, so that no
// code is spent on it. Each throws Error{usage}.

// The calls that lead to the role, whole but for the code. The request's policy must have been
// read.
RoleChain plan_role(const SessionRequest& request, const Settings& settings, const RolePlan& roles,
                    Route way, const MfaUser& user, os::Messages& messages);

// The request with what its policy file says.
SessionRequest with_policy_read(SessionRequest request, os::Files& files);

// The duration of the MFA session; `is_result` where no role is assumed with it.
base::Seconds plan_mfa_session(const SessionRequest& request, const Settings& settings,
                               const MfaUser& user, bool is_result);

}  // namespace app
