#pragma once

#include "base/secret.h"

#include <optional>
#include <string>

namespace os {

// Variables, and where this process runs.
class Environment {
 public:
  virtual ~Environment() = default;
  // The value of a variable. An empty one counts as not set, as in the AWS clients. Not for
  // secrets, of which it would leave a copy in ordinary memory.
  virtual std::optional<std::string> get(const std::string& name) const = 0;
  // Whether the variable is set and not empty.
  virtual bool has(const std::string& name) const = 0;
  // The value of a variable that holds a secret; empty where it is not set.
  virtual base::Secret secret(const std::string& name) const = 0;
  // The user's home folder: HOME, else what the user database says. Throws Error{failed}.
  virtual std::string home() const = 0;
  // What relative paths start from. Throws Error{failed}.
  virtual std::string working_folder() const = 0;
  // The absolute path of this very program. Throws Error{failed}.
  virtual std::string program() const = 0;
};

class SystemEnvironment : public Environment {
 public:
  std::optional<std::string> get(const std::string& name) const override;
  bool has(const std::string& name) const override;
  base::Secret secret(const std::string& name) const override;
  std::string home() const override;
  std::string working_folder() const override;
  std::string program() const override;
};

}  // namespace os
