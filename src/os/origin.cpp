#include "os/origin.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

namespace os {
namespace {

bool any_is_set(std::initializer_list<const char*> variables) {
  return std::any_of(variables.begin(), variables.end(), [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

}  // namespace

Origin::Origin(std::string_view url) {
  std::string_view rest = url.substr(url.find("://") + 3);
  const bool brackets = rest.starts_with('[');
  host = rest.substr(0, brackets ? rest.find(']') + 1 : rest.find(':'));
  name = brackets ? host.substr(1, host.size() - 2) : host;
  rest.remove_prefix(host.size());
  port = rest.starts_with(':') ? rest.substr(1) : url.starts_with("https") ? "443" : "80";
}

bool Origin::is_loopback() const {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

bool Origin::is_localhost() const { return name == "localhost" || name.ends_with(".localhost"); }

bool Origin::may_need_proxy() const {
  return !is_loopback() && any_is_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
}

bool Origin::needs_proxy() const {
  return may_need_proxy() && !any_is_set({"no_proxy", "NO_PROXY"});
}

}  // namespace os
