#pragma once

#include "base/http_message.h"

#include <string>
#include <variant>
#include <vector>

namespace os {

// No answer came. Whether the request may be made again is for the caller to decide.
struct HttpFailure {
  std::string what;                // a sentence without a final stop
  std::vector<std::string> hints;  // what to do next
  bool body_sent = false;          // false: not one byte of the body left this process
};

using HttpResult = std::variant<base::HttpResponse, HttpFailure>;

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Certificates to trust from now on, a PEM file, in place of the system's.
  virtual void trust(const std::string& ca_bundle) = 0;
  // Sends the body at most once, whatever happens (a request without one may be repeated when a
  // kept connection turns out to be dead), and never follows a redirect. Throws Error{interrupted}
  // when the user interrupts, Error{failed} when no request can be made at all.
  virtual HttpResult send(const base::HttpRequest& request) = 0;
};

}  // namespace os
