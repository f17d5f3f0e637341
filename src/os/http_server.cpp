#include "os/http_server.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <cstring>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace os {
namespace {

namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
using Wiping = base::WipingAllocator<char>;
using Body = http::basic_string_body<char, std::char_traits<char>, Wiping>;
using Parser = http::request_parser<Body, Wiping>;

[[noreturn]] void fail(const char* what) {
  throw base::Error(base::ErrorKind::failed, fmt::format("{}: {}", what, std::strerror(errno)));
}

void wait_for(int socket, short events, ByteStream::Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) throw base::Error(base::ErrorKind::failed, "the connection timed out");
    pollfd waiting{socket, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) fail("poll");
  }
}

class TcpStream : public ByteStream {
 public:
  explicit TcpStream(int socket) : socket_(socket) {}

  std::size_t read(std::span<char> buffer, Deadline deadline) override {
    for (;;) {
      const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EAGAIN && errno != EINTR) fail("recv");
      wait_for(socket_, POLLIN, deadline);
    }
  }
  void write(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN || errno == EINTR) {
        wait_for(socket_, POLLOUT, deadline);
      } else {
        fail("send");
      }
    }
  }

 private:
  int socket_;
};

base::HttpResponse plain_error(int status) {
  base::HttpResponse response;
  response.status = status;
  return response;
}

// The requests of one connection, one after the other.
class Session {
 public:
  Session(ByteStream& stream, const HttpServerOptions& options, const HttpHandler& handler)
      : stream_(stream), options_(options), handler_(handler) {}
  ~Session() { base::wipe(buffer_.data(), buffer_.size()); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void run() {
    while (serve_one()) {
    }
  }

 private:
  // False when the connection is to be closed.
  bool serve_one() {
    if (filled_ == 0 && !fill(Clock::now() + options_.idle_timeout)) return false;
    Parser parser;
    parser.eager(true);
    parser.header_limit(options_.max_header_bytes);
    parser.body_limit(options_.max_body_bytes);
    const auto error = read_request(parser);
    if (error == http::error::partial_message) return false;
    if (error) {
      respond(plain_error(status_of(error)), /*head=*/false, /*keep_alive=*/false);
      return false;
    }
    const base::HttpRequest request = convert(parser.get());
    return respond(handler_(request), request.method == "HEAD", parser.get().keep_alive());
  }

  boost::system::error_code read_request(Parser& parser) {
    const auto deadline = Clock::now() + options_.request_timeout;
    bool continued = false;
    for (;;) {
      boost::system::error_code error;
      const std::size_t used = parser.put(boost::asio::buffer(buffer_.data(), filled_), error);
      std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(used),
                buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
      filled_ -= used;
      if (error && error != http::error::need_more) return error;
      if (parser.is_done()) return {};
      if (parser.is_header_done() && !continued) {
        continued = true;
        if (parser.get()[http::field::expect] == "100-continue") {
          stream_.write("HTTP/1.1 100 Continue\r\n\r\n", deadline);
        }
      }
      // A line longer than the whole buffer.
      if (filled_ == buffer_.size()) return http::error::header_limit;
      if (!fill(deadline)) return http::error::partial_message;
    }
  }

  bool fill(ByteStream::Deadline deadline) {
    const std::size_t count = stream_.read(std::span(buffer_).subspan(filled_), deadline);
    filled_ += count;
    return count > 0;
  }

  static int status_of(const boost::system::error_code& error) {
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit) return 431;
    return 400;
  }

