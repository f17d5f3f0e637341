#include "aws/model/pattern.h"

#include <charconv>

namespace aws {
namespace {

// Takes one code point off the front; nothing when the bytes are no UTF-8.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || text.size() < size) return std::nullopt;
  char32_t result = size == 1 ? first : first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    result = result << 6 | (byte(i) & 0x3fu);
  }
  const bool overlong = (size == 3 && result < 0x800) || (size == 4 && result < 0x10000);
  const bool surrogate = result >= 0xd800 && result <= 0xdfff;
  if (overlong || surrogate || result > 0x10ffff) return std::nullopt;
  text.remove_prefix(size);
  return result;
}

bool is_digit(char32_t c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char32_t c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool in_property(char property, char32_t c) noexcept {
  if (c >= 0x80) return true;
  switch (property) {
    case 'L':
      return is_letter(c);
    case 'N':
      return is_digit(c);
    default:
      return c == ' ';
  }
}

// A single character of the class, perhaps escaped.
char32_t take_single(std::string_view& rest) {
  if (rest.front() != '\\' || rest.size() < 2) {
    const char32_t c = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    return c;
  }
  const char escaped = rest[1];
  rest.remove_prefix(2);
  if (escaped != 'u') return static_cast<unsigned char>(escaped);
  unsigned value = 0;
  const std::string_view digits = rest.substr(0, 6);
  const char* end = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  rest.remove_prefix(static_cast<std::size_t>(end - digits.data()));
  return value;
}

bool class_holds(std::string_view rest, char32_t c) {
  while (!rest.empty()) {
    if (rest.starts_with("\\w") || rest.starts_with("\\d")) {
      if (is_digit(c) || (rest[1] == 'w' && (is_letter(c) || c == '_'))) return true;
      rest.remove_prefix(2);
    } else if (rest.starts_with("\\p{") && rest.size() >= 5) {
      if (in_property(rest[3], c)) return true;
      rest.remove_prefix(5);
    } else {
      const char32_t low = take_single(rest);
      char32_t high = low;
      if (rest.size() >= 2 && rest.front() == '-') {
        rest.remove_prefix(1);
        high = take_single(rest);
      }
      if (c >= low && c <= high) return true;
    }
  }
  return false;
}

}  // namespace

bool in_class(std::string_view pattern, std::string_view text) {
  const std::string_view inside = pattern.substr(1, pattern.rfind(']') - 1);
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c || !class_holds(inside, *c)) return false;
  }
  return true;
}

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    if (!take_code_point(text)) return std::nullopt;
  }
  return count;
}

}  // namespace aws
