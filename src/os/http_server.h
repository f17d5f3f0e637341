#pragma once

#include "base/http_message.h"
#include "os/descriptor.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <thread>

namespace os {

// A connection as the server sees it: bytes in, bytes out. TCP is implemented here; TLS is a layer
// that the caller supplies (`WrapStream`), so that this library does not need OpenSSL.
class ByteStream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~ByteStream() = default;
  // The number of bytes received, at least one; 0 at the end. Both throw Error{failed} when the
  // connection breaks or the deadline passes.
  virtual std::size_t read(std::span<char> buffer, Deadline deadline) = 0;
  virtual void write(std::string_view bytes, Deadline deadline) = 0;
};

// Puts a layer over a connection before its first request. When it throws, the connection is
// dropped.
using WrapStream =
    std::function<std::unique_ptr<ByteStream>(std::unique_ptr<ByteStream>, ByteStream::Deadline)>;

// Called from several threads at a time. Status 0 drops the connection without an answer. A
// Content-Length beyond the size of the body is sent as it is, and the connection is dropped after
// the body.
using HttpHandler = std::function<base::HttpResponse(const base::HttpRequest&)>;

struct HttpServerOptions {
  std::uint16_t port = 0;  // 0 for any free port
  // Where there are more, the idle one that was used least recently is closed; where none is idle
  // the next waits in the system's queue.
  std::size_t max_connections = 64;
  bool own_user_only = false;  // other users' connections are closed without an answer
  std::uint32_t max_header_bytes = 64 * 1024;
  std::uint64_t max_body_bytes = 10'000'000;              // a longer one is answered with 413
  std::chrono::milliseconds first_byte_timeout{120'000};  // of a new connection
  std::chrono::milliseconds idle_timeout{120'000};        // between two requests
  std::chrono::milliseconds request_timeout{30'000};      // for one request, and for one answer
};

// HTTP/1.1 on 127.0.0.1 with keep-alive and one thread for each connection. It serves from its
// construction to its destruction, which waits for the handlers that are still running.
class HttpServer {
 public:
  // Throws Error{failed} when it cannot listen.
  HttpServer(HttpHandler handler, HttpServerOptions options, WrapStream wrap = nullptr);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  struct Connection {
    Descriptor socket;
    bool idle = true;  // waiting for a request
    // When it was accepted, or its last request began to arrive.
    std::chrono::steady_clock::time_point last_used = std::chrono::steady_clock::now();
    bool closing = false;
    bool finished = false;
    std::thread thread;
  };

  void accept_loop();
  bool make_room();
  Connection* least_recently_used();
  void accept_one();
  void start(Descriptor socket);
  void serve(Connection& connection) noexcept;
  void set_idle(Connection& connection, bool idle);
  void join_finished(std::unique_lock<std::mutex>& lock);

  const HttpHandler handler_;
  const HttpServerOptions options_;
  const WrapStream wrap_;
  const Descriptor listener_;
  const std::uint16_t port_;
  std::mutex mutex_;  // guards the connections and stopping_
  std::condition_variable changed_;
  std::list<Connection> connections_;
  bool stopping_ = false;
  std::thread acceptor_;
};

}  // namespace os
