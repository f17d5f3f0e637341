#include "app/config/profile_pattern.h"

#include "aws/files/profile.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

constexpr std::string_view name_placeholder = "{name}";
constexpr std::string_view account_placeholder = "{account}";

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

bool has_placeholder(std::string_view pattern) {
  return pattern.find(name_placeholder) != std::string_view::npos ||
         pattern.find(account_placeholder) != std::string_view::npos;
}

std::string fill_in(std::string pattern, std::string_view name, std::string_view account) {
  replace_all(pattern, name_placeholder, name);
  replace_all(pattern, account_placeholder, account);
  return pattern;
}

void require_profile_pattern(std::string_view pattern) {
  if (aws::is_profile_name(fill_in(std::string(pattern), "name", "none"))) return;
  throw base::Error(base::ErrorKind::usage, fmt::format("it takes {}", aws::profile_name_rule));
}

}  // namespace app
