#include "support/configparser.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace support {
namespace {

using Text = std::u32string;

// UTF-8, strictly.
std::optional<Text> decode(std::string_view bytes) {
  Text text;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto at = [&](std::size_t n) {
      return i + n < bytes.size() ? static_cast<unsigned char>(bytes[i + n]) : 0u;
    };
    const unsigned first = at(0);
    const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first >= 0x80 && (first < 0xc0 || first > 0xf7)) return std::nullopt;
    if (i + size > bytes.size()) return std::nullopt;
    char32_t point = size == 1 ? first : first & (0xffu >> (size + 1));
    for (std::size_t n = 1; n < size; ++n) {
      if (at(n) >> 6 != 2) return std::nullopt;
      point = point << 6 | (at(n) & 0x3f);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
      return std::nullopt;
    }
    text += point;
    i += size;
  }
  return text;
}

std::string encode(const Text& text) {
  std::string bytes;
  for (const char32_t c : text) {
    const auto tail = [&](int shift) { bytes += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) {
      bytes += static_cast<char>(c);
    } else if (c < 0x800) {
      bytes += static_cast<char>(0xc0 | c >> 6);
      tail(0);
    } else if (c < 0x10000) {
      bytes += static_cast<char>(0xe0 | c >> 12);
      tail(6);
      tail(0);
    } else {
      bytes += static_cast<char>(0xf0 | c >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
  }
  return bytes;
}

bool is_space(char32_t c) {  // str.isspace()
  return (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

Text strip(const Text& text) {
  auto begin = text.begin();
  auto end = text.end();
  while (begin != end && is_space(*begin)) ++begin;
  while (end != begin && is_space(*(end - 1))) --end;
  return {begin, end};
}

Text lower(Text text) {
  for (char32_t& c : text) {
    if (c >= U'A' && c <= U'Z') c += 32;
  }
  return text;
}

// Splits at "\n", "\r" and "\r\n" as open() does, or at what str.splitlines() takes.
std::vector<Text> lines(const Text& text, bool splitlines) {
  std::vector<Text> result(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    const bool more = c == 0x0b || c == 0x0c || (c >= 0x1c && c <= 0x1e) || c == 0x85 ||
                      c == 0x2028 || c == 0x2029;
    if (c == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n') continue;
    if (c == U'\n' || c == U'\r' || (splitlines && more)) {
      result.emplace_back();
    } else {
      result.back() += c;
    }
  }
  return result;
}

bool nested_lines_are_pairs(const Text& value) {
  for (const Text& line : lines(value, true)) {
    if (!strip(line).empty() && line.find(U'=') == Text::npos) return false;
  }
  return true;
}

// RawConfigParser._read(), variable by variable.
class Reader {
 public:
  bool read(const Text& text) {
    for (const Text& line : lines(text, false)) {
      if (!read_line(line)) return false;
    }
    return !error_;
  }

  std::map<Text, std::map<Text, Text>> sections;

 private:
  bool read_line(const Text& line) {
    const Text value = strip(line);
    const bool comment = !value.empty() && (value[0] == U'#' || value[0] == U';');
    if (value.empty() || comment) {
      if (!comment && cursect_ && !optname_.empty()) append(U"");
      return true;
    }
    std::size_t indent = 0;
    while (is_space(line[indent])) ++indent;
    if (cursect_ && !optname_.empty() && indent > indent_level_) {
      append(value);
      return true;
    }
    indent_level_ = indent;
    const std::size_t close = value.rfind(U']');
    if (value[0] == U'[' && close != Text::npos && close >= 2)
      return header(value.substr(1, close - 1));
    if (!cursect_) return false;
    const std::size_t sign = value.find_first_of(U"=:");
    if (sign == Text::npos) {
      error_ = true;
      return true;
    }
    optname_ = lower(strip(value.substr(0, sign)));
    if (optname_.empty()) error_ = true;
    if (!added_.insert({sectname_, optname_}).second) return false;
    sections[sectname_][optname_] = strip(value.substr(sign + 1));
    return true;
  }

  bool header(const Text& name) {
    sectname_ = name;
    cursect_ = true;
    optname_.clear();
    sections[name];
    return name == U"DEFAULT" || headers_.insert(name).second;
  }

  void append(const Text& text) { sections[sectname_][optname_] += U"\n" + text; }

  bool cursect_ = false;
  bool error_ = false;
  Text sectname_;
  Text optname_;
  std::size_t indent_level_ = 0;
  std::set<Text> headers_;
  std::set<std::pair<Text, Text>> added_;
};

}  // namespace

std::optional<ParsedSections> read_as_botocore(std::string_view bytes) {
  const auto text = decode(bytes);
  Reader reader;
  if (!text || !reader.read(*text)) return std::nullopt;
  ParsedSections parsed;
  for (const auto& [name, options] : reader.sections) {
    auto& section = parsed[encode(name)];
    for (const auto& [key, value] : options) {
      const Text joined = value.starts_with(U'\n') && strip(value).empty() ? Text() : value;
      if (joined.starts_with(U'\n') && !nested_lines_are_pairs(joined)) return std::nullopt;
      section[encode(key)] = encode(joined.starts_with(U'\n') ? joined : strip(joined));
    }
  }
  return parsed;
}

}  // namespace support
