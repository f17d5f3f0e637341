#include "app/commands/aws_cli_cache.h"
#include "app/config/state_folder.h"
#include "app/doctor/check_context.h"
#include "base/error.h"

#include <filesystem>
#include <fmt/core.h>
#include <set>

// What would keep us from writing, and what killed runs have left where we write.
namespace app {
namespace {

void check_writable(CheckContext& context, const std::string& path, Finding::Status status) {
  try {
    if (context.doors.files.check_writable(path) == os::Writability::free) return;
    context.warn(fmt::format("{} is open for writing in another program", context.display(path)),
                 {"it must be closed before a session can be written"});
  } catch (const base::Error& error) {
    context.say(status, error.what(), error.hints());
  }
}

// The temporary files of updates that were killed (os/replacement), of whichever file: also of one
// that was never finished.
void find_strays(CheckContext& context, const std::string& folder, std::set<std::string>& strays) {
  for (const std::string& name : context.doors.probe.names_in(folder)) {
    if (name.find(".aws-session-token.") == std::string::npos || !name.ends_with("tmp")) continue;
    strays.insert((std::filesystem::path(folder) / name).string());
  }
}

}  // namespace

void check_writes(CheckContext& context) {
  const os::Environment& environment = context.doors.environment;
  std::vector<std::string> files = {context.paths.credentials, context.paths.config,
                                    settings_path(environment)};
  check_writable(context, context.paths.credentials, Finding::Status::failure);
  check_writable(context, context.paths.config, Finding::Status::warning);
  check_writable(context, files.back(), Finding::Status::warning);
  const std::string state = state_folder(environment, context.doors.files);
  if (!state.empty()) {
    for (const char* name : {"/sessions", "/spent-codes"}) {
      files.push_back(state + name);
      check_writable(context, files.back(), Finding::Status::warning);
    }
  }
  files.push_back(cli_cache_folder(environment) + "/any");

  std::set<std::string> strays;
  for (const std::string& path : files) {
    // Beside the file that a link leads to, as well as beside the link.
    if (const auto status = context.doors.probe.status(path)) {
      strays.insert(status->strays.begin(), status->strays.end());
    }
    find_strays(context, std::filesystem::path(path).parent_path().string(), strays);
  }
  for (const std::string& stray : strays) {
    context.warn(
        fmt::format("{} was left behind by an update that was killed", context.display(stray)),
        {"it may contain keys; remove it, unless an aws-session-token is running"});
  }
}

}  // namespace app
