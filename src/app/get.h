#pragma once

#include "app/settings.h"
#include "app/shared_files.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/http.h"
#include "os/process.h"
#include "os/random.h"
#include "os/talk.h"
#include "os/terminal.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// How a session is asked for; empty means not given.
struct SessionRequest {
  std::optional<std::string> username;
  std::string role;     // -r
  std::string profile;  // the PROFILE argument
  bool no_role = false;
  std::optional<std::string> code;
  std::string mfa_process;
  std::string source_profile;
  std::string serial_number;
  std::string duration;  // "45m", "12h", seconds or "max"
  std::string session_name;
  std::string external_id;
  std::string policy_file;
  std::vector<std::string> policy_arns;
  std::string region;
  std::string endpoint_url;
  bool no_input = false;
};

struct GetRequest {
  SessionRequest session;
  std::string target_profile;  // -p; empty: the setting
  bool overwrite = false;
};

// What was written, for the report.
struct GetResult {
  std::string profile;
  std::string credentials_file;
  std::string role_arn;  // empty: the MFA session itself
  base::Time expiration;
  base::Seconds lifetime;
};

// The main job: one straight function from the questions to the profile in the shared credentials
// file. Whatever goes wrong is thrown as Error, and the file is then as it was.
class Get {
 public:
  Get(os::Environment& environment, os::Files& files, os::HttpClient& http, os::Terminal& terminal,
      os::Process& process, os::Clock& clock, os::Random& random, os::Talk& talk)
      : environment_(environment),
        files_(files),
        http_(http),
        terminal_(terminal),
        process_(process),
        clock_(clock),
        random_(random),
        talk_(talk) {}

  GetResult run(const GetRequest& request);

 private:
  GetResult run(const GetRequest& request, const SharedFilePaths& paths,
                const aws::SharedConfig& shared, const Settings& settings,
                const std::string& target);

  os::Environment& environment_;
  os::Files& files_;
  os::HttpClient& http_;
  os::Terminal& terminal_;
  os::Process& process_;
  os::Clock& clock_;
  os::Random& random_;
  os::Talk& talk_;
};

}  // namespace app
