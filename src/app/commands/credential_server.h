#pragma once

#include "app/sessions/sessions.h"
#include "base/secret.h"
#include "os/clock.h"
#include "os/messages.h"
#include "os/process.h"

#include <functional>

namespace app {

// Serves one session at a ContainerEndpoint, beside the command that asks for it, and gets a new
// one in good time, so that no client ever waits for AWS: from fifteen minutes before the end, or
// from half of a shorter session's life. While that does not work the old one is handed out as long
// as it lives. Nobody is asked anything: a person is at work with the command.
class CredentialServer {
 public:
  // What gets a session that lives longer than `min_ttl`, or throws Error.
  using Renew = std::function<Session(base::Seconds min_ttl)>;

  CredentialServer(os::Clock& clock, os::Messages& messages, Renew renew)
      : clock_(clock), messages_(messages), renew_(std::move(renew)) {}

  // Until the command has ended; reports the port.
  void run(os::Sidecar& sidecar, Session first, base::Secret token);

 private:
  os::Clock& clock_;
  os::Messages& messages_;
  Renew renew_;
};

}  // namespace app
