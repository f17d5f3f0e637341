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
  int status = 0;  // exit code; 128 + the number of the signal that ended it
  base::WipedString output;
};

// A command that is to replace this process.
struct Launch {
  std::vector<std::string> command;  // never empty: the program, then its arguments
  // Changes to our own environment; a variable without a value is removed.
  std::map<std::string, std::optional<base::WipedString>> variables;
  // Read-only files in memory, which live as long as the command itself. The variable named first
  // gets the path.
  std::vector<std::pair<std::string, base::WipedString>> memory_files;
};

// What a process that runs beside a command knows of the command.
class Sidecar {
 public:
  virtual ~Sidecar() = default;
  // To be called once. start_sidecar() waits for the report and returns it.
  virtual void ready(const std::string& report) = 0;
  // False once the command has ended or a signal has come.
  virtual bool wait(std::chrono::milliseconds timeout) = 0;
};

class Process {
 public:
  virtual ~Process() = default;
  // Runs a command line of the user's with `sh -c`, as aws-vault does, and returns what it prints
  // on standard output. It gets no standard input, none of our secrets, and shares standard error.
  // What it leaves running is ended. Throws Error{failed} when it cannot be started, prints more
  // than 64 KiB or takes too long; Interrupted. `variable` is set for it, where it has a name.
  virtual ProcessResult run_shell(const std::string& command,
                                  const std::pair<std::string, std::string>& variable = {}) = 0;

  // Throws the Error{not_found} or Error{not_executable} that exec() would throw.
  virtual void require_program(const std::string& name) = 0;
  // Replaces this program by the command, with the process id, terminal, signals and limits that
  // our parent gave us, and no open file of ours but `memory_files`. Does not return. Throws
  // Error{not_found}, Error{not_executable}, Interrupted.
  virtual void exec(const Launch& launch) = 0;
  // Runs `work` in a separate process for as long as this process lives, whatever program it
  // becomes. The new process has no terminal, standard input or standard output, is not a child of
  // ours, and ends when `work` throws. To be called while we have a single thread. Throws
  // Error{failed} when the process ends before it is ready.
  virtual std::string start_sidecar(const std::function<void(Sidecar&)>& work) = 0;
};

class SystemProcess : public Process {
 public:
  // A descriptor that is open already, and is not closed on exec, is the user's: exec() passes it
  // on. `shell_timeout` is long enough for a person to touch a security key.
  explicit SystemProcess(const Interrupt& interrupt,
                         std::chrono::milliseconds shell_timeout = std::chrono::minutes{5});
  ProcessResult run_shell(const std::string& command,
                          const std::pair<std::string, std::string>& variable = {}) override;
  void require_program(const std::string& name) override;
  void exec(const Launch& launch) override;
  std::string start_sidecar(const std::function<void(Sidecar&)>& work) override;

 private:
  const Interrupt& interrupt_;
  const std::chrono::milliseconds shell_timeout_;
  std::vector<int> inherited_;
};

}  // namespace os
