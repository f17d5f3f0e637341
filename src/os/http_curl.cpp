#include "os/http_curl.h"

// The macros would check the types of a variadic function that is called through a pointer here.
#define CURL_DISABLE_TYPECHECK
#include "base/error.h"
#include "base/text.h"
#include "os/early_connection.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <curl/curl.h>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <malloc.h>
#include <new>
#include <optional>
#include <sys/socket.h>
#include <vector>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

constexpr long connect_timeout_ms = 10'000;
constexpr long total_timeout_ms = 30'000;
// Servers close connections that are idle for a minute or so; a person who takes longer than the
// second of these finds a cold one.
constexpr std::chrono::seconds warm_interval{20};
constexpr std::chrono::minutes longest_warm{10};
// libcurl closes idle connections beyond four for each request on its way, which are none while a
// person is waited for.
constexpr long most_connections = 64;
constexpr std::size_t largest_answer = std::size_t{1} << 20;  // STS and IAM answer with a few KB

// libcurl's memory is overwritten before it goes back to the heap: it holds session tokens.
void wiping_free(void* memory) {
  if (memory != nullptr) base::wipe(memory, malloc_usable_size(memory));
  std::free(memory);
}

void* wiping_realloc(void* old, std::size_t size) {
  if (old == nullptr) return std::malloc(size);
  void* fresh = std::malloc(size);
  if (fresh == nullptr) return nullptr;
  std::memcpy(fresh, old, std::min(size, malloc_usable_size(old)));
  wiping_free(old);
  return fresh;
}

// The functions of libcurl that are used, found at run time.
class Curl {
 public:
  static const Curl& instance() {
    static const Curl curl;
    return curl;
  }

  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;

 private:
  Curl() {
    open_library();
    decltype(&curl_global_init_mem) global_init_mem = nullptr;
    load(global_init_mem, "curl_global_init_mem");
    load(easy_init, "curl_easy_init");
    load(easy_cleanup, "curl_easy_cleanup");
    load(easy_reset, "curl_easy_reset");
    load(easy_setopt, "curl_easy_setopt");
    load(easy_getinfo, "curl_easy_getinfo");
    load(easy_strerror, "curl_easy_strerror");
    load(multi_init, "curl_multi_init");
    load(multi_cleanup, "curl_multi_cleanup");
    load(multi_add_handle, "curl_multi_add_handle");
    load(multi_remove_handle, "curl_multi_remove_handle");
    load(multi_perform, "curl_multi_perform");
    load(multi_poll, "curl_multi_poll");
    load(multi_setopt, "curl_multi_setopt");
    load(multi_info_read, "curl_multi_info_read");
    load(slist_append, "curl_slist_append");
    load(slist_free_all, "curl_slist_free_all");
    global_init_mem(CURL_GLOBAL_ALL, std::malloc, wiping_free, wiping_realloc, strdup, std::calloc);
  }

  // Distributions' libcurl brings thirty libraries for protocols that are not used here. Binding
  // their functions lazily, and leaving GnuTLS to start when it is asked to instead of when it is
  // loaded, saves a fifth of the time that this takes.
  void open_library() {
    const char* const no_start = "GNUTLS_NO_IMPLICIT_INIT";
    const bool unset = std::getenv(no_start) == nullptr;
    if (unset) setenv(no_start, "1", 0);
    for (const char* soname : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
      library_ = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
      if (library_ != nullptr) break;
    }
    if (unset) unsetenv(no_start);  // the user's own commands are to start as ever
    if (library_ == nullptr) missing("libcurl.so.4");
  }

  template <typename Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) missing(name);
  }

  [[noreturn]] static void missing(const char* what) {
    throw Error(ErrorKind::failed, fmt::format("libcurl cannot be used: {} is missing", what),
                {"install it; on Debian: apt-get install libcurl4"});
  }

  void* library_ = nullptr;
};

// One transfer: what libcurl's callbacks read from and write to.
struct Transfer {
  std::string_view body;
  bool body_sent = false;
  bool too_large = false;
  base::HttpResponse response;
};

// Hands out the body once. There is deliberately no seek callback: on a connection that broke after
// the body was sent libcurl then fails, where it would send a body that it holds again by itself.
std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  const std::size_t length = std::min(size * count, transfer.body.size());
  std::memcpy(buffer, transfer.body.data(), length);
  transfer.body.remove_prefix(length);
  transfer.body_sent = true;
  return length;
}

