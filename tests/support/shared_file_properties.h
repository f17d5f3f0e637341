#pragma once

#include <string>
#include <string_view>

namespace support {

// Holds a file of any bytes, as one kind of shared file and as the
// other, to what aws/shared_file.h and aws/shared_file_check.h promise; says
// which promise is broken, with the file before and after, or nothing. One edit sets `id`
// and `token` for the profile `session` and removes `old`; another takes all three away, and the
// section with them.
std::string broken_promise(std::string_view bytes);

}  // namespace support
