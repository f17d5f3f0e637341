#pragma once

#include "app/config/role_choice.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/sessions/session_cache.h"
#include "os/environment.h"
#include "os/files.h"

#include <optional>
#include <string>

namespace app {

// The long-term key, and where its sessions are good.
struct SessionOrigin {
  base::WipedString key;  // SourceKey::cached_as()
  std::string scope;      // as of Connection
};

// The names under which sessions are kept: a hash of everything that was asked for, so that two
// keys, two endpoints, or a role that was changed in its profile never meet. The request's
// policy must have been read. The user, the device and the duration are no part of it: they are
// compared. A profile that says nothing but its role, and the ARN of that role, are the same.
std::string base_session_key(const SessionOrigin& origin);
std::string role_session_key(const SessionRequest& request, const SessionOrigin& origin,
                             const RoleChoice& choice);

// How long a session must live to be used again, where nothing else is said.
base::Seconds min_ttl_of(const SessionRequest& request, const Settings& settings);

// What a command that asks for this would look for in the cache, as far as the files tell; nothing
// where that is several sessions, or cannot be told.
std::optional<CacheQuery> cache_query(const SessionRequest& request, const Settings& settings,
                                      const aws::SharedConfig& shared, os::Environment& environment,
                                      os::Files& files);

}  // namespace app
