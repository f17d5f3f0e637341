#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace support {

using ParsedSections = std::map<std::string, std::map<std::string, std::string>>;

// A shared file as botocore reads it, that is Python's configparser (3.11) and nested lines;
// nothing when it refuses the file. Written after the Python source and not after ours, so that one
// tests the other; keys are compared in ASCII's lower case.
std::optional<ParsedSections> read_as_botocore(std::string_view bytes);

}  // namespace support
