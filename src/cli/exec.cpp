#include "app/commands/exec.h"

#include "cli/command.h"
#include "cli/session_options.h"
#include "os/messages.h"

#include <algorithm>

namespace cli {

int run_exec(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  // The options of the command that is to run are its own.
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const std::span<const std::string> ours(arguments.begin(), end);

  SessionOptions session;
  app::ExecRequest request;
  Options options{std::string(command.synopsis), std::string(command.summary)};
  bind(options, session);
  options.flag("--env-keys", "the keys in the environment too; they are not renewed",
               request.env_keys);
  options.flag("--serve", "the first session at a local endpoint, renewed ahead of its end",
               request.serve);
  if (!options.parse(ours)) return 0;

  request.session = session_request(session);
  if (end != arguments.end()) request.command.assign(end + 1, arguments.end());
  os::StderrMessages messages(session.quiet, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.person, messages);
  app::Exec(sessions, doors.environment, doors.files, doors.process, doors.clock, doors.random,
            messages)
      .run(request);
  return 0;
}

}  // namespace cli
