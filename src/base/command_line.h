#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// What the parser needs to know of an option.
struct OptionName {
  std::string_view name;  // without the dashes
  char letter = 0;        // 0: the option has no short form
  bool takes_value = false;
};

// A command line taken apart by GNU's conventions (getopt_long(3)): `--name=value`, `--name value`,
// `-nvalue`, bundled letters; options may follow operands, and `--` ends them. A long option is
// known by its whole name only: an abbreviation would break when a longer name arrives.
struct CommandLine {
  struct Option {
    std::size_t index;  // of the option in the names
    std::string value;
  };
  enum class Problem { unknown, missing_value, unexpected_value };

  std::vector<Option> options;  // in the order in which they were given
  std::vector<std::string> operands;
  std::vector<std::string> after_dashes;     // what follows `--`
  std::optional<std::size_t> first_operand;  // where it stands among the arguments
  // The first thing that is wrong; what follows it was not read.
  std::optional<Problem> problem;
  std::string culprit;  // the option as it was typed, without a value: that may be a secret
};

// Not for two threads at once: getopt_long(3) keeps its place in global variables.
CommandLine parse_command_line(std::span<const std::string> arguments,
                               std::span<const OptionName> names);

}  // namespace base
