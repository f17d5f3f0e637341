#include "os/http_curl.h"

#include "os/http_curl_exchange.h"

#include <algorithm>
#include <filesystem>
#include <new>

namespace os {
namespace {

// Servers close connections that are idle for a minute or so; a person who takes longer than the
// second of these finds a cold one.
constexpr std::chrono::seconds warm_interval{20};
constexpr std::chrono::minutes max_warm{10};
// libcurl closes idle connections beyond four for each request on its way, which are none while a
// person is waited for.
constexpr long max_connections = 64;

// OpenSSL reads single certificates from a folder of hashed names in a quarter of the time that the
// whole bundle takes.
const char* hashed_ca_folder() {
  constexpr const char* folder = "/etc/ssl/certs";
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".0") return folder;
  }
  return nullptr;
}

}  // namespace

CurlHttpClient::Engine::~Engine() {
  if (multi_ != nullptr) Curl::instance().multi_cleanup(multi_);
}

void CurlHttpClient::Engine::open() {
  const Curl& curl = Curl::instance();
  multi_ = curl.multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_connections);
  ca_folder_ = hashed_ca_folder();
}

void CurlHttpClient::Engine::add(Exchange& exchange) {
  connecting_.push_back(&exchange);
  if (opened()) perform();
}

void CurlHttpClient::Engine::remove(Exchange& exchange) { std::erase(connecting_, &exchange); }

void CurlHttpClient::Engine::perform() {
  if (!opened()) open();
  const auto ready = std::stable_partition(connecting_.begin(), connecting_.end(),
                                           [](Exchange* each) { return each->connecting(); });
  const std::vector<Exchange*> begin(ready, connecting_.end());
  connecting_.erase(ready, connecting_.end());
  for (Exchange* exchange : begin) exchange->begin();
  const Curl& curl = Curl::instance();
  int running = 0;
  curl.multi_perform(multi_, &running);
  int left = 0;
  while (const CURLMsg* message = curl.multi_info_read(multi_, &left)) {
    char* exchange = nullptr;
    curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    reinterpret_cast<Exchange*>(exchange)->end(message->data.result);
  }
}

void CurlHttpClient::Engine::wait(std::span<pollfd> descriptors,
                                  std::chrono::milliseconds timeout) {
  std::vector<curl_waitfd> extra;
  for (const pollfd& descriptor : descriptors) {
    extra.push_back({descriptor.fd, CURL_WAIT_POLLIN, 0});
  }
  for (const Exchange* exchange : connecting_) {
    extra.push_back({exchange->connecting_descriptor(), CURL_WAIT_POLLIN, 0});
  }
  Curl::instance().multi_poll(multi_, extra.data(), static_cast<unsigned>(extra.size()),
                              static_cast<int>(timeout.count()), nullptr);
  poll(descriptors.data(), descriptors.size(), 0);
}

CurlHttpClient::CurlHttpClient(const Interrupt& interrupt, LookUp look_up)
    : interrupt_(interrupt), look_up_(look_up) {}

CurlHttpClient::~CurlHttpClient() = default;

CurlHttpClient::Engine& CurlHttpClient::engine() {
  if (!engine_) engine_ = std::make_shared<Engine>(interrupt_, look_up_);
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
  return std::make_unique<Exchange>(engine_, request, ca_bundle_);
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
    warming_.push_back(std::make_unique<Exchange>(engine_, head, ca_bundle_));
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
