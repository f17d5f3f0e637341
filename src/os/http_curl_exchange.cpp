#include "os/http_curl_exchange.h"

#include "base/error.h"
#include "base/text.h"
#include "os/http_curl_failure.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <new>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace os {

using base::Error;
using base::ErrorKind;
using base::WipedString;

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};  // the look-up of the name included
constexpr std::chrono::milliseconds total_timeout{30'000};
constexpr std::size_t largest_answer = std::size_t{1} << 20;  // STS and IAM answer with a few KB

const Curl& curl() { return Curl::instance(); }

std::string with_brackets(const std::string& address) {
  return address.find(':') == std::string::npos ? address : fmt::format("[{}]", address);
}

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

CurlEngine::~CurlEngine() {
  if (multi_ != nullptr) curl().multi_cleanup(multi_);
}

void CurlEngine::open() {
  multi_ = curl().multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl().multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_connections);
  ca_folder_ = hashed_ca_folder();
}

void CurlEngine::add(CurlExchange& exchange) {
  connecting_.push_back(&exchange);
  if (opened()) perform();
}

void CurlEngine::remove(CurlExchange& exchange) { std::erase(connecting_, &exchange); }

void CurlEngine::perform() {
  if (!opened()) open();
  const auto ready = std::stable_partition(connecting_.begin(), connecting_.end(),
                                           [](CurlExchange* each) { return each->connecting(); });
  const std::vector<CurlExchange*> begin(ready, connecting_.end());
  connecting_.erase(ready, connecting_.end());
  for (CurlExchange* exchange : begin) exchange->begin();
  int running = 0;
  curl().multi_perform(multi_, &running);
  int left = 0;
  while (const CURLMsg* message = curl().multi_info_read(multi_, &left)) {
    char* exchange = nullptr;
    curl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    reinterpret_cast<CurlExchange*>(exchange)->end(message->data.result);
  }
}

void CurlEngine::wait(std::span<pollfd> descriptors, std::chrono::milliseconds timeout) {
  std::vector<curl_waitfd> extra;
  for (const pollfd& descriptor : descriptors) {
    extra.push_back({descriptor.fd, CURL_WAIT_POLLIN, 0});
  }
  for (const CurlExchange* exchange : connecting_) {
    extra.push_back({exchange->connecting_descriptor(), CURL_WAIT_POLLIN, 0});
  }
  curl().multi_poll(multi_, extra.data(), static_cast<unsigned>(extra.size()),
                    static_cast<int>(timeout.count()), nullptr);
  poll(descriptors.data(), descriptors.size(), 0);
}

CurlExchange::CurlExchange(std::shared_ptr<CurlEngine> engine, const base::HttpRequest& request,
                           std::string ca_bundle)
    : engine_(std::move(engine)),
      request_(request),
      origin_(request.origin),
      ca_bundle_(std::move(ca_bundle)),
      body_left_(request_.body) {
  engine_->interrupt().throw_if_pending();  // what was interrupted before is not sent
  if (!engine_->opened() && !origin_.may_need_proxy() && !origin_.is_localhost()) {
    early_.emplace(origin_.name, origin_.port, engine_->look_up());
  }
  engine_->add(*this);
}

CurlExchange::~CurlExchange() {
  engine_->remove(*this);
  if (easy_ != nullptr) curl().multi_remove_handle(engine_->multi(), easy_.get());
}

HttpResult CurlExchange::wait() {
  while (!result_) {
    engine_->interrupt().throw_if_pending();
    try {
      engine_->perform();
    } catch (const Error& error) {
      give_up(error);
    }
    if (result_) break;
    pollfd wake = {engine_->interrupt().descriptor(), POLLIN, 0};
    engine_->wait({&wake, 1}, std::chrono::seconds{1});
  }
  return std::move(*result_);
}

bool CurlExchange::connecting() const {
  return early_ && !early_->ended() && age() < connect_timeout;
}

void CurlExchange::begin() {
  if (early_) {
    if (!early_->ended()) return end(CURLE_OPERATION_TIMEDOUT);
    if (auto result = early_->take()) {
      if (result->addresses.empty()) return end(CURLE_COULDNT_RESOLVE_HOST);
      connected_ = std::move(*result);
    }
    early_.reset();
  }
  try {
    easy_.reset(curl().easy_init());
    if (easy_ == nullptr) throw std::bad_alloc();
    prepare();
    curl().multi_add_handle(engine_->multi(), easy_.get());
  } catch (const Error& error) {
    give_up(error);
  }
}

void CurlExchange::end(CURLcode code) {
  ended_ = std::chrono::steady_clock::now();
  long status = 0;
  if (code == CURLE_OK) {
    curl().easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    result_ = std::move(response_);
    return;
  }
  if (easy_) curl().easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
  result_ = failure(code, {origin_, ca_bundle_, body_sent_, too_large_, status});
}

void CurlExchange::give_up(const Error& error) {
  ended_ = std::chrono::steady_clock::now();
  result_ = HttpFailure{error.what(), error.hints(), body_sent_};
  connected_ = {};
}

std::chrono::milliseconds CurlExchange::age() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               started_);
}

