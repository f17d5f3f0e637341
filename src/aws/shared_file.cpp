#include "aws/shared_file.h"

#include "aws/pattern.h"
#include "base/text.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace aws {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_comment(std::string_view trimmed) {
  return !trimmed.empty() && (trimmed.front() == '#' || trimmed.front() == ';');
}

// Cuts at a comment sign after a blank, as the SDKs do; botocore alone keeps it in the value.
std::string_view without_inline_comment(std::string_view text) {
  std::size_t end = text.size();
  for (const char sign : {'#', ';'}) {
    for (std::size_t i = text.find(sign, 1); i < end; i = text.find(sign, i + 1)) {
      if (text[i - 1] == ' ' || text[i - 1] == '\t') end = i;
    }
  }
  return text.substr(0, end);
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Nearly every line is ASCII, and this loop looks at many bytes at once.
bool is_utf8(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80 || count_characters(text);
}

bool is_key(std::string_view key) {
  return !key.empty() && key.find_first_of(" \t") == std::string_view::npos;
}

}  // namespace

// Goes over the lines once; knows the section and the property that a continuation would belong to.
class SharedFileParser {
 public:
  explicit SharedFileParser(SharedFile& file) : file_(file) {}

  void run() {
    for (number_ = 0; number_ < file_.line_total(); ++number_) parse_line();
    for (std::size_t i = 0; i < file_.sections_.size(); ++i) {
      const std::size_t end =
          i + 1 < file_.sections_.size() ? file_.sections_[i + 1].line : file_.line_total();
      file_.sections_[i].line_count = end - file_.sections_[i].line;
    }
  }

 private:
  void parse_line() {
    std::string_view text = without_line_end(file_.line(number_));
    if (number_ == 0 && text.starts_with(byte_order_mark)) {
      problem("a byte order mark: the AWS CLI refuses the whole file");
      text.remove_prefix(byte_order_mark.size());
    }
    if (!is_utf8(text)) problem("a byte that is no UTF-8: the AWS CLI refuses the whole file");
    const std::string_view trimmed = base::trim(text);
    if (trimmed.empty() || is_comment(trimmed)) return;
    const auto indent = static_cast<std::size_t>(trimmed.data() - text.data());
    if (trimmed.front() == '[') return parse_header(indent, trimmed);
    if (file_.sections_.empty()) return problem("text before the first section");
    if (continues(indent, trimmed)) return parse_continuation(trimmed);
    parse_property(indent, trimmed);
  }

  void parse_header(std::size_t indent, std::string_view text) {
    if (property_ != nullptr && indent > property_indent_) {
      problem("an indented section header: the AWS CLI reads it as part of the line above");
    }
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) {
      problem("a section header without its closing ]");
      // What follows belongs to no profile, least of all to the one above.
      return begin_section({});
    }
    const std::string_view name = base::trim(text.substr(1, close - 1));
    const std::string_view rest = base::trim(text.substr(close + 1));
    if (name.empty()) problem("a section without a name");
    if (!rest.empty() && !is_comment(rest)) problem("text after the closing ] of a section");
    if (!name.empty() && !names_.insert(name).second) {
      problem("a section that stands in the file already: the AWS CLI refuses the whole file");
    }
    begin_section(name);
  }

  void begin_section(std::string_view name) {
    file_.sections_.push_back({name, number_, 0, {}});
    file_.sections_.back().properties.reserve(6);  // a session, region and output
    property_ = nullptr;
    keys_.clear();
  }

  // An indented line goes on with the value above it; but below a value that is not empty Terraform
  // and the SDKs read an indented `key = value` as a property of its own, and so do we.
  bool continues(std::size_t indent, std::string_view trimmed) const {
    if (property_ == nullptr || indent <= property_indent_) return false;
    return property_->value.empty() || trimmed.find('=') == std::string_view::npos;
  }

  void parse_continuation(std::string_view trimmed) {
    if (property_->value.empty()) {
      const std::size_t equals = trimmed.find('=');
      if (equals == std::string_view::npos) problem("a nested line without =");
      if (equals == 0) problem("a nested line without a key");
    }
    property_->more.push_back(trimmed);
    property_->line_count = number_ - property_->line + 1;
  }

  void parse_property(std::size_t indent, std::string_view trimmed) {
    const bool indented_below = property_ != nullptr && indent > property_indent_;
    property_ = nullptr;  // a line that is no property ends the one above
    const std::size_t equals = trimmed.find('=');
    const std::size_t sign = std::min(equals, trimmed.substr(0, equals).find(':'));
    if (sign == std::string_view::npos) return problem("a line that is neither key nor section");
    const std::string_view key = base::trim(trimmed.substr(0, sign));
    if (key.empty()) return problem("a line without a key before its =");
    if (trimmed[sign] == ':') problem("a : where the SDKs want =");
    if (!is_key(key)) return problem("a key with a blank in it");
    if (indented_below) problem("an indented key: the AWS CLI reads it as part of the line above");
    Section& section = file_.sections_.back();
    std::string name = base::to_lower(key);
    if (stands_in(section, name)) {
      problem("a key that stands in its section already: the AWS CLI refuses the whole file");
    }
    section.properties.push_back({std::move(name),
                                  base::trim(without_inline_comment(trimmed.substr(sign + 1))),
                                  {},
                                  number_,
                                  1});
    property_ = &section.properties.back();
    if (!indented_below) property_indent_ = indent;
  }

  // A few keys are compared one by one: a set would cost more than all the rest of the parsing.
  bool stands_in(const Section& section, const std::string& key) {
    constexpr std::size_t few = 32;
    if (section.properties.size() < few) return section.find(key) != nullptr;
    if (keys_.empty()) {
      for (const Property& property : section.properties) keys_.insert(property.key);
    }
    return !keys_.insert(key).second;
  }

  void problem(std::string what) { file_.problems_.push_back({number_ + 1, std::move(what)}); }

  SharedFile& file_;
  std::size_t number_ = 0;
  Property* property_ = nullptr;
  std::size_t property_indent_ = 0;
  std::unordered_set<std::string_view> names_;
  std::set<std::string> keys_;  // of the section that is being read, when they are many
};

