#include "support/shared_file_properties.h"

#include "aws/files/ini_text.h"
#include "aws/files/shared_file.h"
#include "aws/files/shared_file_check.h"
#include "aws/files/without_secrets.h"
#include "support/configparser.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace support {
namespace {

using aws::FileKind;

const aws::SectionEdit session{"session", {{"id", "A"}, {"token", "T"}}, {"old"}};

struct File : aws::SharedFile {
  File(std::string_view text, FileKind its_kind)
      : SharedFile(base::WipedString(text)), kind(its_kind) {}

  bool is_ours(const aws::Section& section) const {
    return aws::profile_of(section.name, kind) == session.profile;
  }

  FileKind kind;
};

std::string edit(const File& file) {
  return std::string(aws::edited(file, file.kind, {&session, 1}));
}

const aws::SectionEdit removal{"session", {}, {"id", "token", "old"}, true};

std::string remove(const File& file) {
  return std::string(aws::edited(file, file.kind, {&removal, 1}));
}

// The lines that belong to no section of that name, without their ends. A byte order mark before
// our own header goes with it.
std::vector<std::string_view> foreign_lines(const File& file) {
  std::vector<bool> ours(file.line_total(), false);
  for (const aws::Section& section : file.sections()) {
    if (!file.is_ours(section)) continue;
    std::fill_n(ours.begin() + static_cast<std::ptrdiff_t>(section.line), section.line_count, true);
  }
  std::vector<std::string_view> lines;
  for (std::size_t i = 0; i < file.line_total(); ++i) {
    if (!ours[i]) lines.push_back(file.line(i));
  }
  return lines;
}

// The line itself, or with the "\n" that a line of ours behind it needs.
bool same_line(std::string_view before, std::string_view after) {
  if (before == after) return true;
  const bool ended = before.ends_with('\n');
  return !ended && after.starts_with(before) &&
         (after.substr(before.size()) == "\n" || after.substr(before.size()) == "\r\n");
}

bool is_blank(std::string_view line) {
  return aws::ini::trim(aws::ini::without_line_end(line)).empty();
}

// In their order. A blank line may go when a section does.
enum class Blank { stays, may_go };

bool foreign_lines_stay(const File& before, const File& after, Blank blank) {
  std::size_t next = 0;
  for (const std::string_view line : foreign_lines(before)) {
    if (blank == Blank::may_go && is_blank(line)) continue;
    while (next < after.line_total() && !same_line(line, after.line(next))) ++next;
    if (next++ == after.line_total()) return false;
  }
  return true;
}

// Comments of our section stay too, as comments.
std::size_t comments(const File& file) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < file.line_total(); ++i) {
    if (aws::ini::is_comment(aws::ini::trim(file.line(i)))) ++count;
  }
  return count;
}

// What stands in our section, in the order of the lines, of the keys that the edit names.
bool holds_what_was_set(const File& file) {
  std::string read;
  for (const aws::Section& section : file.sections()) {
    if (!file.is_ours(section)) continue;
    read += "[";
    for (const aws::Property& property : section.properties()) {
      if (property.key != "id" && property.key != "token" && property.key != "old") continue;
      read += property.key + "=" + std::string(property.value) + ";";
      if (!property.more.empty()) read += "more";
    }
  }
  return read == "[id=A;token=T;" || read == "[token=T;id=A;";
}

bool refused(const File& file) {
  const auto problems = aws::problems(file, file.kind);
  return std::any_of(problems.begin(), problems.end(),
                     [](const auto& problem) { return problem.harm == aws::Harm::refused; });
}

// A header that botocore took for part of a key of ours becomes one, and with it what follows.
bool hides_a_header(const File& file) {
  const auto problems = aws::problems(file, file.kind);
  return std::any_of(problems.begin(), problems.end(), [](const auto& problem) {
    return problem.what.starts_with("an indented section header");
  });
}

// Such a header comes to stand below a key of another section where the section above it, a second
// one of ours, is merged into the first.
bool merges_above_indented_header(const File& file) {
  bool second = false;
  for (std::size_t i = 0; i + 1 < file.sections().size(); ++i) {
    if (!file.is_ours(file.sections()[i])) continue;
    const bool exposes = aws::ini::indent(file.line(file.sections()[i + 1].line)) > 0;
    if (std::exchange(second, true) && exposes) return true;
  }
  return false;
}

// Whether botocore refuses what it read before, for no reason that is known.
bool spoils(const File& before, const std::string& once) {
  return read_as_botocore(before.bytes()) && !read_as_botocore(once) && !hides_a_header(before) &&
         !merges_above_indented_header(before);
}

// Indentation that no edit follows.
bool has_deep_line(const File& file) {
  for (std::size_t i = 0; i < file.line_total(); ++i) {
    if (aws::ini::indent(file.line(i)) > 100) return true;
  }
  return false;
}

