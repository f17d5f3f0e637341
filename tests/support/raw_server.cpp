#include "support/raw_server.h"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace support {
namespace {

struct Bound {
  int fd;
  std::uint16_t port;
};

Bound bind_to_loopback() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || bind(fd, generic, size) != 0 || getsockname(fd, generic, &size) != 0) {
    throw std::runtime_error("no port on 127.0.0.1");
  }
  return {fd, ntohs(address.sin_port)};
}

}  // namespace

bool RawServer::Connection::receive() {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
  if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::string RawServer::Connection::read_head() {
  constexpr std::string_view end = "\r\n\r\n";
  while (received_.find(end) == std::string::npos) {
    if (!receive()) return {};
  }
  std::string head = received_.substr(0, received_.find(end) + end.size());
  received_.erase(0, head.size());
  return head;
}

std::string RawServer::Connection::read(std::size_t count) {
  while (received_.size() < count) {
    if (!receive()) break;
  }
  std::string bytes = received_.substr(0, count);
  received_.erase(0, bytes.size());
  return bytes;
}

std::string RawServer::Connection::read_request() {
  std::string request = read_head();
  if (request.empty()) {  // the client went away
    if (!received_.empty()) server_.requests_.push_back(received_);
    return request;
  }
  std::size_t length = 0;
  if (const std::size_t at = request.find("\r\nContent-Length: "); at != std::string::npos) {
    length = static_cast<std::size_t>(std::strtoul(request.c_str() + at + 18, nullptr, 10));
  }
  request += read(length);
  server_.requests_.push_back(request);
  return request;
}

void RawServer::Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the client had enough
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void RawServer::Connection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void RawServer::Connection::reset() {
  const linger at_once = {1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

bool RawServer::Connection::closed_by_client() {
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return count == 0;
  }
}

RawServer::RawServer(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
  const Bound bound = bind_to_loopback();
  listener_ = bound.fd;
  port_ = bound.port;
  if (listen(listener_, 16) != 0) throw std::runtime_error("cannot listen");
  thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() { finish(); }

void RawServer::run() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const timeval timeout = {10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    Connection connection(fd, *this);
    if (connections_ < scripts_.size()) {
      scripts_[connections_](connection);
    } else {
      connection.read_request();
    }
    ++connections_;
    connection.close();
  }
}

void RawServer::finish() {
  if (!thread_.joinable()) return;
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

const std::vector<std::string>& RawServer::requests() {
  finish();
  return requests_;
}

std::size_t RawServer::connections() {
  finish();
  return connections_;
}

std::uint16_t closed_port() {
  const Bound bound = bind_to_loopback();
  close(bound.fd);
  return bound.port;
}

}  // namespace support
