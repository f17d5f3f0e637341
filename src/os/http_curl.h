#pragma once

#include "os/background.h"
#include "os/early_connection.h"
#include "os/http.h"
#include "os/interrupt.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace os {

// Behind it: os/http_curl_exchange.
class CurlEngine;
class CurlExchange;

// HTTPS by libcurl, TLS 1.2 at least, certificates always verified. Opened by its soname when a
// request is first waited for, because linking it would cost five milliseconds at every start; the
// requests that were started by then are connecting already (os/early_connection). HTTPS_PROXY,
// NO_PROXY and their lower-case forms are honoured by libcurl itself, except towards this machine.
// Connections are kept for the next request to the same origin. Everything else runs in the calling
// thread: in wait(), and as the Background of a terminal while a person thinks.
class CurlHttpClient : public HttpClient, public Background {
 public:
  explicit CurlHttpClient(const Interrupt& interrupt, LookUp look_up = os::look_up);
  ~CurlHttpClient() override;
  void trust(const std::string& ca_bundle) override { ca_bundle_ = ca_bundle; }
  std::unique_ptr<HttpExchange> start(const base::HttpRequest& request,
                                      Via via = Via::any_connection) override;
  void keep_warm(const std::string& origin, int connections = 1) override;
  void wait_some(std::chrono::milliseconds timeout) override;
  void wait(std::span<pollfd> descriptors) override;

 private:
  CurlEngine& engine();
  void refresh_warm_connections();

  const Interrupt& interrupt_;
  const LookUp look_up_;
  std::string ca_bundle_;
  std::shared_ptr<CurlEngine> engine_;  // shared with the exchanges, which may outlive the client

  // The connections that are kept warm.
  std::string warm_origin_;
  int warm_connections_ = 0;
  std::vector<std::unique_ptr<CurlExchange>> warming_;  // the requests that do it
  std::chrono::steady_clock::time_point last_warmed_;
  std::chrono::steady_clock::time_point warm_until_;
};

}  // namespace os
