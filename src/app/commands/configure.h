#pragma once

#include "os/environment.h"
#include "os/files.h"

#include <string>

namespace app {

// Sets one of the settings, or with an empty value takes it away; every other line of the file
// stays. Throws Error{usage} for a name that is not known or a value that can never work.
void write_setting(const os::Environment& environment, os::Files& files, const std::string& name,
                   const std::string& value);

}  // namespace app
