#pragma once

#include "os/curl_library.h"
#include "os/http.h"
#include "os/origin.h"

#include <string>

namespace os {

// What a failure is about.
struct HttpAttempt {
  const Origin& origin;
  const std::string& ca_bundle;  // empty: the system's
  bool body_sent = false;        // in part, too
  bool too_large = false;        // the answer
  long proxy_status = 0;         // what a proxy answered to CONNECT; 0: none did
};

// What became of it, and what to do next, in the words of the program.
HttpFailure failure(CURLcode code, const HttpAttempt& attempt);

}  // namespace os