std::string first_broken(std::string_view bytes, const File& before, const std::string& once) {
  const File after(once, before.kind);
  if (std::string_view(before.bytes()) != bytes) return "a byte is lost";
  std::size_t length = 0;
  for (std::size_t i = 0; i < before.line_total(); ++i) length += before.line(i).size();
  if (length != bytes.size()) return "the lines are not the file";
  if (once.size() > bytes.size() + 100 * (before.line_total() + 5))
    return "the file grows too much";
  if (!foreign_lines_stay(before, after, Blank::stays)) return "a foreign line is touched";
  if (comments(after) < comments(before)) return "a comment is lost";
  if (edit(after) != once) return "editing twice is not editing once";
  if (!holds_what_was_set(after)) return "what was set is not read";
  const auto read_before = read_as_botocore(bytes);
  if (refused(before) != !read_before) return "botocore is said to refuse what it reads, or not to";
  const auto read_after = read_as_botocore(once);
  if (refused(after) != !read_after) return "botocore is said to refuse what it reads afterwards";
  if (spoils(before, once)) return "botocore refuses the edited file";
  if (!read_after) return "";
  const auto section =
      read_after->find(before.kind == FileKind::config ? "profile session" : "session");
  if (section == read_after->end()) return "botocore does not see the section";
  auto options = section->second;
  if (has_deep_line(before)) return "";
  if (options["id"] != "A" || options["token"] != "T" || options.contains("old")) {
    return "botocore does not read what was set";
  }
  return "";
}

bool has_section(const File& file) {
  return std::any_of(file.sections().begin(), file.sections().end(),
                     [&](const auto& section) { return file.is_ours(section); });
}

bool holds_what_was_removed(const File& file) {
  return std::any_of(file.sections().begin(), file.sections().end(), [&](const auto& section) {
    return file.is_ours(section) &&
           std::any_of(removal.remove.begin(), removal.remove.end(),
                       [&](const std::string& key) { return section.find(key).has_value(); });
  });
}

// The file with its last line ended, as an edit needs it.
std::string ended(const File& file) {
  std::string bytes(file.bytes());
  if (bytes.empty() || bytes.back() == '\n') return bytes;
  return bytes.append(bytes.back() == '\r' ? "\n" : file.newline());
}

std::string first_broken_by_removal(std::string_view bytes, const File& before,
                                    const std::string& once) {
  const File after(once, before.kind);
  if (!foreign_lines_stay(before, after, Blank::may_go)) return "a removal touches a foreign line";
  if (comments(after) < comments(before)) return "a removal loses a comment";
  if (holds_what_was_removed(after)) return "what was removed is read";
  if (remove(after) != once) return "removing twice is not removing once";
  if (!has_section(before) && once != bytes) return "a removal of nothing changes the file";
  if (!has_section(before) && remove(File(edit(before), before.kind)) != ended(before))
    return "what an edit made, a removal does not take away";
  if (spoils(before, once)) return "botocore refuses the file after a removal";
  return "";
}

// What is looked up in a file is the same without its secrets.
std::string first_broken_without_secrets(const File& file) {
  const File without(aws::without_secrets(file.bytes()), file.kind);
  const auto before = aws::problems(file, file.kind);
  const auto after = aws::problems(without, file.kind);
  const bool same_problems =
      std::equal(before.begin(), before.end(), after.begin(), after.end(),
                 [](const auto& a, const auto& b) { return a.line == b.line && a.what == b.what; });
  if (!same_problems) return "without its secrets a file has other problems";
  const bool same_sections =
      std::equal(file.sections().begin(), file.sections().end(), without.sections().begin(),
                 without.sections().end(), [](const aws::Section& a, const aws::Section& b) {
                   const auto own = a.properties();
                   const auto other = b.properties();
                   return a.name == b.name &&
                          std::equal(own.begin(), own.end(), other.begin(), other.end(),
                                     [](const aws::Property& x, const aws::Property& y) {
                                       return x.key == y.key && x.value.size() == y.value.size();
                                     });
                 });
  return same_sections ? "" : "without its secrets a file has other sections or keys";
}

}  // namespace

std::string broken_promise(std::string_view bytes) {
  for (const FileKind kind : {FileKind::credentials, FileKind::config}) {
    const File before(bytes, kind);
    std::string once = edit(before);
    std::string twice = edit(File(once, kind));
    std::string what = first_broken(bytes, before, once);
    if (what.empty()) {
      once = remove(before);
      twice = remove(File(once, kind));
      what = first_broken_by_removal(bytes, before, once);
    }
    if (what.empty()) what = first_broken_without_secrets(before);
    if (what.empty()) continue;
    return what.append("\n")
        .append(bytes)
        .append("\n--- after:\n")
        .append(once)
        .append("\n--- after the second:\n")
        .append(twice);
  }
  return "";
}

}  // namespace support
