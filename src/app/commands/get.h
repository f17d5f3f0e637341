#pragma once

#include "app/config/session_request.h"
#include "app/config/shared_files.h"
#include "app/sessions/sessions.h"
#include "base/time.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/messages.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

struct GetRequest {
  SessionRequest session;
  std::string
      target_profile;  // -p, a pattern where several roles are asked for; empty: the setting
  bool overwrite = false;
  bool link = false;  // write a credential_process into the shared config file instead of keys
  bool aws_cli_cache = false;  // and into the AWS CLI's cache
};

// One of the roles that were asked for, for the report.
struct GetResult {
  std::string profile;               // that was written
  std::string role_arn;              // empty: the MFA session itself, or a role that was not found
  std::optional<base::Error> error;  // nothing was written then
  base::Time expiration;
  base::Seconds lifetime{0};
  bool cached = false;  // AWS was not asked
};

struct GetReport {
  std::string credentials_file;
  std::string config_file;         // empty: nothing was linked
  std::vector<GetResult> results;  // never empty
};

// The main job: from the questions to profiles in the shared credentials file. Whatever goes wrong
// with all of it is thrown as Error, and the file is then as it was; of several roles those that
// were had are written, all at once.
class Get {
 public:
  Get(Sessions& sessions, os::Environment& environment, os::Files& files, os::Messages& messages)
      : sessions_(sessions), environment_(environment), files_(files), messages_(messages) {}

  GetReport run(const GetRequest& request);

 private:
  GetReport run(const GetRequest& given, const SharedFilePaths& paths,
                const aws::SharedConfig& shared);
  void write(std::span<const TargetSession> sessions, const std::vector<std::string>& profiles,
             const SharedFilePaths& paths, bool overwrite);
  void write_links(std::span<const TargetSession> sessions,
                   const std::vector<std::string>& profiles,
                   const std::vector<std::string>& processes, const SharedFilePaths& paths,
                   bool overwrite);
  void remove_keys(const aws::SharedFile& config, const std::vector<std::string>& profiles,
                   const SharedFilePaths& paths, bool overwrite);
  void check_writable(const std::string& path);
  void tell_of_update(const os::UpdateReport& report, const std::string& file);

  Sessions& sessions_;
  os::Environment& environment_;
  os::Files& files_;
  os::Messages& messages_;
};

}  // namespace app
