#pragma once

#include <vector>

namespace os {

// Those above standard error that a program which takes our place would get.
std::vector<int> open_descriptors();

}  // namespace os
