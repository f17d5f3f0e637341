#pragma once

#include <optional>
#include <string>

namespace os {

class Environment {
 public:
  virtual ~Environment() = default;
  // A variable's value; one that is empty counts as not set, as the AWS clients have it.
  virtual std::optional<std::string> get(const std::string& name) const = 0;
  // The user's home folder: HOME, else what the user database says. Throws Error{failed}.
  virtual std::string home() const = 0;
  // What a relative path starts from. Throws Error{failed}.
  virtual std::string working_folder() const = 0;
  // The absolute path of this very program. Throws Error{failed}.
  virtual std::string program() const = 0;
};

class SystemEnvironment : public Environment {
 public:
  std::optional<std::string> get(const std::string& name) const override;
  std::string home() const override;
  std::string working_folder() const override;
  std::string program() const override;
};

}  // namespace os
