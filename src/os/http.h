#pragma once

#include "base/http_message.h"

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace os {

// There was no answer. Whether the request may be repeated is for the caller to decide.
struct HttpFailure {
  std::string what;                // a sentence without a final period
  std::vector<std::string> hints;  // what to do next
  bool body_sent = false;          // false where not one byte of the body left this process
};

using HttpResult = std::variant<base::HttpResponse, HttpFailure>;

// A request on its way. Destroying it before the answer has come abandons the request and closes
// its connection.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  // Waits for the answer and returns it; to be called once. Throws Interrupted when the user
  // interrupts.
  virtual HttpResult wait() = 0;
  // Whether the answer, or the failure, is there, so that wait() returns at once.
  virtual bool ended() = 0;
  // The time from start to answer, once there is one.
  virtual std::chrono::milliseconds elapsed() const = 0;
};

// Which connection a request uses. A warm connection that is still being opened is waited for.
enum class Via { any_connection, warm_connection };

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // A PEM file of the certificates to trust from now on, in place of the system's.
  virtual void trust(const std::string& ca_bundle) = 0;
  // Starts a request, which proceeds while another exchange or a person is waited for. The body is
  // sent at most once, whatever happens; a request without a body may be repeated when a connection
  // that was kept turns out to be dead. Redirects are never followed. Throws Interrupted when the
  // user has interrupted, Error{failed} when no request can be made at all.
  virtual std::unique_ptr<HttpExchange> start(const base::HttpRequest& request,
                                              Via via = Via::any_connection) = 0;
  // Opens connections to that origin for the next requests, and keeps them open while a person is
  // waited for. Those requests report any failure.
  virtual void keep_warm(const std::string& origin, int connections = 1) = 0;
  // Lets all requests proceed until something happens, for `timeout` at most. Returns at once when
  // an exchange has ended since the last call. Throws Interrupted, and Error{failed} when no
  // request can be made at all.
  virtual void wait_some(std::chrono::milliseconds timeout) = 0;

  HttpResult send(const base::HttpRequest& request) { return start(request)->wait(); }
};

}  // namespace os
