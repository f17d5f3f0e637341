#pragma once

#include "app/session_request.h"
#include "app/shared_files.h"
#include "aws/credentials.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/http.h"
#include "os/process.h"
#include "os/random.h"
#include "os/talk.h"
#include "os/terminal.h"

#include <string>

namespace app {

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

// What AWS gave.
struct Session {
  aws::Credentials credentials;
  std::string role_arn;  // empty: the MFA session itself
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
                const aws::SharedConfig& shared);
  void write(const Session& session, const SharedFilePaths& paths, const std::string& target,
             bool overwrite);

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
