#pragma once

#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/sessions/sessions.h"
#include "aws/files/profile.h"
#include "os/environment.h"
#include "os/files.h"

#include <optional>
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

// What such a line of ours asks for; nothing where it is not as we write it.
std::optional<SessionRequest> linked_request(std::string_view credential_process);
// The key in the cache of the session that it would get, as far as the files tell.
std::optional<std::string> linked_session_key(const SessionRequest& request,
                                              const aws::SharedConfig& shared,
                                              const Settings& settings,
                                              os::Environment& environment, os::Files& files);

}  // namespace app
