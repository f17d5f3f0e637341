#pragma once

#include "base/error.h"

#include <optional>
#include <string>

namespace sandbox {

// What AWS answers instead of a result. Thrown by everything that handles a request and caught at
// the one boundary, Sandbox::handle.
class Refusal : public base::Error {
 public:
  Refusal(int status, std::string code, std::string message)
      : Error(base::ErrorKind::refused, message),
        status_(status),
        code_(std::move(code)),
        message_(std::move(message)) {}
  // Some of AWS's errors have no Message element.
  Refusal(int status, std::string code)
      : Error(base::ErrorKind::refused, code), status_(status), code_(std::move(code)) {}

  int status() const noexcept { return status_; }
  const std::string& code() const noexcept { return code_; }
  const std::optional<std::string>& message() const noexcept { return message_; }

 private:
  int status_;
  std::string code_;
  std::optional<std::string> message_;
};

}  // namespace sandbox
