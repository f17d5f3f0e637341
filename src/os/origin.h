#pragma once

#include <string>
#include <string_view>

namespace os {

// Where a request goes, and whether a proxy stands between.
struct Origin {
  // Of the form scheme://host[:port].
  explicit Origin(std::string_view url);

  std::string host;  // as it stands there: an IPv6 address in brackets
  std::string port;
  std::string name;  // the host, without brackets

  bool is_loopback() const;
  // Names that libcurl knows without asking anybody (RFC 6761).
  bool is_localhost() const;
  // By libcurl's own variables. Which hosts NO_PROXY exempts it alone knows.
  bool may_need_proxy() const;
  bool needs_proxy() const;
};

}  // namespace os
