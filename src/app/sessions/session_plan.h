#pragma once

#include "app/client/fan_out.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/sessions/mfa_device.h"
#include "app/sessions/role_search.h"
#include "app/sessions/route.h"
#include "app/sessions/session_cache.h"

#include <string>

namespace app {

// AWS's limit on a role that is assumed with a session, of another role or of GetSessionToken.
inline constexpr base::Seconds max_chained_duration{3600};

// Whether the session is to last longer than a role can that is assumed with a session: then the
// role's MaxSessionDuration has a bearing on it. Never of a chain, whose last role always is.
bool exceeds_chained_limit(const SessionRequest& request, const Settings& settings,
                           const RoleChoice& choice);

// A duration that was asked for outright is refused where AWS does not give it.
bool may_be_cut(const SessionRequest& request);

// How long a session is wished to last, or `longest`; where nothing else is said, an hour. A role
// that is always assumed with another is cut to what AWS gives it. Throws Error{usage} for what is
// no duration.
base::Seconds wished_duration(const SessionRequest& request, const Settings& settings,
                              const RoleChoice& choice);
// Of the MFA session; `is_result` where no role is assumed with it.
base::Seconds mfa_session_duration(const SessionRequest& request, const Settings& settings,
                                   bool is_result);

// What becomes of a role that is to last longer than AWS gives one that is assumed with a session.
struct CutPolicy {
  bool refuses_option = true;  // what was asked for outright is refused rather than cut
  bool tells = true;           // as a note, not only with --verbose
};

// Put options, profile and settings together and check everything that AWS would refuse, so that no
// code is spent on it. Each throws Error{usage}.

// The calls that lead to the role, whole but for the code. The request's policy must have been
// read.
RoleChain plan_role(const SessionRequest& request, const Settings& settings, const RolePlan& roles,
                    Route route, const MfaUser& user, os::Messages& messages, CutPolicy cut = {});

// The duration of the MFA session; `is_result` where no role is assumed with it.
base::Seconds plan_mfa_session(const SessionRequest& request, const Settings& settings,
                               const MfaUser& user, bool is_result);

}  // namespace app
