#pragma once

#include <exception>
#include <string>
#include <vector>

namespace base {

// Why a command failed. The values are exit codes, which are part of the contract with users.
enum class ErrorKind : int {
  failed = 1,
  usage = 2,
  refused = 3,           // AWS refused the request
  unanswered = 4,        // a question must be answered and there is nobody to ask
  not_executable = 126,  // exec: the command exists but cannot be run
  not_found = 127        // exec: there is no such command
};

// The one type of error that is thrown. `what()` is a sentence in UTF-8 without a final stop; each
// hint says what to do next. Neither may ever hold a secret.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string what, std::vector<std::string> hints = {})
      : kind_(kind), what_(std::move(what)), hints_(std::move(hints)) {}

  ErrorKind kind() const noexcept { return kind_; }
  const char* what() const noexcept override { return what_.c_str(); }
  const std::vector<std::string>& hints() const noexcept { return hints_; }

 private:
  ErrorKind kind_;
  std::string what_;
  std::vector<std::string> hints_;
};

// Thrown by whatever waits when the user interrupts the program. It is not an Error, so that no
// handler of errors can swallow it; main ends the program with the exit code that shells report
// for SIGINT, and prints nothing.
struct Interrupted {
  static constexpr int exit_code = 130;
};

}  // namespace base
