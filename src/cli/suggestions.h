#pragma once

#include "base/command_line.h"
#include "base/error.h"
#include "cli/option_table.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// The options as the parser wants them.
std::vector<base::OptionName> option_names(std::span<const Option* const> options);

// Every option of every command, each name once.
std::vector<const Option*> all_options();

// `command` may be empty.
std::string see_help(std::string_view command);

// What to say when the parser has a problem with an option; `known` are those of the command.
base::Error wrong_option(base::CommandLine::Problem problem, const std::string& culprit,
                         std::span<const Option* const> known, std::string_view command);
base::Error unknown_command(const std::string& name);

}  // namespace cli
