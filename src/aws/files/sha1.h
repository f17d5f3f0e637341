#pragma once

#include <string>
#include <string_view>

namespace aws {

// SHA-1 (FIPS 180-4, section 6.1) in lower-case hexadecimal digits. It protects nothing here: the
// AWS CLI names its files so. No library that this program links has it alone.
std::string sha1_hex(std::string_view bytes);

}  // namespace aws
