#pragma once

#include "base/secret.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// Blanks are space and tab; line ends are left alone.
std::string_view trim(std::string_view text) noexcept;
std::vector<std::string_view> split(std::string_view text, char separator);

// ASCII only, whatever the locale.
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
bool is_digits(std::string_view text) noexcept;  // at least one, nothing else

// "a", "a and b", "a, b and c".
std::string join_words(std::span<const std::string> words);

// The candidate that a person most likely meant: at most a third of its letters differ, or one.
// Case does not count.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// Foreign text made safe for a terminal: control characters become `?`.
std::string printable(std::string_view text);

std::string hex(std::span<const unsigned char> bytes);  // lower case

// A JSON string in its quotes (RFC 8259, 7). Bytes beyond ASCII stay as they are.
void append_json_string(std::string_view text, WipedString& out);

// Every byte but RFC 3986's unreserved ones becomes %XX in upper case, as AWS signs it; `keep`
// names further bytes to leave alone ("/" for a path).
void percent_encode(std::string_view text, std::string_view keep, WipedString& out);
// The reverse, with `+` for a space as in application/x-www-form-urlencoded (WHATWG URL, 5.1). A
// `%` that no two hexadecimal digits follow stands for itself.
WipedString form_decode(std::string_view text);

}  // namespace base
