#pragma once

#include "base/secret.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {

// One `key = value` of a section. Views point into the file that it was parsed from.
struct Property {
  std::string key;                     // lower case: the clients compare keys so
  std::string_view value;              // blanks trimmed, an inline comment (" #", " ;") cut off
  std::vector<std::string_view> more;  // trimmed continuation lines, or nested `key = value` lines
  std::size_t line;                    // from 0
  std::size_t line_count;
};

// Parsing a file only finds where its sections lie. Their properties are read when they are asked
// for, since of thousands of profiles hardly one is.
struct Section {
  std::string_view name;  // what stands between the brackets, trimmed: "session_token", "profile x"
  std::size_t line;       // of the header, from 0
  std::size_t line_count;  // up to the next header
  std::string_view body;   // the lines below the header

  std::vector<Property> properties() const;
  // The last property of that lower-case key, as the clients take it.
  std::optional<Property> find(std::string_view key) const;
};

// The AWS shared config or credentials file, lossless: `bytes()` is what was parsed, whatever it
// was. Read by the lenient union of the real clients' rules (AWS SDKs and Tools Reference Guide,
// "Shared config and credentials files", and what the clients do beyond it): comments and headers
// may be indented, `[ x ]` is `[x]`, keys have any case, `:` may stand for `=`, a lone "\r" ends a
// line. Where the clients differ is told by problems() (aws/shared_file_check.h).
class SharedFile {
 public:
  SharedFile() : SharedFile(base::WipedString()) {}
  explicit SharedFile(base::WipedString bytes);

  const base::WipedString& bytes() const { return *bytes_; }
  std::span<const Section> sections() const { return sections_; }
  // The bytes of a line with its line end, by number from 0; of those from `begin` up to `end`.
  std::string_view line(std::size_t number) const { return lines(number, number + 1); }
  std::string_view lines(std::size_t begin, std::size_t end) const;
  std::size_t line_total() const { return line_begins_.size(); }
  // "\r\n" when the first line ends so (or in a lone "\r", which an edit may complete), else "\n".
  std::string_view newline() const;

 private:
  void find_sections();

  std::shared_ptr<const base::WipedString> bytes_;  // shared so that views outlive a move
  std::vector<std::size_t> line_begins_;
  std::vector<Section> sections_;
};

enum class FileKind { config, credentials };

// The profile that a section of that name is for: in the config file `profile x` is for x, which
// may stand in quotes, and `default` for itself; empty where it is for none.
std::string_view profile_of(std::string_view section, FileKind kind);

// A change of one profile's section: `set` in the order in which new keys are to stand, `remove`
// for keys that must go, all in lower case. The section is made at the end of the file when there
// is none.
struct SectionEdit {
  std::string profile;  // as every client accepts it: is_profile_name() (aws/profile.h)
  std::vector<std::pair<std::string, base::WipedString>> set;
  std::vector<std::string> remove;
  // The header goes too when a key did and nothing of the user's is left: no key, no line that is
  // none, no comment but those behind a blank line at the end, which stay for the section below. A
  // blank line goes with it: what an edit has made, the next one takes away to the byte.
  bool drop_empty = false;
};

// The file's bytes after the edits, each for another profile. Lines of other sections stay as they
// are, to the byte; only a "\n" is added where one is missing before a line of ours.
//
// An edited section is left as every client reads it alike, for botocore refuses a whole file over
// a section or a key that stands twice, and takes an indented line for part of the one above:
// - a key written anew keeps its place; new ones come after the last of these, else to the top;
// - sections of one profile are merged into the first; a comment at the end of another stays there
//   (so does an indented header below it, which the AWS CLI may then take for part of a key);
//   beside [profile default] the keys of [default] become comments, for they do not count;
// - of a key that stands twice the last counts, as for the SDKs, the others become comments;
// - keys of different indentation are aligned, and what is not a key among them is commented
//   out.
// An edit that only removes makes no section. All edits are done in one pass over the file.
base::WipedString edited(const SharedFile& file, FileKind kind, std::span<const SectionEdit> edits);

}  // namespace aws
