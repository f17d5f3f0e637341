#include "os/http_curl_exchange.h"

#include "base/error.h"
#include "base/text.h"
#include "os/http_curl_failure.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fmt/core.h>
#include <new>
#include <system_error>
#include <utility>
#include <vector>

namespace os {

using base::Error;
using base::ErrorKind;
using base::WipedString;

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};  // with the name look-up
constexpr std::chrono::milliseconds total_timeout{30'000};
constexpr std::size_t max_answer = std::size_t{1} << 20;  // STS and IAM answer with a few KB

const Curl& curl() { return Curl::instance(); }

// By default libcurl closes idle connections beyond four for each request on its way, and there is
// none while a person is waited for.
constexpr long max_connections = 64;

// A folder of certificates under hashed names: from it OpenSSL reads only the certificates that it
// needs, in a quarter of the time that the whole bundle takes.
const char* hashed_ca_folder() {
  constexpr const char* folder = "/etc/ssl/certs";
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".0") return folder;
  }
  return nullptr;
}

}  // namespace

CurlEngine::CurlEngine(const Interrupt& interrupt) : interrupt_(interrupt) {
  multi_ = curl().multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl().multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_connections);
  ca_folder_ = hashed_ca_folder();
}

CurlEngine::~CurlEngine() { curl().multi_cleanup(multi_); }

void CurlEngine::add(CURL* easy) {
  curl().multi_add_handle(multi_, easy);
  perform();
}

void CurlEngine::remove(CURL* easy) { curl().multi_remove_handle(multi_, easy); }

void CurlEngine::perform() {
  int running = 0;
  curl().multi_perform(multi_, &running);
  int left = 0;
  while (const CURLMsg* message = curl().multi_info_read(multi_, &left)) {
    char* exchange = nullptr;
    curl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    reinterpret_cast<CurlExchange*>(exchange)->end(message->data.result);
    ++ended_;
  }
}

void CurlEngine::wait(std::span<pollfd> descriptors, std::chrono::milliseconds timeout) {
  std::vector<curl_waitfd> extra;
  for (const pollfd& descriptor : descriptors) {
    extra.push_back({descriptor.fd, CURL_WAIT_POLLIN, 0});
  }
  curl().multi_poll(multi_, extra.data(), static_cast<unsigned>(extra.size()),
                    static_cast<int>(timeout.count()), nullptr);
  // What is ready is asked of poll(2) itself: libcurl does not tell a hang-up.
  poll(descriptors.data(), descriptors.size(), 0);
}

CurlExchange::CurlExchange(std::shared_ptr<CurlEngine> engine, const base::HttpRequest& request,
                           std::string ca_bundle)
    : engine_(std::move(engine)),
      request_(request),
      origin_(request.origin),
      ca_bundle_(std::move(ca_bundle)),
      easy_(curl().easy_init()),
      body_left_(request_.body) {
  engine_->interrupt().throw_if_pending();  // nothing is sent once the user has interrupted
  if (easy_ == nullptr) throw std::bad_alloc();
  try {
    prepare();
    engine_->add(easy_.get());
  } catch (const Error& error) {
    ended_ = std::chrono::steady_clock::now();
    result_ = HttpFailure{error.what(), error.hints(), body_sent_};
  }
}

CurlExchange::~CurlExchange() { engine_->remove(easy_.get()); }

HttpResult CurlExchange::wait() {
  for (engine_->perform(); !result_; engine_->perform()) {
    engine_->interrupt().throw_if_pending();
    pollfd wake = {engine_->interrupt().descriptor(), POLLIN, 0};
    engine_->wait({&wake, 1}, std::chrono::seconds{1});
  }
  return std::move(*result_);
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
  curl().easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
  result_ = failure(code, {origin_, ca_bundle_, body_sent_, too_large_, status});
}

template <typename Value>
void CurlExchange::set(CURLoption option, Value value) {
  if (const CURLcode code = curl().easy_setopt(easy_.get(), option, value); code != CURLE_OK) {
    throw Error(ErrorKind::failed,
                fmt::format("libcurl refuses a setting: {}", curl().easy_strerror(code)));
  }
}

void CurlExchange::add_header(const WipedString& line) {
  curl_slist* longer = curl().slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(headers_.release());  // it is the front of the longer list
  headers_.reset(longer);
}

void CurlExchange::prepare() {
  prepare_headers();
  set(CURLOPT_PRIVATE, reinterpret_cast<char*>(this));
  set(CURLOPT_URL, (request_.origin + request_.target).c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(total_timeout.count()));
  // Without it a name look-up that hangs would be waited for at the end. libcurl before 7.87 does
  // not know this option.
  curl().easy_setopt(easy_.get(), CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_WRITEFUNCTION, write);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, read_header);
  set(CURLOPT_HEADERDATA, this);
  if (origin_.is_loopback()) set(CURLOPT_NOPROXY, "*");
  prepare_body();
  prepare_trust();
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
  add_header("Expect:");  // otherwise libcurl may wait for 100 Continue
  add_header("Accept:");
  add_header("User-Agent: aws-session-token");
  for (const base::Header& header : request_.headers) {
    WipedString line(header.name);
    add_header(line.append(": ").append(header.value));
  }
}

void CurlExchange::prepare_trust() {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_bundle_.empty()) {
    set(CURLOPT_CAINFO, ca_bundle_.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // otherwise Debian's libcurl trusts both
  } else if (engine_->ca_folder() != nullptr) {
    set(CURLOPT_CAPATH, engine_->ca_folder());
    set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
  }
}

// Hands out the body once. There is deliberately no seek callback: when a connection breaks after
// the body was sent, libcurl then fails, whereas it would silently repeat a body that it holds.
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
  if (self.response_.body.size() + size * count > max_answer) {
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
    headers.clear();  // those before are of an interim answer (100), or a proxy's
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    headers.push_back(
        {std::string(line.substr(0, colon)), WipedString(base::trim(line.substr(colon + 1)))});
  }
  return size * count;
}

}  // namespace os