  static base::HttpRequest convert(Parser::value_type& message) {
    base::HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
      const auto value = field.value();
      request.headers.push_back(
          {std::string(field.name_string()), base::WipedString(value.data(), value.size())});
    }
    request.body = std::move(message.body());
    return request;
  }

  // False when the connection is to be closed.
  bool respond(const base::HttpResponse& response, bool head, bool keep_alive) {
    if (response.status == 0) return false;
    const base::WipedString* const announced =
        base::find_header(response.headers, "content-length");
    const std::string length = std::to_string(response.body.size());
    const bool cut_short = announced && std::string_view(*announced) != length;
    keep_alive = keep_alive && !cut_short;

    const auto reason =
        http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
    base::WipedString text("HTTP/1.1 ");
    text.append(std::to_string(response.status)).append(" ");
    text.append(reason.data(), reason.size()).append("\r\n");
    for (const base::Header& header : response.headers) {
      text.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    if (!announced) text.append("Content-Length: ").append(length).append("\r\n");
    if (!keep_alive) text += "Connection: close\r\n";
    text += "\r\n";
    if (!head) text += response.body;
    // In one piece: with two, a client may wait for the second for the length of a delayed
    // acknowledgement.
    stream_.write(text, Clock::now() + options_.request_timeout);
    return keep_alive;
  }

  ByteStream& stream_;
  const HttpServerOptions& options_;
  const HttpHandler& handler_;
  std::array<char, 64 * 1024> buffer_;
  std::size_t filled_ = 0;
};

int listen_on_loopback(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket, SOMAXCONN) != 0) {
    const int error = errno;
    close(socket);
    throw base::Error(base::ErrorKind::failed,
                      fmt::format("cannot listen on 127.0.0.1:{}: {}", port, std::strerror(error)));
  }
  return socket;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
  return ntohs(address.sin_port);
}

}  // namespace

HttpServer::HttpServer(HttpHandler handler, HttpServerOptions options, WrapStream wrap)
    : handler_(std::move(handler)),
      options_(options),
      wrap_(std::move(wrap)),
      listener_(listen_on_loopback(options.port)),
      port_(port_of(listener_)),
      acceptor_([this] { accept_loop(); }) {}

HttpServer::~HttpServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    // Wakes the threads that wait for these sockets; each socket is closed by its own thread.
    shutdown(listener_, SHUT_RDWR);
    for (const Connection& connection : connections_) {
      if (!connection.finished) shutdown(connection.socket, SHUT_RDWR);
    }
    changed_.notify_all();
  }
  acceptor_.join();
  for (Connection& connection : connections_) connection.thread.join();
  close(listener_);
}

void HttpServer::accept_loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      join_finished(lock);
      changed_.wait(lock, [&] {
        return stopping_ || connections_.size() < options_.max_connections ||
               std::any_of(connections_.begin(), connections_.end(),
                           [](const Connection& c) { return c.finished; });
      });
      if (stopping_) return;
      if (connections_.size() >= options_.max_connections) continue;
    }
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket >= 0) {
      start(socket);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // Out of descriptors: one may be free in a moment.
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

void HttpServer::start(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    close(socket);
    return;
  }
  Connection& connection = connections_.emplace_back();
  connection.socket = socket;
  try {
    connection.thread = std::thread([this, &connection] {
      serve(connection.socket);
      const std::lock_guard finished_lock(mutex_);
      close(connection.socket);
      connection.finished = true;
      changed_.notify_all();
    });
  } catch (const std::system_error&) {  // no thread to be had: this connection is refused
    connections_.pop_back();
    close(socket);
  }
}

void HttpServer::serve(int socket) noexcept {
  // Whatever goes wrong on a connection ends that connection, and nothing else.
  try {
    std::unique_ptr<ByteStream> stream = std::make_unique<TcpStream>(socket);
    if (wrap_) stream = wrap_(std::move(stream), Clock::now() + options_.request_timeout);
    const auto session = std::make_unique<Session>(*stream, options_, handler_);
    session->run();
  } catch (...) {
  }
}

void HttpServer::join_finished(std::unique_lock<std::mutex>& lock) {
  std::list<Connection> finished;
  for (auto it = connections_.begin(); it != connections_.end();) {
    const auto next = std::next(it);
    if (it->finished) finished.splice(finished.end(), connections_, it);
    it = next;
  }
  lock.unlock();
  for (Connection& connection : finished) connection.thread.join();
  lock.lock();
}

}  // namespace os
