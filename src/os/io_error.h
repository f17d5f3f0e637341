#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace os {

// "cannot DOING PATH: REASON" with what a person can do about it; `code` is errno.
base::Error io_error(std::string_view doing, const std::string& path, int code);

// The path, or a folder of it, is not there.
bool is_missing(int code);

// The folder that the file lies in; "." where the path names none.
std::string folder_of(const std::string& path);

}  // namespace os
