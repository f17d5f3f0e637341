#pragma once

#include "app/config/connection.h"
#include "app/config/key_source.h"
#include "app/config/role_choice.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "os/environment.h"
#include "os/messages.h"

#include <span>

namespace app {

// The long-term key, and how AWS is reached with it.
struct Access {
  SourceKey source;
  Connection connection;
};

// What serves all these roles: one code opens no more than one key does. Throws Error as
// find_source_key, and Error{usage} where they start from different keys.
Access find_access(const SessionRequest& request, const Settings& settings,
                   const aws::SharedConfig& shared, const os::Environment& environment,
                   std::span<const RoleChoice> choices, os::Messages& messages);

}  // namespace app
