#include "cli/run.h"

#include "base/command_line.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/suggestions.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cli {
namespace {

const Command* find(std::string_view name) {
  const auto all = commands();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == all.end() ? nullptr : &*found;
}

int run_help(std::span<const std::string> words) {
  const Command* const command = words.empty() ? nullptr : find(words.front());
  if (!words.empty() && command == nullptr) throw unknown_command(words.front());
  print(command != nullptr ? help_of(*command) : general_help());
  return 0;
}

bool has_option(const base::CommandLine& line, std::span<const Option* const> known,
                const Option& wanted) {
  return std::any_of(line.options.begin(), line.options.end(),
                     [&](const auto& given) { return known[given.index] == &wanted; });
}

}  // namespace

int run_command(std::span<const std::string> arguments, const Doors& doors) {
  // Options may stand before the command: it is the first word that is not an option's value.
  const std::vector<const Option*> known = all_options();
  const base::CommandLine line = base::parse_command_line(arguments, option_names(known));
  if (line.first_operand) {
    const std::string& name = line.operands.front();
    if (const Command* const command = find(name)) {
      std::vector<std::string> rest(arguments.begin(), arguments.end());
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(*line.first_operand));
      return command->run(*command, rest, doors);
    }
    const bool stands_first = *line.first_operand == 0;
    if (stands_first && name == "help") return run_help(arguments.subspan(1));
    if (stands_first) throw unknown_command(name);
  } else if (has_option(line, known, option::help)) {
    return run_help({});
  } else if (line.problem) {
    throw wrong_option(*line.problem, line.culprit, known, "");
  }
  const Command& get = commands().front();
  return get.run(get, arguments, doors);
}

}  // namespace cli
