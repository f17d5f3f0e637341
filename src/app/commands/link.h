#pragma once

#include "app/client/session.h"
#include "app/config/session_request.h"
#include "aws/files/profile.h"
#include "os/environment.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

// For each target the credential_process line by which a profile gets the same sessions anew, also
// for other programs and in another environment: this program by its absolute path, what was asked
// for, and the profile of the long-term key where nothing else names it. Throws Error{usage} for
// what cannot be said in such a line.
std::vector<std::string> link_processes(const SessionRequest& request,
                                        const aws::SharedConfig& shared,
                                        const os::Environment& environment,
                                        std::span<const Target> targets);

// What such a line of ours asks for; nothing where it is not as we write it.
std::optional<SessionRequest> linked_request(std::string_view credential_process);

}  // namespace app
