#pragma once

#include "os/background.h"
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

// HTTPS by libcurl: TLS 1.2 at least, certificates always verified. The library is opened by its
// soname when the first request starts, because linking it would cost five milliseconds at every
// start. libcurl itself honors HTTPS_PROXY, NO_PROXY and their lower-case forms, except for
// requests to this machine. Connections are kept for the next request to the same origin.
// Everything runs in the calling thread: in wait(), and as the Background of a terminal while a
// person thinks.
class CurlHttpClient : public HttpClient, public Background {
 public:
  explicit CurlHttpClient(const Interrupt& interrupt);
  ~CurlHttpClient() override;
  void trust(const std::string& ca_bundle) override { ca_bundle_ = ca_bundle; }
  std::unique_ptr<HttpExchange> start(const base::HttpRequest& request,
                                      Via via = Via::any_connection) override;
  void keep_warm(const std::string& origin, int connections = 1) override;
  void wait_some(std::chrono::milliseconds timeout) override;
  void wait(std::span<pollfd> descriptors) override;

 private:
  const std::shared_ptr<CurlEngine>& engine();
  void refresh_warm_connections();

  const Interrupt& interrupt_;
  std::string ca_bundle_;
  std::shared_ptr<CurlEngine> engine_;  // shared with the exchanges, which may outlive the client

  std::size_t seen_ended_ = 0;  // of the engine's exchanges, when wait_some() returned

  // The connections that are kept warm.
  std::string warm_origin_;
  int warm_connections_ = 0;
  std::vector<std::unique_ptr<CurlExchange>> warming_;  // the requests that do it
  std::chrono::steady_clock::time_point last_warmed_;
  std::chrono::steady_clock::time_point warm_until_;
};

}  // namespace os
