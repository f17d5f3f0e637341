#include "base/json.h"

#include "base/text.h"

namespace base {
namespace {

// Takes a document apart from its front. Every function returns false where it is not JSON.
class JsonReader {
 public:
  JsonReader(std::string_view json, std::string_view path) : rest_(json), path_(path) {}

  std::optional<WipedString> find() {
    const bool valid = read_value(path_, 0);
    skip_blanks();
    return valid && rest_.empty() ? std::move(found_) : std::nullopt;
  }

 private:
  // `path`: what is wanted below the value, empty for the value itself; nothing where it does not
  // matter.
  bool read_value(std::optional<std::string_view> path, int depth) {
    constexpr int deepest = 64;
    skip_blanks();
    if (rest_.empty() || depth > deepest) return false;
    switch (rest_.front()) {
      case '{':
        return read_object(path, depth);
      case '[':
        return read_array(depth);
      case '"': {
        WipedString text;
        if (!read_text(text)) return false;
        if (path && path->empty()) found_ = std::move(text);
        return true;
      }
      default:
        return take("true") || take("false") || take("null") || read_number();
    }
  }

  bool read_object(std::optional<std::string_view> path, int depth) {
    take("{");
    if (path && !path->empty()) found_.reset();
    if (skip_blanks(); take("}")) return true;
    do {
      WipedString name;
      skip_blanks();
      if (!read_text(name)) return false;
      if (skip_blanks(); !take(":")) return false;
      if (!read_value(below(path, name), depth + 1)) return false;
      skip_blanks();
    } while (take(","));
    return take("}");
  }

  bool read_array(int depth) {
    take("[");
    if (skip_blanks(); take("]")) return true;
    do {
      if (!read_value(std::nullopt, depth + 1)) return false;
      skip_blanks();
    } while (take(","));
    return take("]");
  }

  bool read_text(WipedString& text) {
    if (!take("\"")) return false;
    while (!rest_.empty() && !take("\"")) {
      const std::string_view before = rest_;
      if (rest_.front() == '\\') {
        if (!read_escape(text)) return false;
      } else if (const auto c = take_code_point(rest_); c && *c >= 0x20) {
        text.append(before.substr(0, before.size() - rest_.size()));
      } else {
        return false;
      }
      if (rest_.empty()) return false;
    }
    return true;
  }

  bool read_escape(WipedString& text) {
    constexpr std::string_view escapes = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    if (const auto at = escapes.find(rest_.front()); at != std::string_view::npos) {
      rest_.remove_prefix(1);
      text += meanings[at];
      return true;
    }
    auto c = read_utf16();
    if (c && *c >= 0xd800 && *c <= 0xdbff) {
      if (!take("\\")) return false;
      const auto low = read_utf16();
      if (!low || *low < 0xdc00 || *low > 0xdfff) return false;
      c = 0x10000 + ((*c - 0xd800) << 10) + (*low - 0xdc00);
    } else if (c && *c >= 0xdc00 && *c <= 0xdfff) {
      return false;
    }
    if (c) append_code_point(*c, text);
    return c.has_value();
  }

  std::optional<std::uint32_t> read_utf16() {
    constexpr std::string_view digits = "0123456789abcdef";
    if (!take("u") || rest_.size() < 4) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : to_lower(rest_.substr(0, 4))) {
      const auto digit = digits.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    rest_.remove_prefix(4);
    return value;
  }

  static void append_code_point(std::uint32_t c, WipedString& text) {
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (c < 0x80) return add(c);
    if (c < 0x800) {
      add(0xc0 | (c >> 6));
    } else if (c < 0x10000) {
      add(0xe0 | (c >> 12));
      add(0x80 | ((c >> 6) & 0x3f));
    } else {
      add(0xf0 | (c >> 18));
      add(0x80 | ((c >> 12) & 0x3f));
      add(0x80 | ((c >> 6) & 0x3f));
    }
    add(0x80 | (c & 0x3f));
  }

  bool read_number() {
    take("-");
    if (!take("0") && !read_digits()) return false;
    if (take(".") && !read_digits()) return false;
    if (!take("e") && !take("E")) return true;
    if (!take("+")) take("-");
    return read_digits();
  }

  bool read_digits() {
    const auto end = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }

  static std::optional<std::string_view> below(std::optional<std::string_view> path,
                                               std::string_view name) {
    if (!path || path->empty() || path->substr(0, path->find('/')) != name) return std::nullopt;
    return path->substr(std::min(path->find('/'), path->size() - 1) + 1);
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::string_view rest_;
  std::string_view path_;
  std::optional<WipedString> found_;
};

}  // namespace

JsonWriter& JsonWriter::open(char bracket) {
  begin_value();
  out_ += bracket;
  open_ += bracket;
  is_first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close() {
  const char bracket = open_.back() == '{' ? '}' : ']';
  open_.pop_back();
  if (!is_first_) begin_line();
  out_ += bracket;
  is_first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  begin_value();
  append_quoted(name);
  out_ += layout_ == Layout::compact ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  begin_value();
  append_quoted(value);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  begin_value();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
  return *this;
}

void JsonWriter::begin_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (open_.empty()) return;
  if (!is_first_) out_ += layout_ == Layout::spaced ? ", " : ",";
  is_first_ = false;
  begin_line();
}

void JsonWriter::begin_line() {
  if (layout_ == Layout::indented) out_.append("\n").append(2 * open_.size(), ' ');
}

void JsonWriter::append_quoted(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  const std::string filtered = filter_ == nullptr ? std::string() : filter_(text);
  if (filter_ != nullptr) text = filtered;
  out_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += "\\u00";
      out_ += digits[static_cast<unsigned char>(c) >> 4];
      out_ += digits[static_cast<unsigned char>(c) & 15];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

std::optional<WipedString> json_text(std::string_view json, std::string_view path) {
  return JsonReader(json, path).find();
}

}  // namespace base
