#pragma once

#include "base/secret.h"
#include "base/text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// HTTP messages as plain values (RFC 9110): built by `aws`, carried by `os`, answered by the
// sandbox. Header values and bodies hold keys and tokens, hence WipedString.
struct Header {
  std::string name;
  WipedString value;
};

struct HttpRequest {
  std::string method;
  std::string origin;  // "https://host" or "https://host:port"; empty where a server received it
  std::string target = "/";  // path and query, as on the request line
  std::vector<Header> headers;
  WipedString body;
};

struct HttpResponse {
  int status = 0;  // 0: a server drops the connection without an answer
  std::vector<Header> headers;
  WipedString body;
};

// The first header of that name (case does not count), or nullptr.
inline const WipedString* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
    return equal_ignoring_case(header.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

}  // namespace base
