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
                    ? "There was no profile to remove"
                    : fmt::format("Removed {}", base::join_words(report.profiles)));
  messages.note(
      fmt::format("Removed {} cached session{}", report.cached, report.cached == 1 ? "" : "s"));
  if (report.left > 0) {
    messages.note(fmt::format(
        "{} written by this tool; to remove all of them: aws-session-token logout --all",
        report.left == 1 ? "There is another profile"
                         : fmt::format("There are {} other profiles", report.left)));
  }
  if (!request.profiles.empty() && !request.all) {
    messages.note(
        "The MFA session may still be cached; to remove it, too: aws-session-token logout");
  }
  return 0;
}

}  // namespace cli
