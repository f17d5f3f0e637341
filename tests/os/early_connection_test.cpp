#include "os/early_connection.h"

#include "support/raw_server.h"

#include <chrono>
#include <fcntl.h>
#include <future>
#include <gtest/gtest.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace os {
namespace {

using support::RawServer;
using Connection = RawServer::Connection;

std::string port_of(const RawServer& server) {
  return server.origin().substr(server.origin().rfind(':') + 1);
}

// Its end shows at the descriptor, as whoever waits for it sees it.
void await(const EarlyConnection& early) {
  pollfd ended = {early.descriptor(), POLLIN, 0};
  ASSERT_EQ(poll(&ended, 1, 10'000), 1);
  EXPECT_TRUE(early.ended());
}

TEST(EarlyConnection, IsConnectedAndDoesNotBlock) {
  RawServer server({[](Connection& connection) { connection.read_request(); }});
  EarlyConnection early("127.0.0.1", port_of(server));
  await(early);
  auto connected = early.take();
  ASSERT_TRUE(connected);
  EXPECT_EQ(connected->address, "127.0.0.1");
  EXPECT_TRUE(fcntl(connected->socket.get(), F_GETFL) & O_NONBLOCK);
  EXPECT_TRUE(fcntl(connected->socket.get(), F_GETFD) & FD_CLOEXEC);
  constexpr std::string_view request = "HEAD / HTTP/1.1\r\n\r\n";
  EXPECT_EQ(send(connected->socket.get(), request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  EXPECT_FALSE(early.take());
}

TEST(EarlyConnection, LooksTheNameUp) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  ASSERT_EQ(getaddrinfo("localhost", "80", &wanted, &found), 0);
  const bool v4_first = found->ai_family == AF_INET;
  freeaddrinfo(found);
  if (!v4_first) GTEST_SKIP() << "SKIPPED: localhost is ::1 here, where the server does not listen";

  RawServer server({[](Connection&) {}});
  EarlyConnection early("localhost", port_of(server));
  await(early);
  const auto connected = early.take();
  ASSERT_TRUE(connected);
  EXPECT_EQ(connected->address, "127.0.0.1");
}

TEST(EarlyConnection, EndsWithoutASocketWhereNoneCanBeMade) {
  const std::string closed = std::to_string(support::closed_port());
  for (const auto& [host, port] : {std::pair<std::string, std::string>{"127.0.0.1", closed},
                                   {"sts.nowhere-1.invalid", "443"},
                                   {"127.0.0.1", "no port"},
                                   {"", ""}}) {
    EarlyConnection early(host, port);
    await(early);
    EXPECT_FALSE(early.take()) << host;
  }
}

TEST(EarlyConnection, IsClosedWhenItIsForgotten) {
  for (const bool there : {false, true}) {
    std::promise<bool> closed;
    RawServer server({[&](Connection& connection) {  //
      closed.set_value(connection.closed_by_client());
    }});
    {
      const EarlyConnection early("127.0.0.1", port_of(server));
      if (there) await(early);
    }
    EXPECT_TRUE(closed.get_future().get());
  }
}

// A listener whose queue is full does not answer, as a firewall that drops what it does not like.
TEST(EarlyConnection, IsNotWaitedForForEver) {
  const Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener.get(), 0), 0);
  ASSERT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const EarlyConnection fills("127.0.0.1", port);
  await(fills);
  EarlyConnection early("127.0.0.1", port);
  EXPECT_FALSE(early.ended());
  EXPECT_FALSE(early.take());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!early.ended() && std::chrono::steady_clock::now() < deadline) {
    poll(nullptr, 0, 10);
  }
  EXPECT_TRUE(early.ended());
  EXPECT_FALSE(early.take());
}

}  // namespace
}  // namespace os
