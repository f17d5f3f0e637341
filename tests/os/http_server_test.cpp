#include "os/http_server.h"

#include "base/error.h"
#include "support/child.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace os {
namespace {

using std::chrono::milliseconds;

// A client that knows nothing of HTTP: what is asserted is what went over the wire.
class Client {
 public:
  explicit Client(const HttpServer& server) : Client(server.port()) {}
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    // A server that hangs fails the test instead of hanging it.
    const timeval timeout{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  void send(std::string_view text) {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Exactly so many bytes, or fewer when the connection ends.
  std::string receive(std::size_t size) {
    std::string text(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
      const ssize_t count = recv(socket_, text.data() + filled, size - filled, 0);
      if (count < 0) return "no answer in time";
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    text.resize(filled);
    return text;
  }
  bool is_closed() {
    char byte = 0;
    const ssize_t count = recv(socket_, &byte, 1, 0);
    return count == 0 || (count < 0 && errno == ECONNRESET);
  }
  std::string receive_all() { return receive(1 << 20); }
  std::string exchange(std::string_view request, std::string_view expected) {
    send(request);
    return receive(expected.size());
  }

 private:
  int socket_;
};

base::HttpResponse answer(int status, std::string_view body) {
  base::HttpResponse response;
  response.status = status;
  response.body = base::WipedString(body);
  return response;
}

base::HttpResponse echo(const base::HttpRequest& request) {
  const base::WipedString* const name = base::find_header(request.headers, "X-Name");
  return answer(200, request.method + " " + request.target + " " +
                         (name ? std::string(*name) : "-") + " " + std::string(request.body));
}

constexpr std::string_view get = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view get_answer = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nGET /a?b - ";

TEST(HttpServer, ServesSeveralRequestsOnOneConnection) {
  const HttpServer server(echo, {});
  Client client(server);
  EXPECT_EQ(client.exchange(get, get_answer), get_answer);
  const std::string post =
      "POST / HTTP/1.1\r\nHost: x\r\nX-Name:  n \r\nContent-Length: 4\r\n\r\nbody";
  const std::string post_answer = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nPOST / n body";
  EXPECT_EQ(client.exchange(post, post_answer), post_answer);
  const std::string both = std::string(get_answer) + post_answer;
  EXPECT_EQ(client.exchange(std::string(get) + post, both), both) << "two requests in one piece";
}

TEST(HttpServer, ReadsChunkedBodiesAndSaysContinue) {
  const HttpServer server(echo, {});
  Client client(server);
  client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(client.receive(go_on.size()), go_on);
  const std::string_view expected = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nPOST / - abcdef";
  EXPECT_EQ(client.exchange("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", expected), expected);
}

TEST(HttpServer, ClosesWhenTheClientAsks) {
  const HttpServer server(echo, {});
  Client client(server);
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.receive_all(),
            "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nGET / - ");
}

TEST(HttpServer, AnswersHeadWithoutTheBody) {
  const HttpServer server(echo, {});
  Client client(server);
  client.send("HEAD / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive_all(),
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n");
}

TEST(HttpServer, StatusZeroDropsTheConnection) {
  const HttpServer server([](const base::HttpRequest&) { return base::HttpResponse(); }, {});
  Client client(server);
  client.send(get);
  EXPECT_EQ(client.receive_all(), "");
}

TEST(HttpServer, ALongerContentLengthCutsTheBodyShort) {
  const HttpServer server(
      [](const base::HttpRequest&) {
        base::HttpResponse response = answer(200, "half");
        response.headers.push_back({"Content-Length", "8"});
        return response;
      },
      {});
  Client client(server);
  client.send(get);
  EXPECT_EQ(client.receive_all(),
            "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nhalf");
}

TEST(HttpServer, RefusesWhatIsTooLongOrNoHttp) {
  HttpServerOptions options;
  options.max_header_bytes = 200;
  options.max_body_bytes = 10;
  const HttpServer server(echo, options);
  const std::string tail = "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  const auto answer_to = [&](const std::string& request) {
    Client client(server);
    client.send(request);
    return client.receive_all();
  };
  EXPECT_EQ(answer_to("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n"),
            "HTTP/1.1 413 Payload Too Large" + tail);
  EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nX: " + std::string(300, 'a') + "\r\n\r\n"),
            "HTTP/1.1 431 Request Header Fields Too Large" + tail);
  EXPECT_EQ(answer_to("GET\r\n\r\n"), "HTTP/1.1 400 Bad Request" + tail);
}

TEST(HttpServer, AnExceptionEndsItsConnectionOnly) {
  const HttpServer server(
      [](const base::HttpRequest& request) {
        if (request.target == "/throw") throw std::runtime_error("on purpose");
        return echo(request);
      },
      {});
  Client unlucky(server);
  unlucky.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(unlucky.receive_all(), "");
  Client client(server);
  EXPECT_EQ(client.exchange(get, get_answer), get_answer);
}

TEST(HttpServer, ClosesAnIdleConnection) {
  HttpServerOptions options;
  options.idle_timeout = milliseconds(20);
  const HttpServer server(echo, options);
  Client client(server);
  EXPECT_EQ(client.exchange(get, get_answer), get_answer);
  EXPECT_EQ(client.receive_all(), "");
}

TEST(HttpServer, ClosesOnARequestThatNeverEnds) {
  HttpServerOptions options;
  options.request_timeout = milliseconds(20);
  const HttpServer server(echo, options);
  Client client(server);
  client.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(client.receive_all(), "");
}

TEST(HttpServer, ServesNoMoreConnectionsAtATimeThanAllowed) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::latch first_may_end(1);
  HttpServerOptions options;
  options.max_connections = 1;
  const HttpServer server(
      [&](const base::HttpRequest& request) {
        most = std::max<int>(most, ++running);
        if (request.target == "/first") first_may_end.wait();
        --running;
        return answer(200, "");
      },
      options);
  const std::string_view expected = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  Client first(server);
  first.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
  Client second(server);
  second.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
  first_may_end.count_down();
  EXPECT_EQ(first.receive(expected.size()), expected);
  first.close();
  EXPECT_EQ(second.receive(expected.size()), expected);
  EXPECT_EQ(most, 1);
}

TEST(HttpServer, ClosesANewConnectionThatSaysNothing) {
  HttpServerOptions options;
  options.first_byte_timeout = milliseconds(20);
  const HttpServer server(echo, options);
  Client silent(server);
  EXPECT_EQ(silent.receive_all(), "");
}

// Connections that have sent nothing are idle from the start, and in the order in which they came,
// whichever of their threads runs first.
TEST(HttpServer, ClosesTheLeastRecentlyUsedIdleConnectionForANewOne) {
  HttpServerOptions options;
  options.max_connections = 2;
  const HttpServer server(echo, options);
  Client first(server);
  Client second(server);
  Client third(server);
  EXPECT_EQ(third.exchange(get, get_answer), get_answer);
  EXPECT_EQ(first.receive_all(), "");
  Client fourth(server);
  EXPECT_EQ(fourth.exchange(get, get_answer), get_answer);
  EXPECT_EQ(second.receive_all(), "");
  EXPECT_EQ(third.exchange(get, get_answer), get_answer);
}

TEST(HttpServer, ClosesConnectionsOfOtherUsersWhereItIsForOneAlone) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can become another user";
  HttpServerOptions options;
  options.own_user_only = true;
  // A port that the child knows before there is a server with threads to fork.
  options.port = [] {
    const HttpServer server(echo, {});
    return server.port();
  }();
  constexpr int crowd = 200;
  std::array<int, 2> ready = {}, done = {};
  ASSERT_EQ(pipe(ready.data()), 0);
  ASSERT_EQ(pipe(done.data()), 0);
  support::Child stranger([&]() -> std::string {
    char byte = 0;
    support::become_ordinary_user();
    if (read(ready[0], &byte, 1) != 1) return "no parent";
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < crowd; ++i) clients.push_back(std::make_unique<Client>(options.port));
    const auto closed = std::count_if(clients.begin(), clients.end(),
                                      [](const auto& client) { return client->is_closed(); });
    if (write(done[1], "x", 1) != 1 || read(ready[0], &byte, 1) != 1) return "no parent";
    return std::to_string(closed) + " closed";
  });
  const HttpServer server(echo, options);
  ASSERT_EQ(write(ready[1], "x", 1), 1);
  char byte = 0;
  ASSERT_EQ(read(done[0], &byte, 1), 1);
  Client client(server);
  EXPECT_EQ(client.exchange(get, get_answer), get_answer);
  ASSERT_EQ(write(ready[1], "x", 1), 1);
  EXPECT_EQ(stranger.wait(), "200 closed");
}

