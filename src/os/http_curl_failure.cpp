#include "os/http_curl_failure.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <initializer_list>
#include <vector>

namespace os {
namespace {

bool any_is_set(std::initializer_list<const char*> variables) {
  return std::any_of(variables.begin(), variables.end(), [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

// By libcurl's own variables. Which hosts NO_PROXY exempts only libcurl knows, so where it is set
// the proxy is not blamed.
bool needs_proxy(const base::Origin& origin) {
  return !origin.is_loopback() && !any_is_set({"no_proxy", "NO_PROXY"}) &&
         any_is_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
}

}  // namespace

HttpFailure failure(CURLcode code, const HttpAttempt& attempt) {
  const std::string& host = attempt.origin.host;
  const std::string offline = "check the network, and the proxy if there is one (HTTPS_PROXY)";
  const std::string proxy = "check HTTPS_PROXY, or name the host in NO_PROXY if it needs no proxy";
  const auto result = [&](std::string what, std::vector<std::string> hints) {
    return HttpFailure{std::move(what), std::move(hints), attempt.body_sent};
  };
  if (attempt.too_large) {
    return result(fmt::format("the answer from {} is too large to be AWS's", host),
                  {"check --endpoint-url"});
  }
  if (attempt.proxy_status >= 400) {
    return result(
        fmt::format("the proxy refuses to connect to {} ({})", host, attempt.proxy_status),
        {proxy});
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return result(fmt::format("{} cannot be found", host),
                    {offline, "check the region, which is part of the name"});
    case CURLE_COULDNT_RESOLVE_PROXY:
      return result("the proxy cannot be found", {"check HTTPS_PROXY"});
    case CURLE_COULDNT_CONNECT:
      if (needs_proxy(attempt.origin)) {
        return result(fmt::format("the proxy for {} cannot be reached", host), {proxy});
      }
      return result(fmt::format("{} cannot be reached", host), {offline});
    case CURLE_OPERATION_TIMEDOUT:
      return result(fmt::format("{} does not answer in time", host), {offline});
    case CURLE_PEER_FAILED_VERIFICATION:
      return result(fmt::format("the certificate of {} is not trusted", host),
                    {"behind a proxy that intercepts TLS, name its CA file with AWS_CA_BUNDLE"});
    case CURLE_SSL_CACERT_BADFILE:
      if (attempt.ca_bundle.empty()) {
        return result("there are no CA certificates on this system",
                      {"install them; on Debian: apt-get install ca-certificates"});
      }
      return result(fmt::format("the CA file {} cannot be read", attempt.ca_bundle),
                    {"check AWS_CA_BUNDLE or ca_bundle"});
    case CURLE_SSL_CONNECT_ERROR:
      return result(fmt::format("cannot make a secure connection to {}", host),
                    {"the server must speak TLS 1.2 or newer", offline});
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return result(fmt::format("the connection to {} broke before the answer had come", host),
                    {offline});
    default:
      return result(
          fmt::format("the request to {} failed: {}", host, Curl::instance().easy_strerror(code)),
          {offline});
  }
}

}  // namespace os
