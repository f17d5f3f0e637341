#pragma once

#include "aws/files/shared_file.h"
#include "aws/model/credentials.h"
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
struct CachedSession {
  // What it was asked for, as a hash: everything that has a bearing on what AWS gives.
  std::string key;
  aws::Credentials credentials;
  std::string role_arn;  // empty: the MFA session itself
  std::string profile;   // of the shared config file; empty: the role was named otherwise
  std::string user_name;
  std::string serial_number;
  std::string source_access_key_id;
  std::string endpoint;  // of STS, for people
  bool chained = false;  // as of Session
};

// The sessions kept for the next commands: one file of our state folder, in the form of a shared
// credentials file, 0600, never read by another program. Those that expired are dropped when it is
// written.
class SessionCache {
 public:
  SessionCache(os::Files& files, const std::string& folder)
      : files_(files), path_(folder + "/sessions") {}

  // The file as it is now: of many keys it is read once.
  aws::SharedFile read();
  // The one of that key that lives longer than `min_ttl` at `now`; `user_name` and `serial_number`
  // must be its own unless they are empty. A record that cannot be read is none.
  static std::optional<CachedSession> find(const aws::SharedFile& file, const std::string& key,
                                           const std::string& user_name,
                                           const std::string& serial_number, base::Time now,
                                           base::Seconds min_ttl);
  std::optional<CachedSession> find(const std::string& key, const std::string& user_name,
                                    const std::string& serial_number, base::Time now,
                                    base::Seconds min_ttl) {
    return find(read(), key, user_name, serial_number, now, min_ttl);
  }
  // All, those that expired included, in the order in which they were stored; without secrets.
  std::vector<CachedSession> all();
  // In one atomic write, in place of those of the same keys.
  void store(std::span<const CachedSession> sessions, base::Time now);
  // `which` sees them without secrets. Returns how many there were.
  int remove(const std::function<bool(const CachedSession&)>& which);

  const std::string& path() const { return path_; }

 private:
  os::Files& files_;
  std::string path_;
};

}  // namespace app
