#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// Lines and blanks as the readers of the shared files take them.
namespace aws::ini {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Where each line begins. A line ends with "\n", "\r\n", or a lone "\r", which ends one for the AWS
// CLI.
std::vector<std::size_t> line_begins(std::string_view text);
std::string_view without_line_end(std::string_view line);

// Blank is what Python's str.strip(), Go's TrimSpace() and JavaScript's trim() agree on: Unicode's
// blanks, a pasted no-break space among them.
std::string_view leading_blanks(std::string_view text);
std::string_view trim(std::string_view text);
// How deep a line is indented, in characters, which is how Python counts.
std::size_t indent(std::string_view line);
// Indentation beyond this has no meaning here: an edit that followed it would let a file grow by
// its own length at every line.
inline constexpr std::size_t deepest_indent = 100;

// Whether botocore takes the line for `key = value` below a key without a value: it refuses a file
// where one has no "=". It splits once more, at separators that end no line elsewhere.
bool is_nested_pair(std::string_view trimmed);

bool is_comment(std::string_view trimmed);
// A section's header. A "[" without its "]" is not one: followed by a "=" or ":" it is a key to
// botocore, and else nothing to anybody.
bool is_header(std::string_view trimmed);
bool is_broken_header(std::string_view trimmed);

// What follows the word and a blank in "profile x" or "services x"; some people quote it, as the
// AWS CLI allows. Empty where there is no such word.
std::string_view name_after(std::string_view word, std::string_view section);

// Which lines Python's configparser takes for part of the key above: those that are indented deeper
// than the line at which that key, or a broken line since, began.
class Continuations {
 public:
  bool contains(std::size_t indent) const { return has_key_ && indent > indent_; }
  // A line that does not continue the one above.
  void begin_line(std::size_t indent, std::string_view trimmed);

 private:
  bool has_key_ = false;  // none behind a header
  std::size_t indent_ = 0;
};

// Of the `=` or `:` that ends a key; npos when there is none.
std::size_t find_sign(std::string_view trimmed);

// Cut at a comment sign after a blank, as the SDKs do; botocore alone keeps it in the value.
std::string_view without_inline_comment(std::string_view value);

}  // namespace aws::ini
