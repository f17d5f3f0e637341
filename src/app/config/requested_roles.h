#pragma once

#include "app/config/role_choice.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "os/environment.h"
#include "os/messages.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// Whether nothing says what is to be taken on: neither a PROFILE nor an option.
bool names_no_role(const SessionRequest& request);

// The profile with a role_arn that AWS_PROFILE names or, where that is not set,
// AWS_DEFAULT_PROFILE: what every AWS client would take on.
std::optional<std::string> role_profile_of_environment(const aws::SharedConfig& shared,
                                                       const os::Environment& environment);

// The roles and profiles that the options and arguments name, in their order; the profiles of --all
// by name. Empty where nothing names one. Throws as choose_profile and choose_all, and Error{usage}
// for options that contradict each other, or that go with roles where the MFA session is asked for.
std::vector<RoleChoice> requested_roles(const SessionRequest& request, const Settings& settings,
                                        const aws::SharedConfig& shared,
                                        os::Environment& environment, os::Messages& messages);

}  // namespace app