const Property* Section::find(std::string_view key) const {
  const auto found = std::find_if(properties.rbegin(), properties.rend(),
                                  [&](const Property& p) { return p.key == key; });
  return found == properties.rend() ? nullptr : &*found;
}

SharedFile::SharedFile(base::WipedString bytes)
    : bytes_(std::make_shared<const base::WipedString>(std::move(bytes))) {
  for (std::size_t begin = 0; begin < bytes_->size();) {
    line_begins_.push_back(begin);
    const std::size_t end = bytes_->find('\n', begin);
    if (end == base::WipedString::npos) break;
    begin = end + 1;
  }
  SharedFileParser(*this).run();
}

std::string_view SharedFile::line(std::size_t number) const {
  const std::size_t begin = line_begins_[number];
  const std::size_t end =
      number + 1 < line_begins_.size() ? line_begins_[number + 1] : bytes_->size();
  return std::string_view(*bytes_).substr(begin, end - begin);
}

std::string_view SharedFile::newline() const {
  if (line_begins_.empty()) return "\n";
  return line(0).ends_with("\r\n") || line(0).ends_with('\r') ? "\r\n" : "\n";
}

namespace {

// Writes the file anew, line by line, into `out_`.
class Editor {
 public:
  explicit Editor(const SharedFile& file) : file_(file), newline_(file.newline()) {
    out_.reserve(file.bytes().size() + 1024);
  }

  base::WipedString run(std::span<const SectionEdit> edits) {
    std::map<std::string_view, const SectionEdit*> pending;
    std::map<std::string_view, const SectionEdit*> by_name;
    for (const SectionEdit& edit : edits) {
      pending.emplace(edit.section, &edit);
      by_name.emplace(edit.section, &edit);
    }
    const std::size_t preamble =
        file_.sections().empty() ? file_.line_total() : file_.sections().front().line;
    copy_lines(0, preamble);
    for (const Section& section : file_.sections()) {
      const auto edit = by_name.find(section.name);
      if (edit == by_name.end()) {
        copy_lines(section.line, section.line_count);
      } else if (pending.erase(section.name) > 0) {
        write_first(section, *edit->second);
      } else {
        write_repeated(section, *edit->second);
      }
    }
    for (const SectionEdit& edit : edits) {
      const bool only_removes = edit.set.empty() && !edit.remove.empty();
      if (pending.contains(edit.section) && !only_removes) append_section(edit);
    }
    return std::move(out_);
  }

 private:
  static bool sets(const SectionEdit& edit, std::string_view key) {
    return std::any_of(edit.set.begin(), edit.set.end(),
                       [&](const auto& pair) { return pair.first == key; });
  }
  static bool touches(const SectionEdit& edit, std::string_view key) {
    return sets(edit, key) ||
           std::find(edit.remove.begin(), edit.remove.end(), key) != edit.remove.end();
  }

  void write_first(const Section& section, const SectionEdit& edit) {
    const std::size_t anchor = anchor_of(section, edit);
    std::vector<std::string_view> written;
    indent_ = first_indent(section);
    write_header(section);
    if (anchor == section.line) write_missing(section, edit);
    std::size_t next = section.line + 1;
    const auto copy_until = [&](std::size_t end) {
      for (; next < end; ++next) {
        copy_line(next);
        if (next == anchor) write_missing(section, edit);
      }
    };
    for (const Property& property : section.properties) {
      copy_until(property.line);
      if (indent_of(property.line).size() < indent_.size()) indent_ = indent_of(property.line);
      if (!touches(edit, property.key)) continue;
      next = property.line + property.line_count;
      const auto assignment = std::find_if(edit.set.begin(), edit.set.end(), [&](const auto& pair) {
        return pair.first == property.key;
      });
      const bool again = std::find(written.begin(), written.end(), property.key) != written.end();
      if (assignment != edit.set.end() && !again) {
        write_assignment(assignment->first, assignment->second);
        written.push_back(property.key);
      }
      if (property.line == anchor) write_missing(section, edit);
    }
    copy_until(section.line + section.line_count);
    indent_ = {};
  }

