#pragma once

#include "app/config/settings.h"
#include "app/config/shared_files.h"
#include "os/environment.h"
#include "os/file_probe.h"
#include "os/files.h"

#include <string>
#include <vector>

namespace app {

struct LogoutRequest {
  std::vector<std::string> profiles;  // empty: the profile of the settings, and the whole cache
  bool all = false;                   // every profile that we wrote, and the whole cache
};

struct LogoutReport {
  std::vector<std::string>
      profiles;    // that were removed from the shared files, or the AWS CLI's cache
  int cached = 0;  // sessions that were removed from the cache
  int left = 0;    // profiles of ours that were not meant
};

// Takes away what this tool wrote and keeps, and nothing else: of a section of the shared files the
// keys that are ours, of the cache and of the AWS CLI's the sessions of the profiles named, or all.
// Throws Error{failed} for a profile that is named and is not ours.
class Logout {
 public:
  Logout(const os::Environment& environment, os::Files& files, os::FileProbe& probe)
      : environment_(environment), files_(files), probe_(probe) {}

  LogoutReport run(const LogoutRequest& request);

 private:
  std::vector<std::string> wanted_in_cli_cache(bool all, const std::vector<std::string>& names,
                                               const std::vector<std::string>& access_key_ids,
                                               const aws::SharedConfig& shared,
                                               std::vector<std::string>& found);

  const os::Environment& environment_;
  os::Files& files_;
  os::FileProbe& probe_;
};

}  // namespace app
