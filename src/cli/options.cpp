#include "cli/options.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/output.h"
#include "version.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/core.h>

namespace cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* program = "aws-session-token";

struct Row {
  std::string names;  // as the help shows them: "-u, --username NAME"
  std::string help;
};

std::string shown(std::string names, const std::string& placeholder) {
  if (names.starts_with("--")) names = "    " + names;
  if (const std::size_t comma = names.find(','); comma != std::string::npos) {
    names.insert(comma + 1, " ");
  }
  return placeholder.empty() ? names : names + " " + placeholder;
}

// As CLI11 takes them, last first; `--name=` becomes `--name` and an empty value, which it would
// miss otherwise.
std::vector<std::string> reversed(std::span<const std::string> arguments) {
  std::vector<std::string> result;
  bool options_ended = false;
  for (const std::string& argument : arguments) {
    options_ended = options_ended || argument == "--";
    const bool empty_value =
        argument.starts_with("--") && argument.find('=') == argument.size() - 1 && !options_ended;
    result.push_back(empty_value ? argument.substr(0, argument.size() - 1) : argument);
    if (empty_value) result.emplace_back();
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace

struct Options::State {
  CLI::App app;
  std::string synopsis;
  std::string summary;
  std::vector<Row> rows;
  bool help = false;
  bool version = false;

  CLI::Option* add(CLI::Option* option, const std::string& names, const std::string& placeholder,
                   const std::string& text) {
    rows.push_back({shown(names, placeholder), text});
    return option;
  }

  void print_help() const {
    std::string text = fmt::format("Usage: {} {}\n{}\n\nOptions:\n", program, synopsis, summary);
    for (const Row& row : rows) {
      constexpr std::size_t column = 32;
      if (row.names.size() + 4 > column) {
        text += fmt::format("  {}\n{:{}}{}\n", row.names, "", column, row.help);
      } else {
        text += fmt::format("  {:{}}{}\n", row.names, column - 2, row.help);
      }
    }
    print(text);
  }

  std::string see_help() const {
    const std::string command = synopsis.substr(0, synopsis.find(' '));
    return fmt::format("see {} {} --help", program, command);
  }

  // `argument` may hold a value after its `=`: only the option's name is repeated.
  Error unknown(const std::string& argument) const {
    const std::string name = argument.substr(0, argument.find('='));
    if (!name.starts_with('-')) {
      return {
          ErrorKind::usage, fmt::format("there is one argument too many: {}", name), {see_help()}};
    }
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& known : option->get_lnames()) names.push_back("--" + known);
    }
    const auto near = base::nearest(name, names);
    return {ErrorKind::usage,
            fmt::format("there is no option {}", name),
            {near ? fmt::format("did you mean {}?", *near) : see_help()}};
  }
};

Options::Options(std::string synopsis, std::string summary) : state_(std::make_unique<State>()) {
  state_->synopsis = std::move(synopsis);
  state_->summary = std::move(summary);
  state_->app.set_help_flag();
  state_->app.allow_extras();
}

Options::~Options() = default;

void Options::text(const std::string& names, const std::string& placeholder,
                   const std::string& help, std::string& value) {
  state_->add(state_->app.add_option(names, value), names, placeholder, help)->take_last();
}

void Options::text(const std::string& names, const std::string& placeholder,
                   const std::string& help, std::optional<std::string>& value) {
  state_->add(state_->app.add_option(names, value), names, placeholder, help)->take_last();
}

void Options::list(const std::string& names, const std::string& placeholder,
                   const std::string& help, std::vector<std::string>& values) {
  // One value for each time the option is given: what follows it may be a PROFILE.
  state_->add(state_->app.add_option(names, values), names, placeholder, help)
      ->allow_extra_args(false);
}

void Options::flag(const std::string& names, const std::string& help, bool& value) {
  state_->add(state_->app.add_flag(names, value), names, "", help);
}

void Options::positionals(const std::string& placeholder, const std::string& help,
                          std::vector<std::string>& values) {
  state_->app.add_option(placeholder, values);
  state_->rows.insert(state_->rows.begin(), {placeholder, help});
}

bool Options::parse(std::span<const std::string> arguments) {
  flag("-h,--help", "show this help", state_->help);
  flag("--version", "show the version", state_->version);
  try {
    state_->app.parse(reversed(arguments));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();  // "--username: 1 required TEXT missing"
    throw Error(ErrorKind::usage, text.substr(0, text.find(':')) + " wants a value",
                {state_->see_help()});
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::usage, base::printable(error.what()), {state_->see_help()});
  }
  if (state_->help) {
    state_->print_help();
    return false;
  }
  if (state_->version) {
    print(fmt::format("{} {}\n", program, AWSST_VERSION));
    return false;
  }
  std::vector<std::string> extras = state_->app.remaining();
  if (const auto end = std::find(extras.begin(), extras.end(), "--"); end != extras.end()) {
    extras.erase(end);  // the mark that ends the options
  }
  if (!extras.empty()) throw state_->unknown(extras.front());
  return true;
}

}  // namespace cli
