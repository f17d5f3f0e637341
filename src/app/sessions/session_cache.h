#pragma once

#include "app/client/session.h"
#include "aws/files/shared_file.h"
#include "base/time.h"
#include "os/files.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

// A session that lives for longer is used again, unless something else is said.
inline constexpr base::Seconds default_min_ttl{900};

// A session that AWS gave, and what must be known of it to use it again.
struct CachedSession : Session {
  // What it was asked for, as a hash: everything that has a bearing on what AWS gives.
  std::string key;
  std::string profile;  // of the shared config file; empty: the role was named otherwise
  std::string user_name;
  std::string serial_number;
  std::string source_access_key_id;
  std::string endpoint;  // of STS, for people
  base::Time issued;
  bool is_longest = false;  // it was asked to last as long as the role allows
  bool verified = false;    // of an MFA session: AWS has said that it is the user's

  base::Seconds age(base::Time now) const { return now - issued; }
};

// What is to last as long as the role allows.
inline constexpr base::Seconds longest{base::Seconds::max()};

// What is looked for: the one session of that key, if it still does.
struct CacheQuery {
  std::string key;
  std::string user_name;      // empty: anybody's
  std::string serial_number;  // empty: of any device
  base::Seconds min_ttl;      // it must live for longer
  base::Seconds duration{0};  // and have been got for as long, or `longest`

  bool matches(const CachedSession& session, base::Time now) const;
};

// The sessions that are cached for the next commands: one file of our state folder, in the form of
// a shared credentials file, with mode 0600, which no other program reads. Expired sessions are
// dropped when it is written. Without a state folder (an empty path) there are none and none is
// stored.
class SessionCache {
 public:
  SessionCache(os::Files& files, const std::string& folder)
      : files_(files), path_(folder.empty() ? "" : folder + "/sessions") {}

  // The file as it is now, to be read once for many keys.
  aws::SharedFile read();
  // A record that cannot be read is none.
  static std::optional<CachedSession> find(const aws::SharedFile& file, const CacheQuery& query,
                                           base::Time now);
  // All, those that expired included, in the order in which they were stored; without secrets.
  std::vector<CachedSession> all();
  // In one atomic write, in place of those of the same keys; one of the same user and device that
  // lasts longer stays, unless `replace` says that it must go.
  void store(std::span<const CachedSession> sessions, base::Time now, bool replace = false);
  // `which` sees them without secrets. Returns how many there were.
  int remove(const std::function<bool(const CachedSession&)>& which);

 private:
  os::Files& files_;
  std::string path_;  // empty where there is no state folder
};

}  // namespace app
