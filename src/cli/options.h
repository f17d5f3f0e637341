#pragma once

#include "cli/command.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// What one command was given: each option and operand of its row in the command table is bound to a
// variable, then the arguments are parsed. Only the command that runs binds anything.
class Options {
 public:
  explicit Options(const Command& command);

  // `name` without dashes. A text takes the last value that was given, a list all of them.
  // A name that the command does not list is a mistake in the program: std::logic_error.
  void bind(std::string_view name, bool& flag);
  void bind(std::string_view name, std::string& text);
  void bind(std::string_view name, std::optional<std::string>& text);
  void bind(std::string_view name, std::vector<std::string>& list);
  void bind(std::string_view name, std::function<void(const std::string&)> set);
  void bind_operands(std::vector<std::string>& operands);
  // Where what follows `--` belongs; unless this is bound, it is operands, too.
  void bind_after_dashes(std::vector<std::string>& words);

  // False when the command is not to run: --help or --version was given, and answered on standard
  // output. Throws Error{usage} for what the command does not take, with what was most likely
  // meant; std::logic_error when an option of the command is not bound.
  bool parse(std::span<const std::string> arguments);

 private:
  using Set = std::function<void(const std::string&)>;

  Set& slot(std::string_view name);

  const Command& command_;
  std::vector<const Option*> options_;  // of the command, then --help and --version
  std::vector<Set> sets_;               // of each
  std::vector<std::string>* operands_ = nullptr;
  std::vector<std::string>* after_dashes_ = nullptr;
};

}  // namespace cli
