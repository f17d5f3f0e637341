#include "support/shared_file_properties.h"

#include "aws/ini_text.h"
#include "aws/shared_file.h"
#include "aws/shared_file_check.h"
#include "support/configparser.h"

#include <algorithm>
#include <vector>

namespace support {
namespace {

using aws::SharedFile;

const aws::SectionEdit session{"session", {{"id", "A"}, {"token", "T"}}, {"old"}};

SharedFile file_of(std::string_view bytes) { return SharedFile(base::WipedString(bytes)); }
std::string edit(const SharedFile& file) { return std::string(aws::edited(file, {&session, 1})); }

// The lines that belong to no section of that name, without their ends. A byte order mark before
// our own header goes with it.
std::vector<std::string_view> foreign_lines(const SharedFile& file) {
  std::vector<bool> ours(file.line_total(), false);
  for (const aws::Section& section : file.sections()) {
    if (section.name != session.section) continue;
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

bool foreign_lines_stay(const SharedFile& before, const SharedFile& after) {
  std::size_t next = 0;
  for (const std::string_view line : foreign_lines(before)) {
    while (next < after.line_total() && !same_line(line, after.line(next))) ++next;
    if (next++ == after.line_total()) return false;
  }
  return true;
}

// Comments of our section stay too, as comments.
std::size_t comments(const SharedFile& file) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < file.line_total(); ++i) {
    if (aws::ini::is_comment(aws::ini::trim(file.line(i)))) ++count;
  }
  return count;
}

// What stands in our section, in the order of the lines, of the keys that the edit names.
bool holds_what_was_set(const SharedFile& file) {
  std::string read;
  for (const aws::Section& section : file.sections()) {
    if (section.name != session.section) continue;
    read += "[";
    for (const aws::Property& property : section.properties()) {
      if (property.key != "id" && property.key != "token" && property.key != "old") continue;
      read += property.key + "=" + std::string(property.value) + ";";
      if (!property.more.empty()) read += "more";
    }
  }
  return read == "[id=A;token=T;" || read == "[token=T;id=A;";
}

bool refused(const SharedFile& file) {
  const auto problems = aws::problems(file, aws::FileKind::credentials);
  return std::any_of(problems.begin(), problems.end(),
                     [](const auto& problem) { return problem.harm == aws::Harm::refused; });
}

// A header that botocore took for part of a key of ours becomes one, and with it what follows.
bool hides_a_header(const SharedFile& file) {
  const auto problems = aws::problems(file, aws::FileKind::credentials);
  return std::any_of(problems.begin(), problems.end(), [](const auto& problem) {
    return problem.what.starts_with("an indented section header");
  });
}

// Indentation that no edit follows.
bool has_deep_line(const SharedFile& file) {
  for (std::size_t i = 0; i < file.line_total(); ++i) {
    if (aws::ini::indent(file.line(i)) > 100) return true;
  }
  return false;
}

std::string first_broken(std::string_view bytes, const SharedFile& before,
                         const std::string& once) {
  const SharedFile after = file_of(once);
  if (std::string_view(before.bytes()) != bytes) return "a byte is lost";
  std::size_t length = 0;
  for (std::size_t i = 0; i < before.line_total(); ++i) length += before.line(i).size();
  if (length != bytes.size()) return "the lines are not the file";
  if (once.size() > bytes.size() + 100 * (before.line_total() + 5))
    return "the file grows too much";
  if (!foreign_lines_stay(before, after)) return "a foreign line is touched";
  if (comments(after) < comments(before)) return "a comment is lost";
  if (edit(after) != once) return "editing twice is not editing once";
  if (!holds_what_was_set(after)) return "what was set is not read";
  const auto read_before = read_as_botocore(bytes);
  if (refused(before) != !read_before) return "botocore is said to refuse what it reads, or not to";
  const auto read_after = read_as_botocore(once);
  if (refused(after) != !read_after) return "botocore is said to refuse what it reads afterwards";
  if (read_before && !read_after && !hides_a_header(before))
    return "botocore refuses the edited file";
  if (!read_after) return "";
  const auto section = read_after->find(session.section);
  if (section == read_after->end()) return "botocore does not see the section";
  auto options = section->second;
  if (has_deep_line(before)) return "";
  if (options["id"] != "A" || options["token"] != "T" || options.contains("old")) {
    return "botocore does not read what was set";
  }
  return "";
}

}  // namespace

std::string broken_promise(std::string_view bytes) {
  const SharedFile before = file_of(bytes);
  const std::string once = edit(before);
  std::string what = first_broken(bytes, before, once);
  if (what.empty()) return "";
  return what.append("\n")
             .append(bytes)
             .append("\n--- after:\n")
             .append(once)
             .append("\n--- after the second:\n") +
         edit(file_of(once));
}

}  // namespace support
