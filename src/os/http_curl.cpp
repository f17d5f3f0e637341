#include "os/http_curl.h"

#include "os/http_curl_exchange.h"

#include <algorithm>

namespace os {
namespace {

// Servers close connections that have been idle for a minute or so. A person who takes longer to
// answer than `max_warm` finds a cold connection.
constexpr std::chrono::seconds warm_interval{20};
constexpr std::chrono::minutes max_warm{10};
}  // namespace

CurlHttpClient::CurlHttpClient(const Interrupt& interrupt) : interrupt_(interrupt) {}

CurlHttpClient::~CurlHttpClient() = default;

const std::shared_ptr<CurlEngine>& CurlHttpClient::engine() {
  if (!engine_) engine_ = std::make_shared<CurlEngine>(interrupt_);
  return engine_;
}

std::unique_ptr<HttpExchange> CurlHttpClient::start(const base::HttpRequest& request, Via via) {
  if (via == Via::warm_connection && !warming_.empty()) {
    // Another connection would take longer than what is left of the first of these.
    const auto ended = [](const auto& exchange) { return exchange->ended(); };
    if (std::none_of(warming_.begin(), warming_.end(), ended)) warming_.front()->wait();
    std::erase_if(warming_, ended);
  }
  if (request.origin == warm_origin_) last_warmed_ = std::chrono::steady_clock::now();
  return std::make_unique<CurlExchange>(engine(), request, ca_bundle_);
}

void CurlHttpClient::keep_warm(const std::string& origin, int connections) {
  warm_origin_ = origin;
  warm_connections_ = connections;
  warm_until_ = std::chrono::steady_clock::now() + max_warm;
  last_warmed_ = {};
  refresh_warm_connections();
}

// An unsigned HEAD, which AWS answers without a body, opens a connection or shows that it is alive.
// Requests that are on their way at the same time each take a connection of their own.
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
    warming_.push_back(std::make_unique<CurlExchange>(engine(), head, ca_bundle_));
  }
}

void CurlHttpClient::wait_some(std::chrono::milliseconds timeout) {
  interrupt_.throw_if_pending();
  engine()->perform();
  // An exchange may have ended just now, or while another one was started or waited for: the caller
  // has not looked at it yet.
  if (engine_->ended() == seen_ended_) {
    pollfd wake = {interrupt_.descriptor(), POLLIN, 0};
    engine_->wait({&wake, 1}, timeout);
    engine_->perform();
  }
  seen_ended_ = engine_->ended();
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
