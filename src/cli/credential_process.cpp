#include "app/commands/credential_process.h"

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"

namespace cli {

// Says nothing but errors unless it is asked to: Terraform lets its helpers write to the terminal,
// and calls one for every alias of a provider.
int run_credential_process(const Command& command, std::span<const std::string> arguments,
                           const Doors& doors) {
  SessionOptions session;
  Options options(command);
  bind(options, session);
  if (!options.parse(arguments)) return 0;

  Notes messages(!session.verbose, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.person, messages);
  app::CredentialProcess process(sessions, doors.environment, doors.files);
  print_secret(process.run(session_request(session)));
  return 0;
}

}  // namespace cli
