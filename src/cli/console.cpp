#include "app/commands/console.h"

#include "app/config/state_folder.h"
#include "aws/api/federation.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"

#include <fmt/core.h>

namespace cli {

int run_console(const Command& command, std::span<const std::string> arguments,
                const Doors& doors) {
  SessionOptions session;
  app::ConsoleRequest request;
  bool prints = false;
  Options options(command);
  bind(options, session);
  options.bind("destination", request.destination);
  options.bind("signin-endpoint", request.signin_endpoint);
  options.bind("print", prints);
  if (!options.parse(arguments)) return 0;

  request.session = session_request(session);
  const app::StateFolder folder = app::find_state_folder(doors.environment, doors.files);
  if (!prints && folder.path.empty()) {
    throw base::Error(base::ErrorKind::failed, "there is no folder of your own for the page",
                      {folder.problem, "print the URL instead, with --print"});
  }
  Notes messages(session.quiet, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.person, messages);
  const app::ConsoleSignIn sign_in =
      app::Console(sessions, doors.environment, doors.files, doors.http, messages).run(request);
  if (prints) {
    messages.note(
        fmt::format("anyone who opens this URL within 15 minutes is signed in as {}: keep it "
                    "to yourself",
                    sign_in.role_arn));
    print_secret(sign_in.url + "\n");
    return 0;
  }
  messages.note(fmt::format("opening the console as {}", sign_in.role_arn));
  doors.browser.show(aws::redirecting_page(sign_in.url), folder.path);
  return 0;
}

}  // namespace cli