std::size_t on_write(char* buffer, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  if (transfer.response.body.size() + size * count > largest_answer) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(buffer, size * count);
  return size * count;
}

std::size_t on_header(char* buffer, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  std::string_view line(buffer, size * count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer.response.headers.clear();  // an interim answer (100) or a proxy's came before
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    transfer.response.headers.push_back(
        {std::string(line.substr(0, colon)), WipedString(base::trim(line.substr(colon + 1)))});
  }
  return size * count;
}

std::string host_of(const std::string& origin) {
  std::string_view rest = std::string_view(origin).substr(origin.find("://") + 3);
  if (rest.starts_with('[')) return std::string(rest.substr(0, rest.find(']') + 1));
  return std::string(rest.substr(0, rest.find(':')));
}

std::string port_of(const std::string& origin) {
  const std::size_t host = origin.find("://") + 3;
  const std::size_t colon = origin.find(':', host + host_of(origin).size());
  if (colon != std::string::npos) return origin.substr(colon + 1);
  return origin.starts_with("https") ? "443" : "80";
}

std::string_view without_brackets(std::string_view host) {
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

bool any_is_set(std::initializer_list<const char*> variables) {
  return std::any_of(variables.begin(), variables.end(), [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

// By libcurl's own variables. Which hosts NO_PROXY exempts it alone knows.
bool may_need_proxy(const std::string& host) {
  return !is_loopback(host) && any_is_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
}
bool needs_proxy(const std::string& host) {
  return may_need_proxy(host) && !any_is_set({"no_proxy", "NO_PROXY"});
}

// What the failure is about: `proxy_status` is what a proxy answered to CONNECT, 0 if none did.
struct Attempt {
  const std::string& origin;
  const std::string& ca_bundle;
  const Transfer& transfer;
  long proxy_status = 0;
};

HttpFailure failure(CURLcode code, const Attempt& attempt) {
  const Transfer& transfer = attempt.transfer;
  const std::string host = host_of(attempt.origin);
  const std::string offline = "look at the network, and at the proxy if there is one (HTTPS_PROXY)";
  const std::string proxy =
      "look at HTTPS_PROXY, or name the host in NO_PROXY if it needs no proxy";
  const auto result = [&](std::string what, std::vector<std::string> hints) {
    return HttpFailure{std::move(what), std::move(hints), transfer.body_sent};
  };
  if (transfer.too_large) {
    return result(fmt::format("the answer from {} is too large to be AWS's", host),
                  {"look at --endpoint-url"});
  }
  if (attempt.proxy_status >= 400) {
    return result(fmt::format("the proxy refuses the way to {} ({})", host, attempt.proxy_status),
                  {proxy});
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return result(fmt::format("{} cannot be found", host),
                    {offline, "is the region right? it is part of the name"});
    case CURLE_COULDNT_RESOLVE_PROXY:
      return result("the proxy cannot be found", {"look at HTTPS_PROXY"});
    case CURLE_COULDNT_CONNECT:
      if (needs_proxy(host)) {
        return result(fmt::format("the proxy on the way to {} cannot be reached", host), {proxy});
      }
      return result(fmt::format("{} cannot be reached", host), {offline});
    case CURLE_OPERATION_TIMEDOUT:
      return result(fmt::format("{} does not answer in time", host), {offline});
    case CURLE_PEER_FAILED_VERIFICATION:
      return result(fmt::format("the certificate of {} is not one to trust", host),
                    {"behind a proxy that opens TLS, name its CA file with AWS_CA_BUNDLE"});
    case CURLE_SSL_CACERT_BADFILE:
      if (attempt.ca_bundle.empty()) {
        return result("there are no CA certificates on this system",
                      {"install them; on Debian: apt-get install ca-certificates"});
      }
      return result(fmt::format("the CA file {} cannot be read", attempt.ca_bundle),
                    {"look at AWS_CA_BUNDLE or ca_bundle"});
    case CURLE_SSL_CONNECT_ERROR:
      return result(fmt::format("there is no secure connection to {}", host),
                    {"what answers there must speak TLS 1.2 or newer", offline});
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return result(fmt::format("the connection to {} broke before the answer was there", host),
                    {offline});
    default:
      return result(
          fmt::format("talking to {} failed: {}", host, Curl::instance().easy_strerror(code)),
          {offline});
  }
}

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

// The multi handle: it drives all exchanges and keeps the connections. libcurl is opened when it
// has to do something for the first time; by then the first exchanges are connecting.
class CurlHttpClient::Engine {
 public:
  explicit Engine(const Interrupt& interrupt) : interrupt_(interrupt) {}
  ~Engine() {
    if (multi_ != nullptr) Curl::instance().multi_cleanup(multi_);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  bool opened() const { return multi_ != nullptr; }
  void add(Exchange& exchange);
  void remove(Exchange& exchange);

  // Does what can be done at once and tells the exchanges that ended.
  void perform();
  // Waits for a connection or a descriptor to become ready, `timeout` at most. What is ready among
  // the descriptors is asked of poll(2) itself: libcurl does not tell a hang-up.
  void wait(std::span<pollfd> descriptors, std::chrono::milliseconds timeout);

  const Interrupt& interrupt() const { return interrupt_; }
  CURLM* multi() const { return multi_; }
  const char* ca_folder() const { return ca_folder_; }

 private:
  void open();

  const Interrupt& interrupt_;
  CURLM* multi_ = nullptr;
  const char* ca_folder_ = nullptr;    // looked for once, not for each request
  std::vector<Exchange*> connecting_;  // that libcurl does not know yet
};

class CurlHttpClient::Exchange : public HttpExchange {
 public:
  Exchange(std::shared_ptr<Engine> engine, const base::HttpRequest& request, std::string ca_bundle)
      : engine_(std::move(engine)),
        request_(request),
        host_(host_of(request.origin)),
        ca_bundle_(std::move(ca_bundle)) {
    engine_->interrupt().throw_if_pending();  // what was interrupted before is not sent
    transfer_.body = request_.body;
    if (!engine_->opened() && !may_need_proxy(host_)) {
      early_.emplace(std::string(without_brackets(host_)), port_of(request_.origin));
    }
    engine_->add(*this);
  }
  ~Exchange() override { engine_->remove(*this); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  HttpResult wait() override {
    while (!code_) {
      engine_->interrupt().throw_if_pending();
      engine_->perform();
      if (code_) break;
      pollfd wake = {engine_->interrupt().descriptor(), POLLIN, 0};
      engine_->wait({&wake, 1}, std::chrono::seconds{1});
    }
    return result();
  }
  std::chrono::milliseconds elapsed() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(ended_ - started_);
  }
  bool ended() override { return code_.has_value(); }

  // Called by the engine.
  bool connecting() const { return early_ && !early_->ended(); }
  int connecting_descriptor() const { return early_->descriptor(); }
  void begin();
  void stop() {
    if (easy_ != nullptr) curl().multi_remove_handle(engine_->multi(), easy_.get());
  }
  void end(CURLcode code) {
    code_ = code;
    ended_ = std::chrono::steady_clock::now();
  }

 private:
  struct CleanUp {
    void operator()(CURL* easy) const { curl().easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl().slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, CleanUp>;

  static const Curl& curl() { return Curl::instance(); }
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl().easy_setopt(easy_.get(), option, value); code != CURLE_OK) {
      throw Error(ErrorKind::failed,
                  fmt::format("libcurl refuses a setting: {}", curl().easy_strerror(code)));
    }
  }
  static void add_line(List& list, const WipedString& line) {
    curl_slist* longer = curl().slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());  // it is the front of the longer one
    list.reset(longer);
  }
  void prepare_headers();
  void prepare();
  void prepare_trust();
  void use_early_connection();
  static curl_socket_t open_socket(void* exchange, curlsocktype purpose, curl_sockaddr* address);
  static int is_connected(void* exchange, curl_socket_t socket, curlsocktype purpose);
  HttpResult result();

  std::shared_ptr<Engine> engine_;
  base::HttpRequest request_;
  const std::string host_;
  std::string ca_bundle_;
  std::optional<EarlyConnection> early_;
  std::optional<EarlyConnection::Connected> connected_;
  int connected_socket_ = -1;  // libcurl's, once it asked for it
  std::unique_ptr<CURL, CleanUp> easy_;
  List headers_;
  List addresses_;
  Transfer transfer_;
  std::optional<CURLcode> code_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point ended_;
};

void CurlHttpClient::Engine::open() {
  const Curl& curl = Curl::instance();
  multi_ = curl.multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, most_connections);
  ca_folder_ = hashed_ca_folder();
}

void CurlHttpClient::Engine::add(Exchange& exchange) {
  connecting_.push_back(&exchange);
  if (opened()) perform();
}

void CurlHttpClient::Engine::remove(Exchange& exchange) {
  std::erase(connecting_, &exchange);
  exchange.stop();
}

void CurlHttpClient::Engine::perform() {
  if (!opened()) open();
  std::erase_if(connecting_, [](Exchange* exchange) {
    if (exchange->connecting()) return false;
    exchange->begin();
    return true;
  });
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

void CurlHttpClient::Exchange::begin() {
  easy_.reset(curl().easy_init());
  if (easy_ == nullptr) throw std::bad_alloc();
  prepare_headers();
  prepare();
  use_early_connection();
  curl().multi_add_handle(engine_->multi(), easy_.get());
}

void CurlHttpClient::Exchange::prepare_headers() {
  add_line(headers_, "Expect:");  // no waiting for 100 Continue
  add_line(headers_, "Accept:");
  add_line(headers_, "User-Agent: aws-session-token");
  for (const base::Header& header : request_.headers) {
    WipedString line(header.name);
    add_line(headers_, line.append(": ").append(header.value));
  }
}

void CurlHttpClient::Exchange::prepare() {
  set(CURLOPT_PRIVATE, reinterpret_cast<char*>(this));
  set(CURLOPT_URL, (request_.origin + request_.target).c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  set(CURLOPT_TIMEOUT_MS, total_timeout_ms);
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_WRITEFUNCTION, on_write);
  set(CURLOPT_WRITEDATA, &transfer_);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, &transfer_);
  if (request_.method == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_READFUNCTION, on_read);
    set(CURLOPT_READDATA, &transfer_);
  } else if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  }
  if (is_loopback(host_)) set(CURLOPT_NOPROXY, "*");
  prepare_trust();
}

void CurlHttpClient::Exchange::prepare_trust() {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_bundle_.empty()) {
    set(CURLOPT_CAINFO, ca_bundle_.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // else Debian's libcurl trusts both
  } else if (engine_->ca_folder() != nullptr) {
    set(CURLOPT_CAPATH, engine_->ca_folder());
    set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
  }
}

// libcurl is told the address, too, so that it does not look the name up again.
void CurlHttpClient::Exchange::use_early_connection() {
  set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_SOCKOPTFUNCTION, is_connected);
  set(CURLOPT_SOCKOPTDATA, this);
  if (early_) connected_ = early_->take();
  early_.reset();
  if (!connected_ || connected_->address == without_brackets(host_)) return;
  const bool v6 = connected_->address.find(':') != std::string::npos;
  const std::string address = v6 ? fmt::format("[{}]", connected_->address) : connected_->address;
  // The plus lets it forget the address in a minute, as any other.
  add_line(addresses_,
           WipedString(fmt::format("+{}:{}:{}", host_, port_of(request_.origin), address)));
  set(CURLOPT_RESOLVE, addresses_.get());
}

