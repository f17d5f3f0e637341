#pragma once

#include "base/secret.h"
#include "os/interrupt.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace os {

struct ProcessResult {
  int status = 0;  // exit code; 128 + the signal's number when one ended it
  base::WipedString output;
};

// A command that is to take this process's place.
struct Launch {
  std::vector<std::string> command;  // never empty: the program, then its arguments
  // Changes to our own environment; nothing unsets.
  std::map<std::string, std::optional<base::WipedString>> variables;
  // Files in memory, read-only, which live as long as the command itself; by the variable that
  // gets the path.
  std::vector<std::pair<std::string, base::WipedString>> memory_files;
};

// What a process beside a command knows of it.
class Sidecar {
 public:
  virtual ~Sidecar() = default;
  // To be called once: what start_sidecar() waits for and returns.
  virtual void ready(const std::string& report) = 0;
  // False once the command has ended, or a signal came.
  virtual bool wait(std::chrono::milliseconds timeout) = 0;
};

class Process {
 public:
  virtual ~Process() = default;
  // Runs the user's own line with `sh -c`, as aws-vault does, and returns what it prints on
  // standard output, 64 KiB at most. It gets no standard input and shares standard error. Throws
  // Error{failed} when it cannot be started, Interrupted.
  virtual ProcessResult run_shell(const std::string& command) = 0;

  // Throws Error{not_found} or Error{not_executable} when exec() would.
  virtual void require_program(const std::string& name) = 0;
  // Replaces this program by the command: same process id, terminal, signals and limits as our
  // parent gave us, and no open file of ours but `memory_files`. Does not return. Throws
  // Error{not_found}, Error{not_executable}, Interrupted.
  virtual void exec(const Launch& launch) = 0;
  // Runs `work` in a process of its own beside this one, for as long as this process lives,
  // whatever program it becomes. It has no terminal, standard input or standard output, is nobody's
  // child, and what it throws ends it. Call it while no thread of ours works. Throws Error{failed}
  // when it ends before it is ready.
  virtual std::string start_sidecar(const std::function<void(Sidecar&)>& work) = 0;
};

class SystemProcess : public Process {
 public:
  // What is open already, and not closed on exec, is the user's and reaches the command.
  explicit SystemProcess(const Interrupt& interrupt);
  ProcessResult run_shell(const std::string& command) override;
  void require_program(const std::string& name) override;
  void exec(const Launch& launch) override;
  std::string start_sidecar(const std::function<void(Sidecar&)>& work) override;

 private:
  const Interrupt& interrupt_;
  std::vector<int> inherited_;
};

}  // namespace os
