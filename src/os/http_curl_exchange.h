#pragma once

#include "base/error.h"
#include "os/curl_library.h"
#include "os/early_connection.h"
#include "os/http.h"
#include "os/interrupt.h"
#include "os/origin.h"

#include <chrono>
#include <memory>
#include <optional>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace os {

class CurlExchange;

// The multi handle: it drives all exchanges and keeps the connections. libcurl is opened when it
// has to do something for the first time; by then the first exchanges are connecting.
class CurlEngine {
 public:
  CurlEngine(const Interrupt& interrupt, LookUp names) : interrupt_(interrupt), look_up_(names) {}
  ~CurlEngine();
  CurlEngine(const CurlEngine&) = delete;
  CurlEngine& operator=(const CurlEngine&) = delete;

  bool opened() const { return multi_ != nullptr; }
  void add(CurlExchange& exchange);
  void remove(CurlExchange& exchange);

  // Does what can be done at once and tells the exchanges that ended. Throws Error{failed} where
  // libcurl cannot be used.
  void perform();
  // Waits for a connection or a descriptor to become ready, `timeout` at most. What is ready among
  // the descriptors is asked of poll(2) itself: libcurl does not tell a hang-up.
  void wait(std::span<pollfd> descriptors, std::chrono::milliseconds timeout);

  const Interrupt& interrupt() const { return interrupt_; }
  LookUp look_up() const { return look_up_; }
  CURLM* multi() const { return multi_; }
  const char* ca_folder() const { return ca_folder_; }

 private:
  void open();

  const Interrupt& interrupt_;
  const LookUp look_up_;
  CURLM* multi_ = nullptr;
  const char* ca_folder_ = nullptr;        // looked for once, not for each request
  std::vector<CurlExchange*> connecting_;  // that libcurl does not know yet
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

  // Called by the engine: while it connects by itself, when libcurl is to take it over, when
  // libcurl is done with it.
  bool connecting() const;
  int connecting_descriptor() const { return early_->descriptor(); }
  void begin();
  void end(CURLcode code);

 private:
  struct CleanUp {
    void operator()(CURL* easy) const { Curl::instance().easy_cleanup(easy); }
    void operator()(curl_slist* list) const { Curl::instance().slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, CleanUp>;

  template <typename Value>
  void set(CURLoption option, Value value);
  static void add_line(List& list, const base::WipedString& line);
  void prepare_headers();
  void prepare();
  void prepare_body();
  void prepare_trust();
  void prepare_socket();
  void prepare_addresses();
  void give_up(const base::Error& error);
  std::chrono::milliseconds age() const;

  // libcurl calls these; `exchange` is this.
  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* exchange);
  static std::size_t write(char* buffer, std::size_t size, std::size_t count, void* exchange);
  static std::size_t read_header(char* buffer, std::size_t size, std::size_t count, void* exchange);
  static curl_socket_t open_socket(void* exchange, curlsocktype purpose, curl_sockaddr* address);
  static int is_connected(void* exchange, curl_socket_t socket, curlsocktype purpose);

  std::shared_ptr<CurlEngine> engine_;
  const base::HttpRequest request_;
  const Origin origin_;
  const std::string ca_bundle_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();

  std::optional<EarlyConnection> early_;
  EarlyConnection::Result connected_;
  int connected_socket_ = -1;  // once libcurl has taken it

  List headers_;
  List addresses_;
  std::unique_ptr<CURL, CleanUp> easy_;  // goes before the lists, which it reads
  std::string_view body_left_;
  bool body_sent_ = false;
  bool too_large_ = false;
  base::HttpResponse response_;
  std::optional<HttpResult> result_;
  std::chrono::steady_clock::time_point ended_;
};

}  // namespace os
