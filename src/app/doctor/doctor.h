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

#include <nlohmann/json_fwd.hpp>
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

// Every look there is, one after the other; what one of them throws is its finding and does not
// stop the others. Without a code nothing but look-ups goes to AWS, with one AssumeRole does too,
// for each role of a chain, and the sessions are thrown away. Throws Error{interrupted} only.
std::vector<Finding> examine(const DoctorRequest& request, const DoctorDoors& doors);

// {"check", "status", "what", "what_to_do"} of each.
nlohmann::ordered_json as_json(const std::vector<Finding>& findings);

// A bundle for a bug report, as JSON: the findings, the names of the AWS variables that are set,
// and of the shared files the names of sections and keys; values only of keys that are no secret by
// their nature. Comments and lines that are no `key = value` are left out.
std::string bug_report(const std::vector<Finding>& findings, const std::string& version,
                       const DoctorDoors& doors);

}  // namespace app
