// What `exec --serve` answers under load, beside the same server with a handler that does nothing:
// 10,000 requests on 64 connections each. Every answer is checked; a wrong one fails the run.
//
// Usage: bench_endpoint [REQUESTS [CONNECTIONS]]

#include "app/commands/container_endpoint.h"
#include "os/descriptor.h"
#include "os/http_server.h"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

class SystemTime : public os::Clock {
 public:
  base::Time now() override {
    return std::chrono::floor<base::Seconds>(std::chrono::system_clock::now());
  }
  std::chrono::milliseconds monotonic() override { return {}; }
  void sleep(std::chrono::milliseconds) override {}
};

os::Descriptor connect_to(std::uint16_t port) {
  os::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    socket.reset();
  }
  return socket;
}

// The status of one answer, read whole; 0 when the connection broke.
int exchange(int socket, const std::string& request) {
  if (send(socket, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return 0;
  }
  std::string answer;
  std::array<char, 4096> buffer = {};
  for (;;) {
    const ssize_t count = recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) return 0;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
    const std::size_t end = answer.find("\r\n\r\n");
    const std::size_t length = answer.find("Content-Length: ");
    if (end == std::string::npos || length > end) continue;
    if (answer.size() >= end + 4 + std::strtoul(answer.c_str() + length + 16, nullptr, 10)) {
      return std::atoi(answer.c_str() + 9);
    }
  }
}

struct Load {
  int requests;
  int connections;
};

// Prints a line; false when an answer had another status.
bool run(const char* what, const Load& load, std::uint16_t port, const std::string& request,
         int expected) {
  std::atomic<int> left = load.requests;
  std::atomic<int> wrong = 0;
  const auto began = Clock::now();
  std::vector<std::thread> clients;
  for (int i = 0; i < load.connections; ++i) {
    clients.emplace_back([&] {
      const os::Descriptor socket = connect_to(port);
      while (left.fetch_sub(1) > 0) {
        if (!socket || exchange(socket.get(), request) != expected) ++wrong;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  const std::chrono::duration<double> took = Clock::now() - began;
  std::printf("%-28s%10d%8d%12.0f\n", what, load.requests, wrong.load(),
              load.requests / took.count());
  return wrong == 0;
}

std::string get(std::uint16_t port, const std::string& token, const std::string& host) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\nAuthorization: {}\r\n\r\n",
                     app::ContainerEndpoint::path, host, port, token);
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = {argc > 1 ? std::atoi(argv[1]) : 10'000, argc > 2 ? std::atoi(argv[2]) : 64};
  const std::string token(64, 'a');
  const std::string other = std::string(63, 'a') + "b";
  SystemTime clock;
  app::ContainerEndpoint endpoint{base::Secret(token), clock};
  endpoint.offer({{"ASIAEXAMPLE", base::Secret(std::string(40, 's')),
                   base::Secret(std::string(1000, 't')), clock.now() + std::chrono::hours{1}},
                  "arn:aws:iam::123456789012:role/AdminRole",
                  true});
  const os::HttpServer bare(
      [](const base::HttpRequest&) {
        base::HttpResponse response;
        response.status = 200;
        return response;
      },
      {});
  const os::HttpServer server(
      [&](const base::HttpRequest& request) { return endpoint.handle(request); }, {});
  endpoint.listen_on(server.port());

  fmt::print("{:<28}{:>10}{:>8}{:>12}\n", "", "requests", "wrong", "per second");
  bool good = run("an empty handler", load, bare.port(), get(bare.port(), token, "127.0.0.1"), 200);
  good &= run("the session", load, server.port(), get(server.port(), token, "127.0.0.1"), 200);
  good &= run("a wrong token", load, server.port(), get(server.port(), other, "127.0.0.1"), 401);
  good &=
      run("a foreign host", load, server.port(), get(server.port(), token, "evil.example"), 403);
  return good ? 0 : 1;
}
