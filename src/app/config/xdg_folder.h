#pragma once

#include "os/environment.h"

#include <string>

namespace app {

// A base folder of the XDG Base Directory Specification: the variable's, or `otherwise` below the
// home folder. A relative path in the variable is ignored, as the specification says. Throws
// Error{failed} where the home folder is needed and unknown.
inline std::string xdg_folder(const os::Environment& environment, const char* variable,
                              const char* otherwise) {
  const std::string folder = environment.get(variable).value_or("");
  return folder.starts_with('/') ? folder : environment.home() + otherwise;
}

}  // namespace app
