#pragma once

#include "app/sessions/sessions.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/http.h"

#include <string>

namespace app {

struct ConsoleRequest {
  SessionRequest session;
  std::string signin_endpoint;  // empty: AWS's own
  std::string destination;      // a service or a page of the console; empty: its home
};

struct ConsoleSignIn {
  base::WipedString url;  // signs in whoever opens it
  std::string role_arn;
};

// From what is asked for to the URL that signs in to the web console. One role that is asked for
// takes the code itself where a code is asked for anyway: the console then lasts as long as the
// role's session, else an hour at most.
class Console {
 public:
  Console(Sessions& sessions, os::Environment& environment, os::Files& files, os::HttpClient& http,
          os::Messages& messages)
      : sessions_(sessions),
        environment_(environment),
        files_(files),
        http_(http),
        messages_(messages) {}

  // Throws Error as obtain_single, and Error{usage} where there is no role.
  ConsoleSignIn run(const ConsoleRequest& request);

 private:
  Sessions& sessions_;
  os::Environment& environment_;
  os::Files& files_;
  os::HttpClient& http_;
  os::Messages& messages_;
};

}  // namespace app
