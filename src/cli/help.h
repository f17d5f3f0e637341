#pragma once

#include "cli/command.h"

#include <string>
#include <string_view>

namespace cli {

std::string_view title_of(Group group);

// The texts of --help, of 80 columns at most.
std::string general_help();
std::string help_of(const Command& command);

void print_help(const Command& command);
void print_version();

}  // namespace cli
