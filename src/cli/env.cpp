#include "app/commands/single_session.h"
#include "aws/output/session_variables.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"

#include <fmt/core.h>

namespace cli {
namespace {

aws::Syntax syntax_of(const std::string& format) {
  if (const auto syntax = aws::parse_syntax(format)) return *syntax;
  const std::vector<std::string> names = aws::syntax_names();
  const auto near = base::nearest(format, names);
  throw base::Error(base::ErrorKind::usage,
                    fmt::format("unknown format: {}", base::printable(format)),
                    {near ? fmt::format("did you mean {}?", *near)
                          : fmt::format("the formats are {}", base::join_words(names))});
}

}  // namespace

int run_env(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  SessionOptions session;
  std::string format = "sh";
  Options options(command);
  bind(options, session);
  options.bind("format", format);
  if (!options.parse(arguments)) return 0;

  const aws::Syntax syntax = syntax_of(format);
  Notes messages(session.quiet, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.person, messages);
  const app::SingleSession single =
      app::obtain_single(sessions, doors.environment, doors.files, session_request(session),
                         app::SessionUse{.tells_end = true});
  print_secret(
      aws::assignments(aws::session_variables(single.session()->credentials, single.region),
                       aws::conflicting_variables(), syntax));
  return 0;
}

}  // namespace cli
