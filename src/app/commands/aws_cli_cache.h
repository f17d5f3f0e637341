#pragma once

#include "app/config/session_request.h"
#include "app/sessions/sessions.h"
#include "aws/files/profile.h"
#include "os/environment.h"
#include "os/file_probe.h"
#include "os/files.h"
#include "os/messages.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace app {

// The AWS CLI's own cache: with a session of ours in it `aws --profile prod` asks for no code.

// Before a code is spent. Throws Error{usage} for what the cache has no place for: a role that is
// no profile's, and a session that is narrower, or named otherwise, than the profile says; and
// Error{failed} where it can be seen that the cache cannot be written.
void require_cacheable(const SessionRequest& request, std::span<const Target> targets,
                       os::Files& files, const os::Environment& environment,
                       const aws::SharedConfig& shared);

// Puts the sessions there, each under its profile. The session is written elsewhere by then: what
// goes wrong here is told, and spoils nothing.
void store_in_cli_cache(os::Files& files, const os::Environment& environment,
                        const aws::SharedConfig& shared, std::span<const TargetSession> sessions,
                        os::Messages& messages);

// The files in it that hold sessions of ours, of any profile, as it is or was, and are `wanted` by
// path and bytes; whole paths. What cannot be read is none of ours.
std::vector<std::string> ours_in_cli_cache(
    os::Files& files, os::FileProbe& probe, const os::Environment& environment,
    const std::function<bool(const std::string& path, std::string_view bytes)>& wanted);
std::string cli_cache_folder(const os::Environment& environment);
// Where the session of the profile, as it is now, would be.
std::string cli_cache_path(const os::Environment& environment, const aws::SharedConfig& shared,
                           const std::string& profile);
// Makes one of ours_in_cli_cache() expire.
void expire_in_cli_cache(os::Files& files, const std::string& path);

}  // namespace app
