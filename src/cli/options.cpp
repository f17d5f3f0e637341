#include "cli/options.h"

#include "base/command_line.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/suggestions.h"

#include <algorithm>
#include <fmt/core.h>
#include <stdexcept>

namespace cli {
namespace {

[[noreturn]] void mistake(std::string_view name, const Command& command) {
  throw std::logic_error(fmt::format("option {} of {}", name, command.name));
}

// An option that says nothing must not pass for one that was not given: a session that was to be
// narrowed by it would be wide open, as with `--policy-arn "$ARN"` where ARN is not set.
const std::string& require_value(std::string_view name, const std::string& value) {
  if (!value.empty()) return value;
  throw base::Error(base::ErrorKind::usage, fmt::format("--{} is empty", name),
                    {"give it a value, or leave it out"});
}

}  // namespace

Options::Options(const Command& command)
    : command_(command), options_(command.options.begin(), command.options.end()) {
  options_.push_back(&option::help);
  options_.push_back(&option::version);
  sets_.resize(options_.size());
}

Options::Set& Options::slot(std::string_view name) {
  const auto found = std::find_if(options_.begin(), options_.end(),
                                  [&](const Option* option) { return option->name == name; });
  if (found == options_.end()) mistake(name, command_);
  return sets_[static_cast<std::size_t>(found - options_.begin())];
}

void Options::bind(std::string_view name, bool& flag) {
  slot(name) = [&flag](const std::string&) { flag = true; };
}

void Options::bind(std::string_view name, std::string& text) {
  slot(name) = [name, &text](const std::string& value) { text = require_value(name, value); };
}

void Options::bind(std::string_view name, std::optional<std::string>& text) {
  slot(name) = [&text](const std::string& value) { text = value; };
}

void Options::bind(std::string_view name, std::vector<std::string>& list) {
  slot(name) = [name, &list](const std::string& value) {
    list.push_back(require_value(name, value));
  };
}

void Options::bind(std::string_view name, std::function<void(const std::string&)> set) {
  slot(name) = std::move(set);
}

void Options::bind_operands(std::vector<std::string>& operands) { operands_ = &operands; }

void Options::bind_after_dashes(std::vector<std::string>& words) { after_dashes_ = &words; }

bool Options::parse(std::span<const std::string> arguments) {
  bool help = false;
  bool version = false;
  bind(option::help.name, help);
  bind(option::version.name, version);
  for (std::size_t i = 0; i < options_.size(); ++i) {
    if (!sets_[i]) mistake(options_[i]->name, command_);
  }

  base::CommandLine line = base::parse_command_line(arguments, option_names(options_));
  for (const auto& given : line.options) sets_[given.index](given.value);
  if (help) {
    print_help(command_);
    return false;
  }
  if (version) {
    print_version();
    return false;
  }
  if (line.problem) throw wrong_option(*line.problem, line.culprit, options_, command_.name);

  auto& rest = after_dashes_ != nullptr ? *after_dashes_ : line.operands;
  rest.insert(rest.end(), line.after_dashes.begin(), line.after_dashes.end());
  if (operands_ != nullptr) {
    *operands_ = std::move(line.operands);
  } else if (!line.operands.empty()) {
    throw base::Error(base::ErrorKind::usage,
                      fmt::format("unexpected argument: {}", line.operands.front()),
                      {see_help(command_.name)});
  }
  return true;
}

}  // namespace cli
