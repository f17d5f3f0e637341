#include "aws/files/ini_text.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace aws::ini {
namespace {

// Unicode's blanks beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> wide_blanks = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool is_narrow_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

// The bytes of the blank at the front, at the end; 0 when there is none.
std::size_t blank_in_front(std::string_view text) {
  if (text.empty()) return 0;
  if (is_narrow_blank(text.front())) return 1;
  if (is_ascii(text.front())) return 0;
  const auto found = std::find_if(wide_blanks.begin(), wide_blanks.end(),
                                  [&](std::string_view blank) { return text.starts_with(blank); });
  return found == wide_blanks.end() ? 0 : found->size();
}

std::size_t blank_at_end(std::string_view text) {
  if (text.empty()) return 0;
  if (is_narrow_blank(text.back())) return 1;
  if (is_ascii(text.back())) return 0;
  const auto found = std::find_if(wide_blanks.begin(), wide_blanks.end(),
                                  [&](std::string_view blank) { return text.ends_with(blank); });
  return found == wide_blanks.end() ? 0 : found->size();
}

}  // namespace

std::vector<std::size_t> line_begins(std::string_view text) {
  constexpr std::size_t default_length = 32;
  std::vector<std::size_t> begins;
  begins.reserve(text.size() / default_length);
  // Two searches for one byte are many times as fast as one for either.
  std::size_t newline = text.find('\n');
  std::size_t carriage_return = text.find('\r');
  for (std::size_t begin = 0; begin < text.size();) {
    begins.push_back(begin);
    if (newline < begin) newline = text.find('\n', begin);
    if (carriage_return < begin) carriage_return = text.find('\r', begin);
    if (std::min(newline, carriage_return) == std::string_view::npos) break;
    begin = std::min(newline, carriage_return) + 1;
    if (begin == newline) ++begin;  // "\r\n"
  }
  return begins;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view leading_blanks(std::string_view text) {
  std::size_t end = 0;
  while (const std::size_t size = blank_in_front(text.substr(end))) end += size;
  return text.substr(0, end);
}

std::string_view trim(std::string_view text) {
  text.remove_prefix(leading_blanks(text).size());
  while (const std::size_t size = blank_at_end(text)) text.remove_suffix(size);
  return text;
}

std::size_t indent(std::string_view line) {
  const std::string_view blanks = leading_blanks(line);
  return static_cast<std::size_t>(std::count_if(blanks.begin(), blanks.end(), [](char c) {
    return (static_cast<unsigned>(c) & 0xc0u) != 0x80u;
  }));
}

bool is_nested_pair(std::string_view trimmed) {
  constexpr std::string_view narrow = "\v\f\x1c\x1d\x1e";
  constexpr std::array<std::string_view, 3> wide = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  bool has_text = false;
  bool has_sign = false;
  for (std::size_t i = 0; i < trimmed.size(); ++i) {
    const bool ends = narrow.find(trimmed[i]) != std::string_view::npos ||
                      std::any_of(wide.begin(), wide.end(), [&](std::string_view separator) {
                        return trimmed.substr(i).starts_with(separator);
                      });
    if (ends) {
      if (has_text && !has_sign) return false;
      has_text = has_sign = false;
      continue;
    }
    // The remaining bytes of a wide separator are not text, and neither are blanks.
    const bool inside = (static_cast<unsigned>(trimmed[i]) & 0xc0u) == 0x80u;
    has_text = has_text || (!inside && blank_in_front(trimmed.substr(i)) == 0);
    has_sign = has_sign || trimmed[i] == '=';
  }
  return !has_text || has_sign;
}

bool is_comment(std::string_view trimmed) {
  return trimmed.starts_with('#') || trimmed.starts_with(';');
}

bool is_header(std::string_view trimmed) {
  return trimmed.starts_with('[') && trimmed.find(']', 2) != std::string_view::npos;
}

bool is_broken_header(std::string_view trimmed) {
  return trimmed.starts_with('[') && !is_header(trimmed) &&
         find_sign(trimmed) == std::string_view::npos;
}

std::string_view name_after(std::string_view word, std::string_view section) {
  if (!section.starts_with(word)) return {};
  section.remove_prefix(word.size());
  const std::string_view name = base::trim(section);
  if (name.size() == section.size()) return {};  // no blank between them
  const bool quoted = name.size() >= 2 && name.front() == name.back() &&
                      (name.front() == '"' || name.front() == '\'');
  return quoted ? name.substr(1, name.size() - 2) : name;
}

void Continuations::begin_line(std::size_t indent, std::string_view trimmed) {
  indent_ = indent;
  if (is_header(trimmed)) {
    has_key_ = false;
  } else if (const std::size_t sign = find_sign(trimmed); sign != std::string_view::npos) {
    has_key_ = sign > 0;
  }
}

std::size_t find_sign(std::string_view trimmed) {
  const std::size_t equals = trimmed.find('=');
  return std::min(equals, trimmed.substr(0, equals).find(':'));
}

std::string_view without_inline_comment(std::string_view value) {
  std::size_t end = value.size();
  for (const char sign : {'#', ';'}) {
    for (std::size_t i = value.find(sign, 1); i < end; i = value.find(sign, i + 1)) {
      if (value[i - 1] == ' ' || value[i - 1] == '\t') end = i;
    }
  }
  return value.substr(0, end);
}

}  // namespace aws::ini
