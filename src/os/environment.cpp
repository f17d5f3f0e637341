#include "os/environment.h"

#include "base/error.h"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace os {

std::optional<std::string> SystemEnvironment::get(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string SystemEnvironment::home() const {
  if (const auto home = get("HOME")) return *home;
  if (const passwd* user = getpwuid(geteuid())) return user->pw_dir;
  throw base::Error(base::ErrorKind::failed, "there is no home folder",
                    {"set HOME, or name the files with AWS_CONFIG_FILE and "
                     "AWS_SHARED_CREDENTIALS_FILE"});
}

}  // namespace os
