#pragma once

#include "app/session_request.h"
#include "app/sessions.h"
#include "aws/profile.h"
#include "os/environment.h"
#include "os/files.h"

#include <span>
#include <string>
#include <vector>

namespace app {

// The AWS CLI's own cache: with a session of ours in it `aws --profile prod` asks for no code.

// Before a code is spent. Throws Error{usage} for what the cache has no place for: a role that is
// no profile's, and a session that is narrower, or named otherwise, than the profile says.
void require_cacheable(const SessionRequest& request, std::span<const Target> targets);

// Puts the sessions there, each under its profile. Throws Error{failed} as Files::update.
void store_in_cli_cache(os::Files& files, const os::Environment& environment,
                        const aws::SharedConfig& shared, std::span<const TargetSession> sessions);

// The profiles of which it has sessions of ours.
std::vector<std::string> profiles_in_cli_cache(os::Files& files, const os::Environment& environment,
                                               const aws::SharedConfig& shared);
// Makes these expire.
void expire_in_cli_cache(os::Files& files, const os::Environment& environment,
                         const aws::SharedConfig& shared, std::span<const std::string> profiles);

}  // namespace app
