#pragma once

#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/config/shared_files.h"
#include "app/sessions/sessions.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/messages.h"
#include "os/process.h"
#include "os/random.h"

#include <string>
#include <vector>

namespace app {

struct ExecRequest {
  SessionRequest session;
  std::vector<std::string> command;  // empty: the user's shell
  bool env_keys = false;             // the keys as variables too
  bool serve = false;                // the first session at a local endpoint
};

// Gets sessions and becomes the command, which finds them through an overlay of the shared files:
// in it every profile with a role is answered for by `credential-process`, which takes the role
// anew as often as a program wants while the base session lives. The command inherits everything
// else, so that nothing is left to be done when it ends.
class Exec {
 public:
  Exec(Sessions& sessions, os::Environment& environment, os::Files& files, os::Process& process,
       os::Clock& clock, os::Random& random, os::Messages& messages)
      : sessions_(sessions),
        environment_(environment),
        files_(files),
        process_(process),
        clock_(clock),
        random_(random),
        messages_(messages) {}

  // Does not return but by what it throws: Error as Sessions::obtain, for what the clients could
  // not read, and as Process::become.
  void run(const ExecRequest& request);

 private:
  std::vector<std::string> command_of(const ExecRequest& request);
  std::vector<TargetSession> obtain(const SessionRequest& request, const Settings& settings,
                                    const aws::SharedConfig& shared);
  void serve(os::Launch& launch, const SessionRequest& request, const Settings& settings,
             const aws::SharedConfig& shared, std::vector<TargetSession>& sessions);

  Sessions& sessions_;
  os::Environment& environment_;
  os::Files& files_;
  os::Process& process_;
  os::Clock& clock_;
  os::Random& random_;
  os::Messages& messages_;
};

}  // namespace app
