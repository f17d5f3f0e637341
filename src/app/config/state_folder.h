#pragma once

#include "os/environment.h"
#include "os/files.h"

#include <string>

namespace app {

// Where this program keeps what is to outlive it for a while.
struct StateFolder {
  std::string path;        // empty where nothing may be kept
  bool in_memory = false;  // gone at logout
  std::string problem;     // why nothing may be kept, and what to do, as a sentence
};

// $XDG_RUNTIME_DIR/aws-session-token where that is in memory and ours alone, else
// $XDG_CACHE_HOME/aws-session-token, else ~/.cache/aws-session-token. Relative paths in the
// variables are ignored (XDG Base Directory Specification). The folder need not exist. What is kept
// is a help and never a condition, so nothing is thrown.
StateFolder find_state_folder(const os::Environment& environment, os::Files& files);

// Its path alone.
std::string state_folder(const os::Environment& environment, os::Files& files);

}  // namespace app
