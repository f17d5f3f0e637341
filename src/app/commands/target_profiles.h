#pragma once

#include "app/client/session.h"

#include <span>
#include <string>
#include <vector>

namespace app {

// The names of the profiles that the sessions are written to, in their order. `pattern` holds
// {name}, the profile or the last part of the role, or {account}. Throws Error{usage} where two
// targets would have one name.
std::vector<std::string> target_profiles(std::span<const Target> targets,
                                         const std::string& pattern);

}  // namespace app
