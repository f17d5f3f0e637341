#include "aws/files/shared_file.h"

#include "aws/files/ini_text.h"
#include "base/text.h"

#include <algorithm>

namespace aws {
namespace {

// Goes over a file's lines once, for the headers.
class HeaderFinder {
 public:
  explicit HeaderFinder(const SharedFile& file) : file_(file) {}

  // Whether the line is a header. One that is broken ends a section too, but for one that is part
  // of a value to the AWS CLI.
  bool is_header(std::size_t number) {
    const std::string_view line = file_.line(number);
    // Most lines are seen to be none by their first byte.
    if (line.front() >= 'a' && line.front() <= 'z') return false;
    const std::string_view text = this->text(number);
    const std::string_view trimmed = ini::trim(text);
    if (!trimmed.starts_with('[')) return false;
    if (ini::is_header(trimmed)) return true;
    const std::size_t indent = ini::indent(text);
    const bool within_value = indent <= ini::deepest_indent && continues(number, indent);
    return ini::is_broken_header(trimmed) && !within_value;
  }

  std::string_view text(std::size_t number) const {
    std::string_view text = ini::without_line_end(file_.line(number));
    if (number == 0 && text.starts_with(ini::byte_order_mark)) {
      text.remove_prefix(ini::byte_order_mark.size());
    }
    return text;
  }

 private:
  // Asked for few lines, so that the lines before are looked at only then.
  bool continues(std::size_t number, std::size_t indent) {
    for (; followed_ < number; ++followed_) {
      const std::string_view text = this->text(followed_);
      const std::string_view trimmed = ini::trim(text);
      if (trimmed.empty() || ini::is_comment(trimmed)) continue;
      const std::size_t depth = ini::indent(text);
      if (!continuations_.contains(depth)) continuations_.begin_line(depth, trimmed);
    }
    return continuations_.contains(indent);
  }

  const SharedFile& file_;
  ini::Continuations continuations_;
  std::size_t followed_ = 0;  // the lines that `continuations_` knows
};

// Goes over a section's lines once; knows the property that a continuation would belong to.
class PropertyReader {
 public:
  explicit PropertyReader(const Section& section) : section_(section) {}

  std::vector<Property> read() {
    const std::vector<std::size_t> begins = ini::line_begins(section_.body);
    properties_.reserve(std::min<std::size_t>(begins.size(), 8));
    for (std::size_t i = 0; i < begins.size(); ++i) {
      const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : section_.body.size();
      number_ = section_.line + 1 + i;
      read_line(ini::without_line_end(section_.body.substr(begins[i], end - begins[i])));
    }
    return std::move(properties_);
  }

 private:
  void read_line(std::string_view text) {
    const std::string_view trimmed = ini::trim(text);
    if (trimmed.empty() || ini::is_comment(trimmed)) return;
    const std::size_t indent = ini::indent(text);
    if (continues(indent, trimmed)) return read_continuation(trimmed);
    read_property(indent, trimmed);
  }

  // An indented line goes on with the value above it; but below a value that is not empty Terraform
  // and the SDKs read an indented `key = value` as a property of its own, and so do we.
  bool continues(std::size_t indent, std::string_view trimmed) const {
    if (!within_property_ || indent <= property_indent_) return false;
    return properties_.back().value.empty() || trimmed.find('=') == std::string_view::npos;
  }

  void read_continuation(std::string_view trimmed) {
    Property& property = properties_.back();
    property.more.push_back(trimmed);
    property.line_count = number_ - property.line + 1;
  }

  void read_property(std::size_t indent, std::string_view trimmed) {
    const bool indented_below = within_property_ && indent > property_indent_;
    within_property_ = false;  // a line that is not a property ends the one above
    const std::size_t sign = ini::find_sign(trimmed);
    if (sign == std::string_view::npos) return;
    const std::string_view key = ini::trim(trimmed.substr(0, sign));
    if (key.empty() || key.front() == '[' || key.find_first_of(" \t") != std::string_view::npos)
      return;
    properties_.push_back({base::to_lower(key),
                           ini::trim(ini::without_inline_comment(trimmed.substr(sign + 1))),
                           {},
                           number_,
                           1});
    within_property_ = true;
    if (!indented_below) property_indent_ = indent;
  }

  const Section& section_;
  std::vector<Property> properties_;
  std::size_t number_ = 0;
  bool within_property_ = false;
  std::size_t property_indent_ = 0;
};

}  // namespace

std::string_view profile_of(std::string_view section, FileKind kind) {
  if (kind == FileKind::credentials || section == "default") return section;
  return ini::name_after("profile", section);
}

std::vector<Property> Section::properties() const { return PropertyReader(*this).read(); }

std::optional<Property> Section::find(std::string_view key) const {
  std::vector<Property> all = properties();
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [&](const Property& p) { return p.key == key; });
  return found == all.rend() ? std::nullopt : std::optional(std::move(*found));
}

SharedFile::SharedFile(base::WipedString bytes)
    : bytes_(std::make_shared<const base::WipedString>(std::move(bytes))),
      line_begins_(ini::line_begins(*bytes_)) {
  find_sections();
}

void SharedFile::find_sections() {
  HeaderFinder finder(*this);
  const auto end_last = [&](std::size_t line) {
    if (sections_.empty()) return;
    Section& last = sections_.back();
    last.line_count = line - last.line;
    last.body = lines(last.line + 1, line);
  };
  for (std::size_t i = 0; i < line_total(); ++i) {
    if (!finder.is_header(i)) continue;
    end_last(i);
    const std::string_view text = ini::trim(finder.text(i));
    // What follows a broken header belongs to no profile, least of all to the one above.
    const std::string_view name =
        ini::is_header(text) ? ini::trim(text.substr(1, text.find(']') - 1)) : std::string_view{};
    sections_.push_back({name, i, 0, {}});
  }
  end_last(line_total());
}

std::string_view SharedFile::lines(std::size_t begin, std::size_t end) const {
  const auto offset = [this](std::size_t number) {
    return number < line_begins_.size() ? line_begins_[number] : bytes_->size();
  };
  return std::string_view(*bytes_).substr(offset(begin), offset(end) - offset(begin));
}

std::string_view SharedFile::newline() const {
  return !line_begins_.empty() && line(0).find('\r') != std::string_view::npos ? "\r\n" : "\n";
}

}  // namespace aws
