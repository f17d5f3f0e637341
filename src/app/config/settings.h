#pragma once

#include "base/error.h"
#include "base/time.h"
#include "os/environment.h"
#include "os/files.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace app {

// The user's own settings: section [settings] of $XDG_CONFIG_HOME/aws-session-token/config. They
// are defaults: an option beats them, and a question shows them. An empty text is not set.
struct Settings {
  std::string username;
  std::string role = "AdminRole";
  std::string role_place;  // file and line, as a message begins; empty: built in
  std::string source_profile;
  std::string profile = "session_token";
  std::string serial_number;
  std::string duration;  // as --duration takes it
  std::optional<base::Seconds> session_duration;
  std::string region;
  std::string mfa_process;  // a line for the shell
  std::optional<base::Seconds> min_ttl;
};

std::string settings_path(const os::Environment& environment);

// Throws Error{failed}, naming file and line, for a section or key that is not known or a value
// that can never work: a setting that is silently ignored is worse. What `role` means only the
// shared files tell: see choose_role().
Settings read_settings(const os::Environment& environment, os::Files& files);

// The profile that `get` writes unless it is told otherwise; of the rest of the file nothing is
// read.
std::string default_profile(const os::Environment& environment, os::Files& files);

// The settings as they stand in the file, by name and value in the order of its table; those that
// are not set have an empty value.
std::vector<std::pair<std::string, std::string>> settings_set(const os::Environment& environment,
                                                              os::Files& files);
// Throws Error{usage} where there is no such setting.
void require_setting(const std::string& name);
// The built-in ones but for this one; an empty value sets nothing. Throws Error{usage} for a name
// that is not known or a value that can never work.
Settings with_setting(const std::string& name, const std::string& value);
// The error of a value that can never work, for the reason that `why` gives: Error{failed} at its
// place in the file, Error{usage} where that is empty. What looks like a secret is not repeated.
base::Error impossible_setting(std::string_view name, std::string_view value,
                               const std::string& place, const base::Error& why);
}  // namespace app
