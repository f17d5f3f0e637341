#include "aws/shared_file.h"

#include "aws/ini_text.h"
#include "base/text.h"

#include <algorithm>

namespace aws {

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
    std::string_view text = ini::without_line_end(file_.line(number_));
    if (number_ == 0 && text.starts_with(ini::byte_order_mark)) {
      text.remove_prefix(ini::byte_order_mark.size());
    }
    const std::string_view trimmed = ini::trim(text);
    if (trimmed.empty() || ini::is_comment(trimmed)) return;
    const std::size_t indent = ini::indent(text);
    const bool continues_for_python = continuations_.contains(indent);
    if (!continues_for_python) continuations_.begin_line(indent, trimmed);
    // A broken header ends a section, but for one that is part of a value to the AWS CLI.
    const bool within_value = continues_for_python && indent <= ini::deepest_indent;
    const bool broken_header = ini::is_broken_header(trimmed) && !within_value;
    if (ini::is_header(trimmed) || broken_header) return parse_header(trimmed);
    if (file_.sections_.empty()) return;
    if (continues(indent, trimmed)) return parse_continuation(trimmed);
    parse_property(indent, trimmed);
  }

  void parse_header(std::string_view text) {
    const std::size_t close = text.find(']');
    // What follows a broken header belongs to no profile, least of all to the one above.
    const std::string_view name =
        ini::is_header(text) ? ini::trim(text.substr(1, close - 1)) : std::string_view{};
    file_.sections_.push_back({name, number_, 0, {}});
    file_.sections_.back().properties.reserve(6);  // a session, region and output
    property_ = nullptr;
  }

  // An indented line goes on with the value above it; but below a value that is not empty Terraform
  // and the SDKs read an indented `key = value` as a property of its own, and so do we.
  bool continues(std::size_t indent, std::string_view trimmed) const {
    if (property_ == nullptr || indent <= property_indent_) return false;
    return property_->value.empty() || trimmed.find('=') == std::string_view::npos;
  }

  void parse_continuation(std::string_view trimmed) {
    property_->more.push_back(trimmed);
    property_->line_count = number_ - property_->line + 1;
  }

  void parse_property(std::size_t indent, std::string_view trimmed) {
    const bool indented_below = property_ != nullptr && indent > property_indent_;
    property_ = nullptr;  // a line that is no property ends the one above
    const std::size_t sign = ini::find_sign(trimmed);
    if (sign == std::string_view::npos) return;
    const std::string_view key = ini::trim(trimmed.substr(0, sign));
    if (key.empty() || key.front() == '[' || key.find_first_of(" \t") != std::string_view::npos)
      return;
    Section& section = file_.sections_.back();
    section.properties.push_back({base::to_lower(key),
                                  ini::trim(ini::without_inline_comment(trimmed.substr(sign + 1))),
                                  {},
                                  number_,
                                  1});
    property_ = &section.properties.back();
    if (!indented_below) property_indent_ = indent;
  }

  SharedFile& file_;
  std::size_t number_ = 0;
  Property* property_ = nullptr;
  std::size_t property_indent_ = 0;
  ini::Continuations continuations_;
};

const Property* Section::find(std::string_view key) const {
  const auto found = std::find_if(properties.rbegin(), properties.rend(),
                                  [&](const Property& p) { return p.key == key; });
  return found == properties.rend() ? nullptr : &*found;
}

SharedFile::SharedFile(base::WipedString bytes)
    : bytes_(std::make_shared<const base::WipedString>(std::move(bytes))),
      line_begins_(ini::line_begins(*bytes_)) {
  SharedFileParser(*this).run();
}

std::string_view SharedFile::line(std::size_t number) const {
  const std::size_t begin = line_begins_[number];
  const std::size_t end =
      number + 1 < line_begins_.size() ? line_begins_[number + 1] : bytes_->size();
  return std::string_view(*bytes_).substr(begin, end - begin);
}

std::string_view SharedFile::newline() const {
  return !line_begins_.empty() && line(0).find('\r') != std::string_view::npos ? "\r\n" : "\n";
}

}  // namespace aws
