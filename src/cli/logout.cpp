#include "app/commands/logout.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "os/file_probe.h"

#include <fmt/core.h>

namespace cli {

int run_logout(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  app::LogoutRequest request;
  bool quiet = false;
  Options options(command);
  options.bind_operands(request.profiles);
  options.bind("all", request.all);
  options.bind("quiet", quiet);
  if (!options.parse(arguments)) return 0;

  os::SystemFileProbe probe;
  const app::LogoutReport report = app::Logout(doors.environment, doors.files, probe).run(request);
  Notes messages(quiet, false);
  messages.note(report.profiles.empty()
                    ? "No profile of ours was there"
                    : fmt::format("Removed {}", base::join_words(report.profiles)));
  messages.note(
      fmt::format("Forgot {} cached session{}", report.cached, report.cached == 1 ? "" : "s"));
  if (report.left > 0) {
    messages.note(fmt::format(
        "{} of ours {}; away with all: aws-session-token logout --all",
        report.left == 1 ? "Another profile" : fmt::format("{} other profiles", report.left),
        report.left == 1 ? "stays" : "stay"));
  }
  if (!request.profiles.empty() && !request.all) {
    messages.note(
        "A base session may live on; aws-session-token logout without a name forgets it too");
  }
  return 0;
}

}  // namespace cli
