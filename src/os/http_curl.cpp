#include "os/http_curl.h"

#include "os/http_curl_exchange.h"

#include <algorithm>

namespace os {
namespace {

// Servers close connections that are idle for a minute or so; a person who takes longer than the
// second of these finds a cold one.
constexpr std::chrono::seconds warm_interval{20};
constexpr std::chrono::minutes max_warm{10};

}  // namespace

CurlHttpClient::CurlHttpClient(const Interrupt& interrupt, LookUp look_up)
    : interrupt_(interrupt), look_up_(look_up) {}

CurlHttpClient::~CurlHttpClient() = default;

CurlEngine& CurlHttpClient::engine() {
  if (!engine_) engine_ = std::make_shared<CurlEngine>(interrupt_, look_up_);
  return *engine_;
}

std::unique_ptr<HttpExchange> CurlHttpClient::start(const base::HttpRequest& request, Via via) {
  engine();
  if (via == Via::warm_connection && !warming_.empty()) {
    // Another connection would take longer than what is left of the first of these.
    const auto ended = [](const auto& exchange) { return exchange->ended(); };
    if (std::none_of(warming_.begin(), warming_.end(), ended)) warming_.front()->wait();
    std::erase_if(warming_, ended);
  }
  if (request.origin == warm_origin_) last_warmed_ = std::chrono::steady_clock::now();
  return std::make_unique<CurlExchange>(engine_, request, ca_bundle_);
}

void CurlHttpClient::keep_warm(const std::string& origin, int connections) {
  engine();
  warm_origin_ = origin;
  warm_connections_ = connections;
  warm_until_ = std::chrono::steady_clock::now() + max_warm;
  last_warmed_ = {};
  refresh_warm_connections();
}

// An unsigned HEAD, which AWS answers without a body, opens a connection or shows that it lives. As
// many as are on their way at once take as many connections.
void CurlHttpClient::refresh_warm_connections() {
  std::erase_if(warming_, [](const auto& exchange) { return exchange->ended(); });
  const auto now = std::chrono::steady_clock::now();
  if (warm_origin_.empty() || !warming_.empty() || now >= warm_until_ ||
      now - last_warmed_ < warm_interval) {
    return;
  }
  last_warmed_ = now;
  base::HttpRequest head;
  head.method = "HEAD";
  head.origin = warm_origin_;
  for (int i = 0; i < warm_connections_; ++i) {
    warming_.push_back(std::make_unique<CurlExchange>(engine_, head, ca_bundle_));
  }
}

void CurlHttpClient::wait_some(std::chrono::milliseconds timeout) {
  interrupt_.throw_if_pending();
  engine().perform();
  pollfd wake = {interrupt_.descriptor(), POLLIN, 0};
  engine_->wait({&wake, 1}, timeout);
  engine_->perform();
  interrupt_.throw_if_pending();
}

void CurlHttpClient::wait(std::span<pollfd> descriptors) {
  if (!engine_) return Background::wait(descriptors);
  const auto ready = [](const pollfd& descriptor) { return descriptor.revents != 0; };
  do {
    if (interrupt_.pending()) return;
    engine_->perform();
    refresh_warm_connections();
    engine_->wait(descriptors, std::chrono::seconds{1});
  } while (std::none_of(descriptors.begin(), descriptors.end(), ready));
}

}  // namespace os
