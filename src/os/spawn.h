#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace os {

// What a child process gets in place of our own.
struct SpawnStreams {
  bool no_input = false;                    // standard input is /dev/null
  int output = -1;                          // a descriptor to be its standard output; -1 for ours
  std::vector<std::string> variables = {};  // NAME=value, beside our environment
};

// Starts a program, which is looked for in PATH where its name has no slash, and returns its
// process id. It gets our environment without the keys and tokens that are for us alone, and the
// default action for SIGPIPE, which we ignore. Where it cannot be started the result is -1 and
// errno says why.
pid_t spawn(const std::vector<std::string>& command, const SpawnStreams& streams);

}  // namespace os
