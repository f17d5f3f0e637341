#include "cli/command.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/output.h"
#include "version.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <vector>

namespace cli {
namespace {

constexpr std::array table = {
    Command{"get", "get [OPTION]... [PROFILE]...",
            "Gets sessions with an MFA code and writes them to the shared credentials file.",
            run_get},
    Command{"exec", "exec [OPTION]... [PROFILE]... [-- COMMAND...]",
            "Runs a command, or a shell, with sessions that renew themselves.", run_exec},
    Command{"env", "env [OPTION]... [PROFILE]",
            "Prints a session as assignments of environment variables.", run_env},
    Command{"credential-process", "credential-process [OPTION]... [PROFILE]",
            "Prints a session as the credential_process of a profile must.",
            run_credential_process},
    Command{"console", "console [OPTION]... [PROFILE]",
            "Signs in to the web console with a role session.", run_console},
    Command{"status", "status [OPTION]...",
            "Shows the sessions that there are and how long they live.", run_status},
    Command{"logout", "logout [OPTION]... [PROFILE]...",
            "Removes the sessions that this tool wrote and keeps.", run_logout},
    Command{"policy", "policy user|role [OPTION]...",
            "Prints the IAM policies that this tool needs, as JSON or for Terraform.", run_policy},
    Command{"doctor", "doctor [OPTION]... [PROFILE]",
            "Finds what will go wrong and says how to mend it.", run_doctor},
    Command{"configure", "configure [NAME [VALUE]]", "Shows and sets this tool's own settings.",
            run_configure},
};

void print_help() {
  std::string text =
      "Usage: aws-session-token [COMMAND] [OPTION]...\n"
      "MFA session credentials for Terraform and every other AWS client.\n\n"
      "Commands:\n";
  for (const Command& command : table) {
    text += fmt::format("  {:20}{}\n", command.name, command.summary);
  }
  text +=
      "\nWithout a command it is get. Each command has its own --help.\n"
      "Exit codes: 0 done, 1 failed, 2 usage, 3 AWS refused, 4 no one to ask, 130 interrupted.\n";
  print(text);
}

const Command& find(const std::string& name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Command& command) { return command.name == name; });
  if (found != table.end()) return *found;
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const Command& command : table) names.emplace_back(command.name);
  const auto near = base::nearest(name, names);
  throw base::Error(base::ErrorKind::usage,
                    fmt::format("there is no command {}", base::printable(name)),
                    {near ? fmt::format("did you mean {}?", *near)
                          : fmt::format("for the role of a profile: aws-session-token get {}",
                                        base::printable(name))});
}

}  // namespace

std::span<const Command> commands() { return table; }

int run_command(std::span<const std::string> arguments, const Doors& doors) {
  const bool help = !arguments.empty() && arguments[0] == "help";
  if (help && arguments.size() > 1) {
    const Command& command = find(arguments[1]);
    return command.run(command, std::array{std::string("--help")}, doors);
  }
  if (help || (!arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h"))) {
    print_help();
    return 0;
  }
  if (!arguments.empty() && arguments[0] == "--version") {
    print(fmt::format("aws-session-token {}\n", AWSST_VERSION));
    return 0;
  }
  const bool named = !arguments.empty() && !arguments[0].starts_with('-');
  if (!named) return run_unnamed(table[0], arguments, doors);
  const Command& command = find(arguments[0]);
  return command.run(command, arguments.subspan(1), doors);
}

}  // namespace cli
