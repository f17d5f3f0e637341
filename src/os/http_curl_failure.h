#pragma once

#include "base/origin.h"
#include "os/curl_library.h"
#include "os/http.h"

#include <string>

namespace os {

// The request that failed.
struct HttpAttempt {
  const base::Origin& origin;
  const std::string& ca_bundle;  // empty: the system's own
  bool body_sent = false;        // even in part
  bool too_large = false;        // the answer
  long proxy_status = 0;         // what a proxy answered to CONNECT; 0: none did
};

// What went wrong, and what to do next, in this program's own words.
HttpFailure failure(CURLcode code, const HttpAttempt& attempt);

}  // namespace os
