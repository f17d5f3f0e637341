#include "app/config/state_folder.h"

#include "app/config/xdg_folder.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

constexpr const char* name = "/aws-session-token";

}  // namespace

StateFolder find_state_folder(const os::Environment& environment, os::Files& files) {
  StateFolder result;
  const std::string runtime = environment.get("XDG_RUNTIME_DIR").value_or("");
  result.in_memory = runtime.starts_with('/') && files.is_private_memory(runtime);
  try {
    result.path =
        (result.in_memory ? runtime : xdg_folder(environment, "XDG_CACHE_HOME", "/.cache")) + name;
  } catch (const base::Error& error) {
    result.problem = error.what();
  }
  if (!result.path.empty()) {
    result.problem = files.private_folder_problem(result.path).value_or("");
  }
  if (result.problem.empty()) return result;
  result.path.clear();
  result.problem = fmt::format(
      "no session is kept for the next command: {}; another place can be named with XDG_CACHE_HOME",
      result.problem);
  return result;
}

std::string state_folder(const os::Environment& environment, os::Files& files) {
  return find_state_folder(environment, files).path;
}

}  // namespace app
