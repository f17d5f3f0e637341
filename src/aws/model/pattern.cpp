#include "aws/model/pattern.h"

#include "base/text.h"

#include <charconv>

namespace aws {
namespace {

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
    const auto c = base::take_code_point(text);
    if (!c || !class_holds(inside, *c)) return false;
  }
  return true;
}

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    if (!base::take_code_point(text)) return std::nullopt;
  }
  return count;
}

}  // namespace aws
