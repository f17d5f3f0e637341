#include "cli/help.h"

#include "cli/output.h"
#include "version.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <vector>

namespace cli {
namespace {

constexpr const char* program = "aws-session-token";
// Where the texts begin.
constexpr int column = 32;

std::string row(std::string_view left, std::string_view right) {
  return fmt::format("  {:{}}{}\n", left, column - 2, right);
}

std::string shown(const Option& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
  text += fmt::format("--{}", option.name);
  if (!option.placeholder.empty()) text += fmt::format(" {}", option.placeholder);
  return text;
}

std::string examples_of(std::span<const Example> examples) {
  std::string text = "\nExamples:\n";
  for (const Example& example : examples) {
    text += fmt::format("  # {}\n  {}{}{}\n", example.purpose, program,
                        example.command.empty() ? "" : " ", example.command);
  }
  return text;
}

std::string options_of(const Command& command) {
  std::vector<const Option*> all(command.options.begin(), command.options.end());
  all.push_back(&option::help);
  all.push_back(&option::version);
  std::stable_sort(all.begin(), all.end(),
                   [](const Option* a, const Option* b) { return a->group < b->group; });
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == 0 || all[i]->group != all[i - 1]->group) {
      text += fmt::format("\n{}:\n", title_of(all[i]->group));
    }
    text += row(shown(*all[i]), all[i]->help);
  }
  return text;
}

}  // namespace

std::string_view title_of(Group group) {
  switch (group) {
    case Group::role:
      return "Role";
    case Group::code:
      return "MFA code";
    case Group::key:
      return "User and access key";
    case Group::session:
      return "Session";
    case Group::policy:
      return "Scope of the policy";
    case Group::output:
      return "Output";
    case Group::connection:
      return "Connection";
    case Group::general:
      return "General";
  }
  return "";
}

std::string help_of(const Command& command) {
  std::string text = fmt::format("Usage: {} {} {}\n\n{}\n", program, command.name, command.synopsis,
                                 command.summary);
  if (!command.operands.empty()) text += "\nArguments:\n";
  for (const Operand& operand : command.operands) text += row(operand.placeholder, operand.help);
  return text + options_of(command) + examples_of(command.examples);
}

std::string general_help() {
  std::string text = fmt::format(
      "Usage: {} [COMMAND] [OPTION]...\n\n"
      "MFA session credentials for Terraform and every other AWS client.\n\n"
      "Commands:\n",
      program);
  for (const Command& command : commands()) {
    text += fmt::format("  {:20}{}\n", command.name, command.summary);
  }
  return text + fmt::format(
                    "\nWithout a command, get runs. The options of a command are shown by\n"
                    "'{} COMMAND --help'.\n"
                    "\nExit status: 0 done, 1 failed, 2 usage, 3 AWS refused,\n"
                    "4 input was needed and nobody could be asked, 130 interrupted.\n",
                    program);
}

void print_help(const Command& command) { print(help_of(command)); }

void print_version() { print(fmt::format("{} {}\n", program, AWSST_VERSION)); }

}  // namespace cli
