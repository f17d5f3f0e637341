#pragma once

#include "base/secret.h"
#include "os/interrupt.h"

#include <string>

namespace os {

struct ProcessResult {
  int status = 0;  // exit code; 128 + the signal's number when one ended it
  base::WipedString output;
};

class Process {
 public:
  virtual ~Process() = default;
  // Runs the user's own line with `sh -c`, as aws-vault does, and returns what it prints on
  // standard output, 64 KiB at most. It gets no standard input and shares standard error. Throws
  // Error{failed} when it cannot be started, Error{interrupted}.
  virtual ProcessResult run_shell(const std::string& command) = 0;
};

class SystemProcess : public Process {
 public:
  explicit SystemProcess(const Interrupt& interrupt) : interrupt_(interrupt) {}
  ProcessResult run_shell(const std::string& command) override;

 private:
  const Interrupt& interrupt_;
};

}  // namespace os
