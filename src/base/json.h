#pragma once

#include "base/secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// JSON (RFC 8259) in memory that is wiped: the libraries keep copies of what they write and read,
// and cost seconds to compile and time at every start.
namespace base {

class JsonWriter {
 public:
  enum class Layout {
    compact,   // {"a":1,"b":[]}
    spaced,    // {"a": 1, "b": []}, as Python's json.dumps() has it
    indented,  // for people: two spaces a level, a line for each value
  };
  // `filter` changes every text before it is written.
  using Filter = std::string (*)(std::string_view text);
  explicit JsonWriter(Layout layout = Layout::compact, Filter filter = nullptr)
      : layout_(layout), filter_(filter) {}

  JsonWriter& open_object() { return open('{'); }
  JsonWriter& open_array() { return open('['); }
  JsonWriter& close();  // the one opened last
  JsonWriter& key(std::string_view name);
  // A value: behind its key in an object, as the next one in an array. Texts are UTF-8.
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& boolean(bool value);
  // A member of an object whose value is a text.
  JsonWriter& member(std::string_view name, std::string_view value) {
    return key(name).text(value);
  }

  void reserve(std::size_t size) { out_.reserve(size); }
  // What was written; nothing more can be.
  WipedString take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  void begin_value();
  void begin_line();
  void append_quoted(std::string_view text);

  Layout layout_;
  Filter filter_;
  WipedString out_;
  std::string open_;  // the brackets that are to be closed, inmost last
  bool is_first_ = true;
  bool after_key_ = false;
};

// The text at a path of object members ("Credentials/AccessKeyId"), of a document that must be
// valid JSON as a whole; nothing when it is not, or when there is no text at that place. Of a name
// that stands twice the last counts.
std::optional<WipedString> json_text(std::string_view json, std::string_view path);

}  // namespace base
