#pragma once

#include "base/secret.h"
#include "base/text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// HTTP messages as plain values (RFC 9110): `aws` builds them, `os` carries them, the sandbox
// answers them. Header values and bodies are WipedString since they hold keys and tokens.
struct Header {
  std::string name;
  WipedString value;
};

struct HttpRequest {
  std::string method;
  std::string origin;        // "https://host" or "https://host:port"; empty in a request received
  std::string target = "/";  // path and query, as on the request line
  std::vector<Header> headers;
  WipedString body;
};

struct HttpResponse {
  int status = 0;  // 0 makes a server drop the connection without an answer
  std::vector<Header> headers;
  WipedString body;
};

// The first header of that name, in any case; nullptr where there is none.
inline const WipedString* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
    return equal_ignoring_case(header.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

}  // namespace base
