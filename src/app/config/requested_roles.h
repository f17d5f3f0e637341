#pragma once

#include "app/config/role_choice.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "os/environment.h"
#include "os/messages.h"

#include <vector>

namespace app {

// The roles and profiles that the options and arguments name, in their order; the profiles of --all
// by name. Empty where nothing names one. Throws as choose_profile and choose_all, and Error{usage}
// for options that contradict each other, or that go with roles where the MFA session is asked for.
std::vector<RoleChoice> requested_roles(const SessionRequest& request, const Settings& settings,
                                        const aws::SharedConfig& shared,
                                        os::Environment& environment, os::Messages& messages);

}  // namespace app
