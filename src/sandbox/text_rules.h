#pragma once

#include "base/text.h"

#include <string_view>

// The character classes of AWS's models; \w is ASCII there.
namespace sandbox {

constexpr bool is_digit(unsigned char c) { return base::is_digit(static_cast<char>(c)); }

constexpr bool is_word(unsigned char c) {
  return base::is_letter_or_digit(static_cast<char>(c)) || c == '_';
}

// [\w+=,.@-]: names of users, roles and sessions.
constexpr bool is_name_character(unsigned char c) {
  return is_word(c) ||
         std::string_view("+=,.@-").find(static_cast<char>(c)) != std::string_view::npos;
}

// [\w+=/:,.@-]: serial numbers and external ids.
constexpr bool is_serial_character(unsigned char c) {
  return is_name_character(c) || c == '/' || c == ':';
}

// [\p{L}\p{Z}\p{N}_.:/=+\-@]: keys and values of tags. What lies beyond ASCII passes: which of it
// is no letter is left to AWS.
constexpr bool is_tag_character(unsigned char c) {
  return is_word(c) || c >= 0x80 ||
         std::string_view(" .:/=+-@").find(static_cast<char>(c)) != std::string_view::npos;
}

inline constexpr std::string_view arn_pattern =
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]"
    "+";

// Everything from the space on; of the bytes of UTF-8, all.
constexpr bool is_arn_character(unsigned char c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0x7f);
}

}  // namespace sandbox
