#pragma once

#include "app/session_request.h"
#include "app/sessions.h"
#include "app/settings.h"
#include "aws/profile.h"
#include "os/environment.h"

#include <span>
#include <string>
#include <vector>

namespace app {

// For each target the credential_process line by which a profile gets the same sessions anew, also
// for other programs and in another environment: this program by its absolute path, what was asked
// for, and the profile of the long-term key where nothing else names it. Throws Error{usage} for
// what cannot be said in such a line.
std::vector<std::string> link_processes(const SessionRequest& request, const Settings& settings,
                                        const aws::SharedConfig& shared,
                                        const os::Environment& environment,
                                        std::span<const Target> targets);

// What such a line of ours gives sessions of, with the name and everything else left open.
Target linked_target(std::string_view credential_process);

}  // namespace app
