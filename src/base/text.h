#pragma once

#include "base/secret.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// Characters of ASCII, whatever the locale.
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) noexcept { return is_upper(c) || is_lower(c); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter_or_digit(char c) noexcept { return is_letter(c) || is_digit(c); }

// Removes spaces and tabs at both ends, but no line ends.
std::string_view trim(std::string_view text) noexcept;
std::vector<std::string_view> split(std::string_view text, char separator);

// These change or compare ASCII letters only.
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
bool is_digits(std::string_view text) noexcept;  // at least one, nothing else
// Letters, digits and the characters of `also`, nothing else. An empty text is.
bool is_alphanumeric(std::string_view text, std::string_view also = {}) noexcept;

// "a", "a and b", "a, b and c".
std::string join_words(std::span<const std::string> words);

// The candidate that a person most likely meant: at most one letter or a third of its letters
// differ. Case does not count.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// Takes one code point off the front of the text; nothing when the bytes are not UTF-8 (RFC 3629),
// or when there are none.
std::optional<char32_t> take_code_point(std::string_view& text);

// Any text made safe to show. Control characters, marks that change the direction of writing, line
// separators and bytes that are not UTF-8 become `?`. Every text from a file, a server or a
// variable passes through here before a person sees it.
std::string printable(std::string_view text);

std::string hex(std::span<const unsigned char> bytes);  // lower case

// Appends the text with every byte but RFC 3986's unreserved ones as %XX in upper case, as AWS
// signs it. `keep` names further bytes to leave alone ("/" for a path).
void percent_encode(std::string_view text, std::string_view keep, WipedString& out);
// The reverse, with `+` for a space as in application/x-www-form-urlencoded (WHATWG URL, 5.1). A
// `%` that is not followed by two hexadecimal digits stands for itself.
WipedString form_decode(std::string_view text);

}  // namespace base