curl_socket_t CurlHttpClient::Exchange::open_socket(void* exchange, curlsocktype,
                                                    curl_sockaddr* address) {
  auto& self = *static_cast<Exchange*>(exchange);
  self.connected_socket_ = -1;
  if (auto connected = std::exchange(self.connected_, std::nullopt)) {
    return self.connected_socket_ = connected->socket.release();
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int CurlHttpClient::Exchange::is_connected(void* exchange, curl_socket_t socket, curlsocktype) {
  const bool connected = socket == static_cast<Exchange*>(exchange)->connected_socket_;
  return connected ? CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK;
}

HttpResult CurlHttpClient::Exchange::result() {
  long status = 0;
  if (*code_ != CURLE_OK) {
    curl().easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
    return failure(*code_, {request_.origin, ca_bundle_, transfer_, status});
  }
  curl().easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer_.response.status = static_cast<int>(status);
  return std::move(transfer_.response);
}

CurlHttpClient::CurlHttpClient(const Interrupt& interrupt) : interrupt_(interrupt) {}

CurlHttpClient::~CurlHttpClient() = default;

CurlHttpClient::Engine& CurlHttpClient::engine() {
  if (!engine_) engine_ = std::make_shared<Engine>(interrupt_);
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
  warm_until_ = std::chrono::steady_clock::now() + longest_warm;
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

void CurlHttpClient::wait_some(std::chrono::milliseconds longest) {
  interrupt_.throw_if_pending();
  engine().perform();
  pollfd wake = {interrupt_.descriptor(), POLLIN, 0};
  engine_->wait({&wake, 1}, longest);
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
