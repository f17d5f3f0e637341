#pragma once

#include <string>
#include <string_view>

namespace base {

// Where an HTTP request goes (RFC 6454): "scheme://host" or "scheme://host:port", taken apart. The
// parts are not checked: whoever takes an origin from a user does that (aws/api/endpoint).
struct Origin {
  explicit Origin(std::string_view url);

  std::string scheme;     // in lower case; empty where there is no "://"
  std::string host;       // in lower case; an IPv6 address in its brackets
  bool has_port = false;  // a colon follows the host
  std::string port;       // what follows the colon

  // This machine: "localhost", "[::1]" or 127.0.0.0/8. An address counts in its usual spelling
  // only, since libraries disagree about `127.1` and `0x7f.0.0.1`, and a name such as
  // `127.example.com` is a host like any other.
  bool is_loopback() const;
};

}  // namespace base