template <typename Value>
void CurlExchange::set(CURLoption option, Value value) {
  if (const CURLcode code = curl().easy_setopt(easy_.get(), option, value); code != CURLE_OK) {
    throw Error(ErrorKind::failed,
                fmt::format("libcurl refuses a setting: {}", curl().easy_strerror(code)));
  }
}

void CurlExchange::add_line(List& list, const WipedString& line) {
  curl_slist* longer = curl().slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());  // it is the front of the longer one
  list.reset(longer);
}

void CurlExchange::prepare() {
  prepare_headers();
  set(CURLOPT_PRIVATE, reinterpret_cast<char*>(this));
  set(CURLOPT_URL, (request_.origin + request_.target).c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  constexpr std::chrono::milliseconds least{1};  // 0 would be the default, which is longer
  set(CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::max(connect_timeout - age(), least).count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(total_timeout - age(), least).count()));
  // A look-up that hangs is not waited for at the end; libcurl before 7.87 does not know that.
  curl().easy_setopt(easy_.get(), CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_WRITEFUNCTION, write);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, read_header);
  set(CURLOPT_HEADERDATA, this);
  if (origin_.is_loopback()) set(CURLOPT_NOPROXY, "*");
  prepare_body();
  prepare_trust();
  prepare_socket();
}

void CurlExchange::prepare_body() {
  if (request_.method == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_READFUNCTION, read);
    set(CURLOPT_READDATA, this);
  } else if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  }
}

void CurlExchange::prepare_headers() {
  add_line(headers_, "Expect:");  // no waiting for 100 Continue
  add_line(headers_, "Accept:");
  add_line(headers_, "User-Agent: aws-session-token");
  for (const base::Header& header : request_.headers) {
    WipedString line(header.name);
    add_line(headers_, line.append(": ").append(header.value));
  }
}

void CurlExchange::prepare_trust() {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_bundle_.empty()) {
    set(CURLOPT_CAINFO, ca_bundle_.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // else Debian's libcurl trusts both
  } else if (engine_->ca_folder() != nullptr) {
    set(CURLOPT_CAPATH, engine_->ca_folder());
    set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
  }
}

void CurlExchange::prepare_socket() {
  set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_SOCKOPTFUNCTION, is_connected);
  set(CURLOPT_SOCKOPTDATA, this);
  prepare_addresses();
}

// So that libcurl does not look the name up again; the connected one first.
void CurlExchange::prepare_addresses() {
  const std::string peer = connected_.socket ? connected_.peer.in_digits() : "";
  std::vector<std::string> addresses;
  for (const SocketAddress& each : connected_.addresses) {
    const std::string address = each.in_digits();
    if (origin_.host.starts_with('[') || address == origin_.name) return;  // there is no name
    if (address.find('%') != std::string::npos) return;  // libcurl takes no zone there
    addresses.insert(address == peer ? addresses.begin() : addresses.end(), with_brackets(address));
  }
  if (addresses.empty()) return;
  // The plus lets it forget them in a minute, as any others.
  add_line(addresses_, WipedString(fmt::format("+{}:{}:{}", origin_.host, origin_.port,
                                               fmt::join(addresses, ","))));
  set(CURLOPT_RESOLVE, addresses_.get());
}

// Hands out the body once. There is deliberately no seek callback: on a connection that broke after
// the body was sent libcurl then fails, where it would send a body that it holds again by itself.
std::size_t CurlExchange::read(char* buffer, std::size_t size, std::size_t count, void* exchange) {
  auto& self = *static_cast<CurlExchange*>(exchange);
  const std::size_t length = std::min(size * count, self.body_left_.size());
  std::memcpy(buffer, self.body_left_.data(), length);
  self.body_left_.remove_prefix(length);
  self.body_sent_ = true;
  return length;
}

std::size_t CurlExchange::write(char* buffer, std::size_t size, std::size_t count, void* exchange) {
  auto& self = *static_cast<CurlExchange*>(exchange);
  if (self.response_.body.size() + size * count > largest_answer) {
    self.too_large_ = true;
    return 0;
  }
  self.response_.body.append(buffer, size * count);
  return size * count;
}

std::size_t CurlExchange::read_header(char* buffer, std::size_t size, std::size_t count,
                                      void* exchange) {
  auto& headers = static_cast<CurlExchange*>(exchange)->response_.headers;
  std::string_view line(buffer, size * count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    headers.clear();  // an interim answer (100) or a proxy's came before
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    headers.push_back(
        {std::string(line.substr(0, colon)), WipedString(base::trim(line.substr(colon + 1)))});
  }
  return size * count;
}

curl_socket_t CurlExchange::open_socket(void* exchange, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<CurlExchange*>(exchange);
  const SocketAddress& peer = self.connected_.peer;
  const bool is_peer =
      address->addrlen == peer.size && std::memcmp(&address->addr, &peer.bytes, peer.size) == 0;
  if (is_peer && self.connected_.socket) {
    return self.connected_socket_ = self.connected_.socket.release();
  }
  self.connected_socket_ = -1;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int CurlExchange::is_connected(void* exchange, curl_socket_t socket, curlsocktype) {
  const bool connected = socket == static_cast<CurlExchange*>(exchange)->connected_socket_;
  return connected ? CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK;
}

}  // namespace os
