#include "aws/files/shared_file_check.h"

#include "aws/files/ini_text.h"
#include "aws/model/pattern.h"
#include "base/text.h"

#include <set>
#include <string>

namespace aws {
namespace {

// Takes the lines as Python's configparser does, and beside that looks for what other clients take
// otherwise. Where configparser gives up it goes on, as if that line were correct.
class Checker {
 public:
  Checker(const SharedFile& file, FileKind kind) : file_(file), kind_(kind) {}

  std::vector<FileProblem> run() {
    for (number_ = 0; number_ < file_.line_total(); ++number_) check_line();
    return std::move(problems_);
  }

 private:
  void check_line() {
    const std::string_view line = file_.line(number_);
    std::string_view text = ini::without_line_end(line);
    if (number_ == 0 && text.starts_with(ini::byte_order_mark)) {
      refused("a byte order mark: the AWS CLI refuses the whole file");
      text.remove_prefix(ini::byte_order_mark.size());
    }
    if (!count_characters(text)) {
      refused("a byte that is not UTF-8: the AWS CLI refuses the whole file");
    }
    const std::string_view trimmed = ini::trim(text);
    if (trimmed.empty() || ini::is_comment(trimmed)) return;
    if (line.ends_with('\r')) {
      differs("a lone carriage return: the AWS CLI begins a new line there, the SDKs do not");
    }
    const std::size_t depth = ini::indent(text);
    if (continuations_.contains(depth)) return check_continuation(trimmed);
    continuations_.begin_line(depth, trimmed);
    if (ini::is_header(trimmed)) return check_header(trimmed);
    if (keys_ == nullptr) {
      return refused("text before the first section: the AWS CLI refuses the whole file");
    }
    check_option(trimmed);
  }

  void check_continuation(std::string_view trimmed) {
    if (value_is_empty_ && !ini::is_nested_pair(trimmed)) {
      refused("a nested line without =: the AWS CLI refuses the whole file");
    } else if (value_is_empty_ && trimmed.front() == '=') {
      differs("a nested line without a key before its =");
    } else if (trimmed.front() == '[') {
      differs("an indented section header: the AWS CLI reads it as part of the line above");
    } else if (!value_is_empty_ && trimmed.find('=') != std::string_view::npos) {
      differs("an indented key: the AWS CLI reads it as part of the line above");
    }
  }

  void check_header(std::string_view trimmed) {
    // configparser looks for the last bracket, the SDKs for the first.
    const std::string_view python_name = trimmed.substr(1, trimmed.rfind(']') - 1);
    const std::size_t close = trimmed.find(']');
    const std::string_view name = trimmed.substr(1, close - 1);
    const std::string_view rest = ini::trim(trimmed.substr(close + 1));
    if (python_name != name) {
      differs("a second ] in a section header: the AWS CLI reads the name up to there");
    } else if (!rest.empty() && !ini::is_comment(rest)) {
      differs("text after the closing ] of a section");
    }
    if (ini::trim(name) != name) {
      differs("a space next to a section's name: the AWS CLI reads it as part of the name");
    }
    if (kind_ == FileKind::config && python_name == "plugins") {
      differs("a section [plugins]: version 1 of the AWS CLI loads code that it names");
    }
    if (python_name == "DEFAULT") {
      keys_ = &default_keys_;
      return spreads("a section [DEFAULT]: the AWS CLI reads its keys into every profile");
    }
    section_keys_.clear();
    keys_ = &section_keys_;
    if (!names_.insert(python_name).second) {
      refused("a section that is in the file already: the AWS CLI refuses the whole file");
    }
  }

  void check_option(std::string_view trimmed) {
    const std::size_t sign = ini::find_sign(trimmed);
    if (sign == std::string_view::npos) {
      if (ini::is_broken_header(trimmed)) {
        return refused("a broken section header: the AWS CLI refuses the whole file");
      }
      return refused(
          "a line that is neither a key nor a section: the AWS CLI refuses the whole file");
    }
    const std::string_view key = ini::trim(trimmed.substr(0, sign));
    const std::string_view value = ini::trim(trimmed.substr(sign + 1));
    if (key.empty()) {
      return refused("a line without a key before its =: the AWS CLI refuses the whole file");
    }
    value_is_empty_ = value.empty();
    if (!keys_->insert(base::to_lower(key)).second) {
      refused("a key that is in its section already: the AWS CLI refuses the whole file");
    }
    if (key.front() == '[') {
      differs("a section header without its closing ]: the AWS CLI reads a key");
    } else if (key.find_first_of(" \t") != std::string_view::npos) {
      differs("a key with a space in it");
    }
    if (trimmed[sign] == ':') differs("a : where the SDKs want =");
    check_value(trimmed.substr(sign + 1), value);
  }

  void check_value(std::string_view whole, std::string_view value) {
    if (ini::trim(ini::without_inline_comment(whole)) != value || ini::is_comment(value)) {
      differs("a comment after a value: the AWS CLI reads it as part of the value");
    }
    const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                        (value.front() == '"' || value.front() == '\'');
    if (quoted) differs("a value in quotes: Terraform takes them off, the AWS CLI does not");
  }

  void refused(std::string_view what) { problems_.push_back({number_ + 1, Harm::refused, what}); }
  void spreads(std::string_view what) { problems_.push_back({number_ + 1, Harm::spreads, what}); }
  void differs(std::string_view what) { problems_.push_back({number_ + 1, Harm::differs, what}); }

  const SharedFile& file_;
  FileKind kind_;
  std::size_t number_ = 0;
  ini::Continuations continuations_;
  bool value_is_empty_ = false;  // of the key that a line may continue
  std::set<std::string_view> names_;
  std::set<std::string> section_keys_;
  std::set<std::string> default_keys_;     // [DEFAULT] may stand twice, its keys may not
  std::set<std::string>* keys_ = nullptr;  // of the section that is read
  std::vector<FileProblem> problems_;
};

}  // namespace

std::vector<FileProblem> problems(const SharedFile& file, FileKind kind) {
  return Checker(file, kind).run();
}

}  // namespace aws
