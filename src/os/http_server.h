#pragma once

#include "base/http_message.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>

namespace os {

// A connection as the server sees it: bytes in, bytes out. TCP is here; TLS is a layer that its
// user brings (`WrapStream`), so that this library needs no OpenSSL.
class ByteStream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  virtual ~ByteStream() = default;
  // How many bytes came, at least one; 0 at the end. Both throw Error{failed} when the connection
  // breaks or the deadline passes.
  virtual std::size_t read(std::span<char> buffer, Deadline deadline) = 0;
  virtual void write(std::string_view bytes, Deadline deadline) = 0;
};

// Puts a layer over a connection before its first request. May throw Error: the connection is
// dropped then.
using WrapStream =
    std::function<std::unique_ptr<ByteStream>(std::unique_ptr<ByteStream>, ByteStream::Deadline)>;

// Called from several threads at a time. Status 0 drops the connection without an answer; a
// Content-Length beyond the body's size is sent as it is, and the connection dropped after the
// body.
using HttpHandler = std::function<base::HttpResponse(const base::HttpRequest&)>;

struct HttpServerOptions {
  std::uint16_t port = 0;            // 0: any free one
  std::size_t max_connections = 64;  // further ones wait in the system's queue
  std::uint32_t max_header_bytes = 64 * 1024;
  std::uint64_t max_body_bytes = 10'000'000;          // a longer one is answered with 413
  std::chrono::milliseconds idle_timeout{120'000};    // between two requests
  std::chrono::milliseconds request_timeout{30'000};  // for one request, and for one answer
};

// HTTP/1.1 on 127.0.0.1, a thread a connection, with keep-alive. Serves from its construction to
// its destruction, which waits for the handlers that still run.
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
    int socket = -1;
    bool finished = false;
    std::thread thread;
  };

  void accept_loop();
  void start(int socket);
  void serve(int socket) noexcept;
  void join_finished(std::unique_lock<std::mutex>& lock);

  const HttpHandler handler_;
  const HttpServerOptions options_;
  const WrapStream wrap_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;  // guards the two below
  std::condition_variable changed_;
  std::list<Connection> connections_;
  bool stopping_ = false;
  std::thread acceptor_;
};

}  // namespace os
