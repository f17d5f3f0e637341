#pragma once

#include <vector>

namespace os {

// The descriptors above standard error that are not closed when another program replaces this one.
std::vector<int> open_descriptors();

}  // namespace os
