#include "os/environment.h"

#include "base/error.h"

#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

namespace os {

std::optional<std::string> SystemEnvironment::get(const std::string& name) const {
  return has(name) ? std::optional<std::string>(std::getenv(name.c_str())) : std::nullopt;
}

bool SystemEnvironment::has(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  return value != nullptr && *value != '\0';
}

base::Secret SystemEnvironment::secret(const std::string& name) const {
  return base::Secret(has(name) ? std::getenv(name.c_str()) : "");
}

std::string SystemEnvironment::home() const {
  if (const auto home = get("HOME")) return *home;
  if (const passwd* user = getpwuid(geteuid())) return user->pw_dir;
  throw base::Error(base::ErrorKind::failed, "there is no home folder",
                    {"set HOME, or name the files with AWS_CONFIG_FILE and "
                     "AWS_SHARED_CREDENTIALS_FILE"});
}

std::string SystemEnvironment::working_folder() const {
  std::error_code error;
  const auto folder = std::filesystem::current_path(error);
  if (!error) return folder;
  throw base::Error(base::ErrorKind::failed, "the working folder does not exist any more",
                    {"change to another folder"});
}

std::string SystemEnvironment::program() const {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) return program;
  throw base::Error(base::ErrorKind::failed, "/proc does not say where this program is",
                    {"mount /proc"});
}

}  // namespace os
