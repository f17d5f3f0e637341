#include "app/config/state_folder.h"

namespace app {

std::string state_folder(const os::Environment& environment, os::Files& files) {
  if (is_state_in_memory(environment, files)) {
    return *environment.get("XDG_RUNTIME_DIR") + "/aws-session-token";
  }
  const std::string cache =
      environment.get("XDG_CACHE_HOME").value_or(environment.home() + "/.cache");
  return cache + "/aws-session-token";
}

bool is_state_in_memory(const os::Environment& environment, os::Files& files) {
  const auto runtime = environment.get("XDG_RUNTIME_DIR");
  return runtime && files.is_private_memory(*runtime);
}

}  // namespace app
