#pragma once

#include "os/environment.h"
#include "os/files.h"

#include <string>

namespace app {

// Where this program keeps what must outlive it for a while: $XDG_RUNTIME_DIR/aws-session-token
// when that lies in memory and is ours alone, else $XDG_CACHE_HOME/aws-session-token (XDG Base
// Directory Specification). It need not exist.
std::string state_folder(const os::Environment& environment, os::Files& files);
// It is the first of the two.
bool is_state_in_memory(const os::Environment& environment, os::Files& files);

}  // namespace app
