#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace os {

// "cannot DOING PATH: REASON", with hints on what to do about it; `code` is an errno.
base::Error io_error(std::string_view doing, const std::string& path, int code);

// Whether the error means that the path, or a folder in it, does not exist.
bool is_missing(int code);

// The folder of the file; "." where the path names none.
std::string folder_of(const std::string& path);

}  // namespace os
