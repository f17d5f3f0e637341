#include "os/early_connection.h"

#include "support/raw_server.h"

#include <atomic>
#include <fcntl.h>
#include <future>
#include <gtest/gtest.h>
#include <netinet/in.h>
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
  ASSERT_EQ(poll(&ended, 1, 60'000), 1);
  EXPECT_TRUE(early.ended());
}

EarlyConnection::Result result_of(EarlyConnection& early) {
  await(early);
  auto result = early.take();
  EXPECT_TRUE(result);
  return result ? std::move(*result) : EarlyConnection::Result{};
}

// Listens, and answers nobody: its queue is full, as with a firewall that drops what it dislikes.
class Unanswered {
 public:
  explicit Unanswered(const std::string& host, const std::string& port = "0") {
    SocketAddress address = look_up(host, port).at(0);
    listener_ = Descriptor(socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    listens_ = bind(listener_.get(), address.get(), address.size) == 0 &&
               listen(listener_.get(), 0) == 0 &&
               getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address.bytes),
                           &address.size) == 0;
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&address.bytes)->sin_port);
    if (!listens_) return;
    fills_ = Descriptor(socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    listens_ = connect(fills_.get(), address.get(), address.size) == 0;
  }
  bool listens() const { return listens_; }
  std::string port() const { return std::to_string(port_); }

 private:
  Descriptor listener_;
  Descriptor fills_;
  bool listens_ = false;
  unsigned port_ = 0;
};

TEST(EarlyConnection, IsConnectedAndDoesNotBlock) {
  RawServer server({[](Connection& connection) { connection.read_request(); }});
  EarlyConnection early("127.0.0.1", port_of(server), look_up);
  const auto result = result_of(early);
  ASSERT_TRUE(result.socket);
  EXPECT_EQ(result.peer.in_digits(), "127.0.0.1");
  EXPECT_TRUE(fcntl(result.socket.get(), F_GETFL) & O_NONBLOCK);
  EXPECT_TRUE(fcntl(result.socket.get(), F_GETFD) & FD_CLOEXEC);
  constexpr std::string_view request = "HEAD / HTTP/1.1\r\n\r\n";
  EXPECT_EQ(send(result.socket.get(), request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  EXPECT_FALSE(early.take());
}

TEST(EarlyConnection, EndsWithoutAddressesWhereTheHostIsNotFound) {
  for (const auto& [host, port] :
       {std::pair{"sts.nowhere-1.invalid", "443"}, {"127.0.0.1", "no port"}, {"", ""}}) {
    EarlyConnection early(host, port, look_up);
    EXPECT_TRUE(result_of(early).addresses.empty()) << host;
  }
}

TEST(EarlyConnection, EndsWithoutASocketWhereNobodyListens) {
  EarlyConnection early("127.0.0.1", std::to_string(support::closed_port()), look_up);
  const auto result = result_of(early);
  EXPECT_EQ(result.addresses.size(), 1u);
  EXPECT_FALSE(result.socket);
}

TEST(EarlyConnection, EndsWithoutASocketWhereNobodyAnswers) {
  const Unanswered listener("127.0.0.1");
  ASSERT_TRUE(listener.listens());
  EarlyConnection early("127.0.0.1", listener.port(), look_up);
  EXPECT_FALSE(early.take());
  const auto result = result_of(early);
  EXPECT_EQ(result.addresses.size(), 1u);
  EXPECT_FALSE(result.socket);
}

std::vector<SocketAddress> both_kinds(const std::string&, const std::string& port) {
  return {look_up("::1", port).at(0), look_up("127.0.0.1", port).at(0)};
}

TEST(EarlyConnection, TakesTheOtherKindOfAddressWhereTheFirstIsRefused) {
  RawServer server({[](Connection&) {}});  // at 127.0.0.1 only
  EarlyConnection early("sts.test", port_of(server), both_kinds);
  const auto result = result_of(early);
  EXPECT_EQ(result.addresses.size(), 2u);
  ASSERT_TRUE(result.socket);
  EXPECT_EQ(result.peer.in_digits(), "127.0.0.1");
}

TEST(EarlyConnection, TakesTheOtherKindOfAddressWhereTheFirstDoesNotAnswer) {
  RawServer server({[](Connection&) {}});
  const Unanswered listener("::1", port_of(server));
  if (!listener.listens()) GTEST_SKIP() << "SKIPPED: there is no IPv6 here";
  EarlyConnection early("sts.test", port_of(server), both_kinds);
  const auto result = result_of(early);
  ASSERT_TRUE(result.socket);
  EXPECT_EQ(result.peer.in_digits(), "127.0.0.1");
}

TEST(EarlyConnection, IsClosedWhenItIsForgotten) {
  for (const bool there : {false, true}) {
    std::promise<bool> closed;
    RawServer server({[&](Connection& connection) {  //
      closed.set_value(connection.closed_by_client());
    }});
    {
      const EarlyConnection early("127.0.0.1", port_of(server), look_up);
      if (there) await(early);
    }
    EXPECT_TRUE(closed.get_future().get());
  }
}

std::atomic<bool> resolver_answers;

TEST(EarlyConnection, IsForgottenWhileTheLookUpHangs) {
  resolver_answers = false;
  const LookUp hanging = [](const std::string&, const std::string&) {
    while (!resolver_answers) poll(nullptr, 0, 1);
    return std::vector<SocketAddress>();
  };
  EarlyConnection early("sts.test", "443", hanging);
  { const EarlyConnection forgotten("sts.test", "443", hanging); }
  EXPECT_FALSE(early.ended());
  EXPECT_FALSE(early.take());
  resolver_answers = true;
  EXPECT_TRUE(result_of(early).addresses.empty());
}

}  // namespace
}  // namespace os