  // The line that new keys follow: the last old key that is set anew, so that they stay together;
  // else the header, or the last broken line below it, which must not become part of a key.
  std::size_t anchor_of(const Section& section, const SectionEdit& edit) const {
    std::size_t anchor = section.line;
    const std::size_t end = section.properties.empty() ? section.line + section.line_count
                                                       : section.properties.front().line;
    for (std::size_t line = anchor + 1; line < end; ++line) {
      if (!says_nothing(line)) anchor = line;
    }
    for (const Property& property : section.properties) {
      if (sets(edit, property.key)) anchor = property.line;
    }
    return anchor;
  }

  bool is_blank(std::size_t line) const { return trimmed(line).empty(); }
  bool says_nothing(std::size_t line) const { return is_blank(line) || is_comment(trimmed(line)); }
  std::string_view trimmed(std::size_t line) const {
    return base::trim(without_line_end(file_.line(line)));
  }

  std::string_view indent_of(std::size_t line) const {
    const std::string_view text = file_.line(line);
    return text.substr(0, text.find_first_not_of(" \t"));
  }

  // What the first key of a section must be indented by: the AWS CLI reads a line that is indented
  // deeper than the key above as part of that key, the next section's header included.
  std::string_view first_indent(const Section& section) const {
    const std::size_t next = section.line + section.line_count;
    if (!section.properties.empty()) return indent_of(section.properties.front().line);
    return next < file_.line_total() ? indent_of(next) : std::string_view{};
  }

  void write_missing(const Section& section, const SectionEdit& edit) {
    for (const auto& [key, value] : edit.set) {
      if (section.find(key) == nullptr) write_assignment(key, value);
    }
  }

  // A second section of the same name keeps what is not ours. With comments alone left its header
  // goes, with nothing left all of it.
  void write_repeated(const Section& section, const SectionEdit& edit) {
    std::vector<std::size_t> kept;
    std::size_t next = section.line + 1;
    for (const Property& property : section.properties) {
      for (; next < property.line; ++next) kept.push_back(next);
      if (touches(edit, property.key)) next = property.line + property.line_count;
    }
    for (; next < section.line + section.line_count; ++next) kept.push_back(next);
    const auto blank = [&](std::size_t line) { return is_blank(line); };
    const auto silent = [&](std::size_t line) { return says_nothing(line); };
    if (std::all_of(kept.begin(), kept.end(), blank)) return;
    if (!std::all_of(kept.begin(), kept.end(), silent)) copy_line(section.line);
    for (const std::size_t line : kept) copy_line(line);
  }

  // `[ x ]` is another name to botocore: written as `[x]`, with what follows the bracket kept.
  void write_header(const Section& section) {
    const std::string_view line = file_.line(section.line);
    const std::size_t open = line.find('[');
    const bool marked = section.line == 0 && line.starts_with(byte_order_mark);
    if (marked) out_ += byte_order_mark;
    out_.append("[").append(section.name).append(line.substr(line.find(']', open)));
    end_line();
  }

  void append_section(const SectionEdit& edit) {
    end_line();
    const bool after_text = file_.line_total() > 0 || !out_.empty();
    if (after_text && !ends_with_blank_line()) out_ += newline_;
    out_.append("[").append(edit.section).append("]").append(newline_);
    for (const auto& [key, value] : edit.set) write_assignment(key, value);
  }

  bool ends_with_blank_line() const {
    return out_.ends_with("\n\n") || out_.ends_with("\n\r\n") || out_ == newline_;
  }

  void write_assignment(std::string_view key, std::string_view value) {
    end_line();
    out_.append(indent_).append(key).append(" = ").append(value).append(newline_);
  }

  void copy_line(std::size_t number) { copy_lines(number, 1); }
  void copy_lines(std::size_t first, std::size_t count) {
    if (count == 0) return;
    end_line();
    const std::string_view last = file_.line(first + count - 1);
    const char* begin = file_.line(first).data();
    out_.append(begin, last.data() + last.size());
  }

  void end_line() {
    if (out_.empty() || out_.back() == '\n') return;
    out_ += out_.back() == '\r' ? "\n" : newline_;
  }

  const SharedFile& file_;
  std::string_view newline_;
  std::string_view indent_;
  base::WipedString out_;
};

}  // namespace

base::WipedString edited(const SharedFile& file, std::span<const SectionEdit> edits) {
  return Editor(file).run(edits);
}

}  // namespace aws
