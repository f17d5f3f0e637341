#pragma once

#include "base/http_message.h"

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace os {

// No answer came. Whether the request may be made again is for the caller to decide.
struct HttpFailure {
  std::string what;                // a sentence without a final stop
  std::vector<std::string> hints;  // what to do next
  bool body_sent = false;          // false: not one byte of the body left this process
};

using HttpResult = std::variant<base::HttpResponse, HttpFailure>;

// A request on its way. Destroyed before its answer is there, it is given up and its connection
// closed.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  // The answer, once; waits for it. Throws Interrupted when the user interrupts.
  virtual HttpResult wait() = 0;
  // The answer, or its failure, is there: wait() would not wait.
  virtual bool ended() = 0;
  // From the start to the answer; meaningful after wait().
  virtual std::chrono::milliseconds elapsed() const = 0;
};

// Which connection a request takes. A warm one that is not there yet is waited for.
enum class Via { any_connection, warm_connection };

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Certificates to trust from now on, a PEM file, in place of the system's.
  virtual void trust(const std::string& ca_bundle) = 0;
  // Sends the body at most once, whatever happens (a request without one may be repeated when a
  // kept connection turns out to be dead), and never follows a redirect. It goes on while another
  // exchange or a person is waited for. Throws Interrupted when the user has interrupted.
  virtual std::unique_ptr<HttpExchange> start(const base::HttpRequest& request,
                                              Via via = Via::any_connection) = 0;
  // Opens connections to that origin for the next requests, and keeps them open while a person is
  // waited for. A failure is left to those requests to report.
  virtual void keep_warm(const std::string& origin, int connections = 1) = 0;
  // Lets all that is on its way go on until something happened, `longest` at most. Throws
  // Interrupted, Error{failed} when no request can be made at all.
  virtual void wait_some(std::chrono::milliseconds timeout) = 0;

  HttpResult send(const base::HttpRequest& request) { return start(request)->wait(); }
};

}  // namespace os
