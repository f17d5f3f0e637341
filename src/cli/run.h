#pragma once

#include "cli/command.h"

#include <span>
#include <string>

namespace cli {

// Runs the command that the arguments name, `get` when they name none. Throws Error{usage} for an
// unknown one.
int run_command(std::span<const std::string> arguments, const Doors& doors);

}  // namespace cli
