#pragma once

#include "base/error.h"
#include "base/origin.h"
#include "os/curl_library.h"
#include "os/http.h"
#include "os/interrupt.h"

#include <chrono>
#include <memory>
#include <optional>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>

namespace os {

// libcurl's multi handle, which drives all exchanges and keeps the connections.
class CurlEngine {
 public:
  // Opens libcurl. Throws Error{failed} where it cannot be used.
  explicit CurlEngine(const Interrupt& interrupt);
  ~CurlEngine();
  CurlEngine(const CurlEngine&) = delete;
  CurlEngine& operator=(const CurlEngine&) = delete;

  void add(CURL* easy);
  void remove(CURL* easy);

  // Does what can be done at once, and tells the exchanges that have ended.
  void perform();
  // How many exchanges have ended so far.
  std::size_t ended() const { return ended_; }
  // Waits until a connection or a descriptor is ready, `timeout` at most.
  void wait(std::span<pollfd> descriptors, std::chrono::milliseconds timeout);

  const Interrupt& interrupt() const { return interrupt_; }
  const char* ca_folder() const { return ca_folder_; }

 private:
  const Interrupt& interrupt_;
  CURLM* multi_ = nullptr;
  const char* ca_folder_ = nullptr;  // looked for once, not for each request
  std::size_t ended_ = 0;
};

// One request, from connecting to its answer.
class CurlExchange : public HttpExchange {
 public:
  CurlExchange(std::shared_ptr<CurlEngine> engine, const base::HttpRequest& request,
               std::string ca_bundle);
  ~CurlExchange() override;
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  HttpResult wait() override;
  bool ended() override { return result_.has_value(); }
  std::chrono::milliseconds elapsed() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(ended_ - started_);
  }

  // Called by the engine when libcurl is done with it.
  void end(CURLcode code);

 private:
  struct CleanUp {
    void operator()(CURL* easy) const { Curl::instance().easy_cleanup(easy); }
    void operator()(curl_slist* list) const { Curl::instance().slist_free_all(list); }
  };

  template <typename Value>
  void set(CURLoption option, Value value);
  void add_header(const base::WipedString& line);
  void prepare();
  void prepare_headers();
  void prepare_body();
  void prepare_trust();

  // libcurl calls these; `exchange` is this.
  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* exchange);
  static std::size_t write(char* buffer, std::size_t size, std::size_t count, void* exchange);
  static std::size_t read_header(char* buffer, std::size_t size, std::size_t count, void* exchange);

  std::shared_ptr<CurlEngine> engine_;
  const base::HttpRequest request_;
  const base::Origin origin_;
  const std::string ca_bundle_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  std::unique_ptr<curl_slist, CleanUp> headers_;
  std::unique_ptr<CURL, CleanUp> easy_;  // destroyed before the headers, which it reads
  std::string_view body_left_;
  bool body_sent_ = false;
  bool too_large_ = false;
  base::HttpResponse response_;
  std::optional<HttpResult> result_;
  std::chrono::steady_clock::time_point ended_;
};

}  // namespace os
