#include "app/commands/exec.h"

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"

namespace cli {

int run_exec(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  SessionOptions session;
  app::ExecRequest request;
  Options options(command);
  bind(options, session);
  options.bind("env-keys", request.env_keys);
  options.bind("serve", request.serve);
  options.bind_after_dashes(request.command);
  if (!options.parse(arguments)) return 0;

  request.session = session_request(session);
  Notes messages(session.quiet, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.person, messages);
  app::Exec(sessions, doors.environment, doors.files, doors.process, doors.clock, doors.random,
            messages)
      .run(request);
  return 0;
}

}  // namespace cli
