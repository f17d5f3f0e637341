#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace aws {

// The regular expressions by which AWS describes its parameters, as far as they are one class of
// characters, repeated: `[\w+=,.@-]*`. Known inside the brackets: single characters, ranges, \w and
// \d (ASCII, as in Java), \uXXXX with four to six hexadecimal digits, and \p{L}, \p{N}, \p{Z},
// which are exact for ASCII and let everything beyond it pass: AWS knows better. How often is left
// to the caller's length check.

// Whether every code point of the UTF-8 text is in the class. Text that is not UTF-8 never is.
bool in_class(std::string_view pattern, std::string_view text);

// The number of code points, which is what AWS counts; nothing when the text is not UTF-8 (RFC
// 3629).
std::optional<std::size_t> count_characters(std::string_view text);

}  // namespace aws
