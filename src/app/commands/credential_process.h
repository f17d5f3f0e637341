#pragma once

#include "app/sessions/sessions.h"
#include "os/environment.h"
#include "os/files.h"

namespace app {

// What `credential_process` of a profile runs: another program's helper, which waits for it.
class CredentialProcess {
 public:
  CredentialProcess(Sessions& sessions, os::Environment& environment, os::Files& files)
      : sessions_(sessions), environment_(environment), files_(files) {}

  // What it prints. Throws Error, with no more than one line to say where nobody can be asked.
  base::WipedString run(const SessionRequest& request);

 private:
  Sessions& sessions_;
  os::Environment& environment_;
  os::Files& files_;
};

// The end that a client is told of a session that lives so long from now: five minutes early, since
// Terraform takes what a process gave it to the very second, and a request that is signed then may
// come too late. Never in the past, which some clients refuse and others take for good: of a
// session that ends within ten minutes, half of its time is told.
base::Seconds told_lifetime(base::Seconds lifetime);

}  // namespace app
