#include "os/http_server.h"

#include "base/error.h"
#include "os/peer_user.h"

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

// Serves the requests of one connection, one after the other.
class Session {
 public:
  // `set_idle` is told when the wait for a request begins, and when it ends.
  Session(ByteStream& stream, const HttpServerOptions& options, const HttpHandler& handler,
          std::function<void(bool)> set_idle)
      : stream_(stream), options_(options), handler_(handler), set_idle_(std::move(set_idle)) {}
  ~Session() { base::wipe(buffer_.data(), buffer_.size()); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void run() {
    for (auto timeout = options_.first_byte_timeout; await_request(timeout) && serve_one();) {
      timeout = options_.idle_timeout;
    }
  }

 private:
  // False when the client closed the connection.
  bool await_request(std::chrono::milliseconds timeout) {
    if (filled_ > 0) return true;
    set_idle_(true);
    const bool received = fill(Clock::now() + timeout);
    set_idle_(false);
    return received;
  }

  // False when the connection is to be closed.
  bool serve_one() {
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
      // This line is longer than the whole buffer.
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
    // Sent in one piece: the second of two pieces may be held back until the first is acknowledged.
    stream_.write(text, Clock::now() + options_.request_timeout);
    return keep_alive;
  }

  ByteStream& stream_;
  const HttpServerOptions& options_;
  const HttpHandler& handler_;
  const std::function<void(bool)> set_idle_;
  std::array<char, 64 * 1024> buffer_;
  std::size_t filled_ = 0;
};

sockaddr_in on_loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Descriptor listen_on_loopback(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) fail("socket");
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = on_loopback(port);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket.get(), SOMAXCONN) != 0) {
    throw base::Error(base::ErrorKind::failed,
                      fmt::format("cannot listen on 127.0.0.1:{}: {}", port, std::strerror(errno)));
  }
  return socket;
}

std::uint16_t port_of(const Descriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("getsockname");
  }
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
    shutdown(listener_.get(), SHUT_RDWR);
    for (const Connection& connection : connections_) {
      if (!connection.finished) shutdown(connection.socket.get(), SHUT_RDWR);
    }
    changed_.notify_all();
  }
  acceptor_.join();
  for (Connection& connection : connections_) connection.thread.join();
}

void HttpServer::accept_loop() {
  for (;;) {
    pollfd waiting{listener_.get(), POLLIN, 0};
    poll(&waiting, 1, -1);
    if (!make_room()) return;
    accept_one();
  }
}

// Waits until one more connection may be served. False when the server is to stop.
bool HttpServer::make_room() {
  std::unique_lock lock(mutex_);
  for (;;) {
    join_finished(lock);
    if (stopping_) return false;
    if (connections_.size() < options_.max_connections) return true;
    if (Connection* const idle = least_recently_used()) {
      idle->closing = true;
      // What has arrived is still read and answered: a request may have come just now.
      shutdown(idle->socket.get(), SHUT_RD);
    }
    changed_.wait(lock, [&] {
      return stopping_ || least_recently_used() != nullptr ||
             std::any_of(connections_.begin(), connections_.end(),
                         [](const Connection& c) { return c.finished; });
    });
  }
}

// Among the idle ones. Nothing while another one is closing.
HttpServer::Connection* HttpServer::least_recently_used() {
  Connection* oldest = nullptr;
  for (Connection& each : connections_) {
    if (each.closing && !each.finished) return nullptr;
    if (each.finished || !each.idle) continue;
    if (oldest == nullptr || each.last_used < oldest->last_used) oldest = &each;
  }
  return oldest;
}

void HttpServer::accept_one() {
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  Descriptor socket(accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                            SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) {
    // Where the system is out of descriptors or memory, some may be free in a moment.
    if (errno != EAGAIN) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return;
  }
  if (options_.own_user_only && is_other_user(peer, on_loopback(port_))) return;
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  start(std::move(socket));
}

void HttpServer::start(Descriptor socket) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  Connection& connection = connections_.emplace_back();
  connection.socket = std::move(socket);
  try {
    connection.thread = std::thread([this, &connection] {
      serve(connection);
      const std::lock_guard finished_lock(mutex_);
      connection.socket.reset();
      connection.finished = true;
      changed_.notify_all();
    });
  } catch (const std::system_error&) {
    connections_.pop_back();  // no thread can be had: this connection is refused
  }
}

void HttpServer::serve(Connection& connection) noexcept {
  // Whatever goes wrong on a connection ends that connection, and nothing else.
  try {
    std::unique_ptr<ByteStream> stream = std::make_unique<TcpStream>(connection.socket.get());
    if (wrap_) stream = wrap_(std::move(stream), Clock::now() + options_.request_timeout);
    const auto session = std::make_unique<Session>(*stream, options_, handler_,
                                                   [&](bool idle) { set_idle(connection, idle); });
    session->run();
  } catch (...) {
  }
}

void HttpServer::set_idle(Connection& connection, bool idle) {
  const std::lock_guard lock(mutex_);
  connection.idle = idle;
  if (idle) {
    changed_.notify_all();
  } else {
    connection.last_used = Clock::now();
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
