#include "os/http_curl.h"

// The macros would check the types of a variadic function that is called through a pointer here.
#define CURL_DISABLE_TYPECHECK
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <curl/curl.h>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <malloc.h>
#include <new>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

constexpr long connect_timeout_ms = 10'000;
constexpr long total_timeout_ms = 30'000;
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
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;

 private:
  Curl() {
    for (const char* soname : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
      library_ = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
      if (library_ != nullptr) break;
    }
    if (library_ == nullptr) missing("libcurl.so.4");
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
    load(multi_info_read, "curl_multi_info_read");
    load(slist_append, "curl_slist_append");
    load(slist_free_all, "curl_slist_free_all");
    global_init_mem(CURL_GLOBAL_ALL, std::malloc, wiping_free, wiping_realloc, strdup, std::calloc);
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

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
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
  const auto result = [&](std::string what, std::vector<std::string> hints) {
    return HttpFailure{std::move(what), std::move(hints), transfer.body_sent};
  };
  if (transfer.too_large) {
    return result(fmt::format("the answer from {} is too large to be AWS's", host),
                  {"look at --endpoint-url"});
  }
  if (attempt.proxy_status >= 400) {
    return result(fmt::format("the proxy refuses the way to {} ({})", host, attempt.proxy_status),
                  {"look at HTTPS_PROXY, or name the host in NO_PROXY if it needs no proxy"});
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return result(fmt::format("{} cannot be found", host),
                    {offline, "is the region right? it is part of the name"});
    case CURLE_COULDNT_RESOLVE_PROXY:
      return result("the proxy cannot be found", {"look at HTTPS_PROXY"});
    case CURLE_COULDNT_CONNECT:
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

struct CurlHttpClient::State {
  const Curl& curl = Curl::instance();
  CURL* easy = curl.easy_init();
  CURLM* multi = curl.multi_init();

  State() {
    if (easy == nullptr || multi == nullptr) throw std::bad_alloc();
  }
  ~State() {
    curl.easy_cleanup(easy);
    curl.multi_cleanup(multi);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl.easy_setopt(easy, option, value); code != CURLE_OK) {
      throw Error(ErrorKind::failed,
                  fmt::format("libcurl refuses a setting: {}", curl.easy_strerror(code)));
    }
  }

  void prepare(const base::HttpRequest& request, const std::string& ca_bundle, Transfer& transfer,
               curl_slist* headers) {
    curl.easy_reset(easy);  // keeps the connection
    set(CURLOPT_URL, (request.origin + request.target).c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    set(CURLOPT_TIMEOUT_MS, total_timeout_ms);
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_WRITEFUNCTION, on_write);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, &transfer);
    if (request.method == "POST") {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_READFUNCTION, on_read);
      set(CURLOPT_READDATA, &transfer);
    } else if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    }
    if (is_loopback(host_of(request.origin))) set(CURLOPT_NOPROXY, "*");
    if (!ca_bundle.empty()) {
      set(CURLOPT_CAINFO, ca_bundle.c_str());
      set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // else Debian's libcurl trusts both
    } else if (const char* folder = hashed_ca_folder()) {
      set(CURLOPT_CAPATH, folder);
      set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
    }
  }

  // The easy handle is driven through a multi handle because that one can be woken by a signal.
  CURLcode perform(const Interrupt& interrupt) {
    curl.multi_add_handle(multi, easy);
    struct Remove {
      State& state;
      ~Remove() { state.curl.multi_remove_handle(state.multi, state.easy); }
    } remove{*this};
    for (int running = 1;;) {
      interrupt.throw_if_pending();  // at first too: what was interrupted before is not sent
      curl.multi_perform(multi, &running);
      if (running == 0) break;
      curl_waitfd wake = {interrupt.descriptor(), CURL_WAIT_POLLIN, 0};
      curl.multi_poll(multi, &wake, 1, 1000, nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl.multi_info_read(multi, &left);
    return message != nullptr ? message->data.result : CURLE_RECV_ERROR;
  }
};

CurlHttpClient::CurlHttpClient(const Interrupt& interrupt) : interrupt_(interrupt) {}

CurlHttpClient::~CurlHttpClient() = default;

HttpResult CurlHttpClient::send(const base::HttpRequest& request) {
  if (!state_) state_ = std::make_unique<State>();
  const Curl& curl = state_->curl;

  struct HeaderList {
    const Curl& curl;
    curl_slist* list = nullptr;
    ~HeaderList() { curl.slist_free_all(list); }
    void add(const WipedString& line) {
      curl_slist* longer = curl.slist_append(list, line.c_str());
      if (longer == nullptr) throw std::bad_alloc();
      list = longer;
    }
  } headers{curl};
  headers.add("Expect:");  // no waiting for 100 Continue
  headers.add("Accept:");
  headers.add("User-Agent: aws-session-token");
  for (const base::Header& header : request.headers) {
    WipedString line(header.name);
    headers.add(line.append(": ").append(header.value));
  }

  Transfer transfer;
  transfer.body = request.body;
  state_->prepare(request, ca_bundle_, transfer, headers.list);
  const CURLcode code = state_->perform(interrupt_);
  long status = 0;
  if (code != CURLE_OK) {
    curl.easy_getinfo(state_->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return failure(code, {request.origin, ca_bundle_, transfer, status});
  }
  curl.easy_getinfo(state_->easy, CURLINFO_RESPONSE_CODE, &status);
  transfer.response.status = static_cast<int>(status);
  return std::move(transfer.response);
}

}  // namespace os