TEST(HttpServer, EndsWhileConnectionsAreOpen) {
  auto server = std::make_unique<HttpServer>(echo, HttpServerOptions());
  Client used(*server);
  EXPECT_EQ(used.exchange(get, get_answer), get_answer);
  Client idle(*server);
  server.reset();
  EXPECT_EQ(used.receive_all(), "");
}

TEST(HttpServer, SaysWhichPortIsTaken) {
  const HttpServer server(echo, {});
  HttpServerOptions options;
  options.port = server.port();
  try {
    const HttpServer second(echo, options);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "cannot listen on 127.0.0.1:" + std::to_string(server.port()) + ": Address already in use");
  }
}

// A layer that is told apart by what it does to every byte.
class Shouting : public ByteStream {
 public:
  explicit Shouting(std::unique_ptr<ByteStream> below) : below_(std::move(below)) {}
  std::size_t read(std::span<char> buffer, Deadline deadline) override {
    return below_->read(buffer, deadline);
  }
  void write(std::string_view bytes, Deadline deadline) override {
    std::string loud(bytes);
    for (char& c : loud) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    below_->write(loud, deadline);
  }

 private:
  std::unique_ptr<ByteStream> below_;
};

TEST(HttpServer, PutsALayerOverTheConnection) {
  const HttpServer server(echo, {}, [](std::unique_ptr<ByteStream> below, ByteStream::Deadline) {
    return std::make_unique<Shouting>(std::move(below));
  });
  Client client(server);
  const std::string_view expected = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 11\r\n\r\nGET /A?B - ";
  EXPECT_EQ(client.exchange(get, expected), expected);
}

TEST(HttpServer, DropsAConnectionWhoseLayerFails) {
  const HttpServer server(
      echo, {},
      [](std::unique_ptr<ByteStream>, ByteStream::Deadline) -> std::unique_ptr<ByteStream> {
        throw base::Error(base::ErrorKind::failed, "no handshake");
      });
  Client client(server);
  EXPECT_EQ(client.receive_all(), "");
}

}  // namespace
}  // namespace os
