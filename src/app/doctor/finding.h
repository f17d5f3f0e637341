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

// What one check has found.
struct Finding {
  enum class Status {
    ok,
    likely,   // as far as AWS tells without trying it
    unknown,  // it could not be checked
    warning,
    failure  // something will not work
  };
  Status status = Status::ok;
  std::string check;                    // which check: "files", "clock", "role"
  std::string what;                     // a sentence without a full stop; never a secret
  std::vector<std::string> what_to_do;  // hints
};
std::string name_of(Finding::Status status);  // "ok"

// Empty means not given.
struct DoctorRequest {
  std::string profile;  // its role is checked, and what other clients use for it
  std::string role;
  // How it is to be assumed: the key, the device, a code, and the parameters of AssumeRole except
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
