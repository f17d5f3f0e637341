#include "base/command_line.h"

#include <algorithm>
#include <getopt.h>

namespace base {
namespace {

using Problem = CommandLine::Problem;

// An option is reported by its place among the names, beyond every character.
constexpr int first_option = 256;

// What getopt_long(3) is told.
struct Tables {
  std::vector<option> long_options;
  std::vector<std::string> names;  // ended by a zero, as C wants them
  // `-` keeps the order of the arguments, whatever POSIXLY_CORRECT says; `:` tells a missing value
  // from an unknown option.
  std::string letters = "-:";

  explicit Tables(std::span<const OptionName> options) {
    names.reserve(options.size());  // long_options points into it
    for (const OptionName& known : options) {
      names.emplace_back(known.name);
      const int value = first_option + static_cast<int>(long_options.size());
      long_options.push_back({names.back().c_str(),
                              known.takes_value ? required_argument : no_argument, nullptr, value});
      if (known.letter == 0) continue;
      letters += known.letter;
      if (known.takes_value) letters += ':';
    }
    long_options.push_back({});
  }
};

// "--name" of "--name=value"; nothing of an argument that is not a long option.
std::string_view long_name(std::string_view argument) {
  return argument.starts_with("--") ? argument.substr(0, argument.find('=')) : std::string_view();
}

std::string short_name(int letter) {
  const bool printable = letter > ' ' && letter < 0x7f;
  return {'-', printable ? static_cast<char>(letter) : '?'};
}

// The option that getopt found: by its letter, or by its place among the names.
std::size_t index_of(int found, std::span<const OptionName> names) {
  if (found >= first_option) return static_cast<std::size_t>(found - first_option);
  const auto known = std::find_if(names.begin(), names.end(),
                                  [&](const auto& name) { return name.letter == found; });
  return static_cast<std::size_t>(known - names.begin());
}

// What is wrong with the option that getopt stands at.
std::optional<Problem> problem_with(int found, std::string_view name,
                                    std::span<const OptionName> names) {
  // getopt takes abbreviations, too.
  if (!name.empty() && std::none_of(names.begin(), names.end(), [&](const OptionName& known) {
        return known.name == name.substr(2);
      })) {
    return Problem::unknown;
  }
  if (found == ':') return Problem::missing_value;
  if (found == '?') return name.empty() ? Problem::unknown : Problem::unexpected_value;
  return std::nullopt;
}

}  // namespace

CommandLine parse_command_line(std::span<const std::string> arguments,
                               std::span<const OptionName> names) {
  const Tables tables(names);
  std::vector<std::string> copies(arguments.begin(), arguments.end());
  std::vector<char*> argv = {nullptr};  // the program's name, which getopt skips
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);

  CommandLine line;
  opterr = 0;
  optind = 0;  // GNU's way to begin anew
  for (;;) {
    const std::size_t place = static_cast<std::size_t>(std::max(optind, 1)) - 1;
    const int found = getopt_long(static_cast<int>(argv.size()) - 1, argv.data(),
                                  tables.letters.c_str(), tables.long_options.data(), nullptr);
    if (found == -1) break;
    if (found == 1) {
      if (!line.first_operand) line.first_operand = place;
      line.operands.emplace_back(optarg);
      continue;
    }
    const std::string_view name = long_name(arguments[place]);
    line.problem = problem_with(found, name, names);
    if (line.problem) {
      line.culprit = name.empty() ? short_name(optopt) : std::string(name);
      return line;
    }
    line.options.push_back({index_of(found, names), optarg ? optarg : ""});
  }
  line.after_dashes.assign(arguments.begin() + (optind - 1), arguments.end());
  return line;
}

}  // namespace base
