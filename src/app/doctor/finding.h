#pragma once

#include "app/config/session_request.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/file_probe.h"
#include "os/files.h"
#include "os/http.h"
#include "os/process.h"
#include "os/random.h"
#include "os/terminal.h"

#include <string>
#include <vector>

namespace app {

// What one look has found.
struct Finding {
  enum class Status {
    ok,
    likely,   // as far as AWS can be asked without trying
    unknown,  // it could not be looked at
    warning,
    failure  // something will not work
  };
  Status status = Status::ok;
  std::string check;                    // which look: "files", "clock", "role"
  std::string what;                     // a sentence without a final stop, never a secret
  std::vector<std::string> what_to_do;  // hints
};
std::string name_of(Finding::Status status);  // "ok"

// Empty means not given.
struct DoctorRequest {
  std::string profile;  // whose role, and what the other clients take for it
  std::string role;
  // How it is to be assumed: the key, the device, a code, and all that goes into AssumeRole but for
  // session policies.
  SessionRequest session;
};

struct DoctorDoors {
  os::Environment& environment;
  os::Files& files;
  os::FileProbe& probe;
  os::HttpClient& http;
  os::Terminal& terminal;  // for a code that is read from standard input
  os::Process& process;
  os::Clock& clock;
  os::Random& random;
};

}  // namespace app
