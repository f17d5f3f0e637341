#include "sandbox/parameters.h"

#include "aws/model/pattern.h"
#include "base/text.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace sandbox {
namespace {

// "RoleArn" is "roleArn" in AWS's messages.
std::string member_name(std::string_view parameter) {
  std::string name(parameter);
  name.front() = static_cast<char>(name.front() | 0x20);
  return name;
}

}  // namespace

Parameters::Parameters(std::string_view form) {
  for (const std::string_view pair : base::split(form, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    values_.emplace(base::form_decode(pair.substr(0, equals)), base::form_decode(value));
  }
}

const std::string* Parameters::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Parameters::value_or(std::string_view name, std::string_view otherwise) const {
  const std::string* const value = find(name);
  return value ? *value : std::string(otherwise);
}

std::vector<std::string> Parameters::members(std::string_view before,
                                             std::string_view after) const {
  std::vector<std::string> result;
  for (int i = 1;; ++i) {
    const std::string* const value = find(fmt::format("{}{}{}", before, i, after));
    if (!value) return result;
    result.push_back(*value);
  }
}

void Validation::add(std::string_view parameter, std::string_view value,
                     std::string_view constraint) {
  violations_.push_back(fmt::format("Value {} at '{}' failed to satisfy constraint: Member must {}",
                                    value, member_name(parameter), constraint));
}

void Validation::check(std::string_view parameter, const std::string& value, const TextRule& rule) {
  const std::string quoted = fmt::format("'{}'", value);
  // A pattern that ends in + wants at least one character.
  const bool fits = std::all_of(value.begin(), value.end(), [&](char c) {
    return rule.allowed(static_cast<unsigned char>(c));
  });
  if (!fits || (value.empty() && rule.pattern.ends_with('+'))) {
    add(parameter, quoted, fmt::format("satisfy regular expression pattern: {}", rule.pattern));
  }
  // AWS counts characters, not bytes.
  const std::size_t length = aws::count_characters(value).value_or(value.size());
  if (length < rule.min) {
    add(parameter, quoted, fmt::format("have length greater than or equal to {}", rule.min));
  }
  if (length > rule.max) {
    add(parameter, quoted, fmt::format("have length less than or equal to {}", rule.max));
  }
}

std::string Validation::required(std::string_view parameter, const TextRule& rule) {
  if (!parameters_.find(parameter)) {
    add(parameter, "null", "not be null");
    return {};
  }
  return *optional(parameter, rule);
}

std::optional<std::string> Validation::optional(std::string_view parameter, const TextRule& rule) {
  const std::string* const value = parameters_.find(parameter);
  if (!value) return std::nullopt;
  check(parameter, *value, rule);
  return *value;
}

std::optional<int> Validation::integer(std::string_view parameter, int min, int max) {
  const std::string* const text = parameters_.find(parameter);
  if (!text) return std::nullopt;
  int value = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end) throw Refusal(400, "MalformedInput");
  const std::string quoted = fmt::format("'{}'", value);
  if (value < min) {
    add(parameter, quoted, fmt::format("have value greater than or equal to {}", min));
  }
  if (value > max) {
    add(parameter, quoted, fmt::format("have value less than or equal to {}", max));
  }
  return value;
}

void Validation::finish() const {
  if (violations_.empty()) return;
  throw Refusal(400, "ValidationError",
                fmt::format("{} validation error{} detected: {}", violations_.size(),
                            violations_.size() == 1 ? "" : "s", fmt::join(violations_, "; ")));
}

}  // namespace sandbox
