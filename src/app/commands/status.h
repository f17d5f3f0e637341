#pragma once

#include "app/config/settings.h"
#include "app/config/shared_files.h"
#include "app/sessions/session_cache.h"
#include "aws/files/profile.h"
#include "base/time.h"
#include "os/environment.h"
#include "os/files.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

// A session as far as the files tell; nothing is asked of AWS.
struct SessionStatus {
  enum class Owner {
    ours,
    other_tool,  // marked as another tool's, or not marked at all
  };

  std::string profile;   // empty: none, as of a base session
  std::string role_arn;  // empty: the MFA session itself, or not known
  bool is_known = true;  // what it is a session of; of a link as somebody else wrote it it is not
  std::string user_name;
  std::optional<base::Time> expiration;  // nothing: not told, or not in a way that is known
  bool in_file = false;                  // in the shared credentials file
  bool in_cache = false;
  bool linked = false;  // a profile of the shared config file that renews itself
  Owner owner = Owner::ours;
  std::string manager;  // of another tool, where it tells its name
  std::string access_key_id;
};

// Those of the shared credentials file first, then the links of the shared config file, then those
// of the cache alone; one that stands in the credentials file and the cache is one. A link stands
// for the session in the cache that it would give now, which is not told once more; where there is
// none it has no expiration.
std::vector<SessionStatus> session_statuses(const aws::SharedConfig& shared,
                                            std::span<const CachedSession> cached, base::Time now,
                                            const Settings& settings, os::Environment& environment,
                                            os::Files& files);

}  // namespace app
