#include "os/http_curl.h"
#include "support/raw_server.h"

#include <array>
#include <chrono>
#include <future>
#include <gtest/gtest.h>
#include <unistd.h>

namespace os {
namespace {

using base::HttpRequest;
using base::WipedString;
using support::RawServer;
using Connection = RawServer::Connection;

constexpr const char* found = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n";
constexpr const char* yes = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";

HttpRequest post(const RawServer& server) {
  return {"POST", server.origin(), "/", {}, WipedString("Code=123456")};
}

std::string body_of(HttpResult result) {
  return std::string(std::get<base::HttpResponse>(result).body);
}

struct CurlOverlap : testing::Test {
  Interrupt interrupt;
  std::unique_ptr<CurlHttpClient> client = std::make_unique<CurlHttpClient>(interrupt);
};

TEST_F(CurlOverlap, TheConnectionThatIsKeptWarmCarriesTheNextRequest) {
  RawServer server({[](Connection& connection) {
    connection.read_request();
    connection.send(found);
    connection.read_request();
    connection.send(yes);
  }});
  client->keep_warm(server.origin(), 1);
  EXPECT_EQ(body_of(client->start(post(server), Via::warm_connection)->wait()), "yes");
  client.reset();
  EXPECT_EQ(server.connections(), 1u);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_TRUE(server.requests()[0].starts_with("HEAD / HTTP/1.1\r\n"));
  EXPECT_EQ(server.requests()[0].find("Authorization"), std::string::npos);
  EXPECT_TRUE(server.requests()[1].starts_with("POST / HTTP/1.1\r\n"));
}

TEST_F(CurlOverlap, AWarmConnectionThatFailsIsLeftToTheRequest) {
  RawServer server({[](Connection& connection) {
                      connection.read_request();
                      connection.reset();
                    },
                    [](Connection& connection) {
                      connection.read_request();
                      connection.send(yes);
                    }});
  client->keep_warm(server.origin(), 1);
  EXPECT_EQ(body_of(client->start(post(server), Via::warm_connection)->wait()), "yes");
}

TEST_F(CurlOverlap, ARequestGoesOnWhileSomethingElseIsWaitedFor) {
  std::array<int, 2> pipe_ends = {};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  RawServer server({[&](Connection& connection) {
    connection.read_request();
    // The person answers only now: the request was carried by that wait and nothing else.
    ASSERT_EQ(write(pipe_ends[1], "x", 1), 1);
    connection.send(yes);
  }});
  const auto exchange = client->start(post(server));
  pollfd person = {pipe_ends[0], POLLIN, 0};
  client->wait({&person, 1});
  EXPECT_EQ(person.revents, POLLIN);
  EXPECT_EQ(body_of(exchange->wait()), "yes");
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST_F(CurlOverlap, AHangUpOfWhatIsWaitedForEndsTheWait) {
  std::array<int, 2> pipe_ends = {};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  close(pipe_ends[1]);
  RawServer server({[](Connection& connection) { connection.closed_by_client(); }});
  const auto exchange = client->start(post(server));
  pollfd person = {pipe_ends[0], POLLIN, 0};
  client->wait({&person, 1});
  EXPECT_EQ(person.revents, POLLHUP);
  close(pipe_ends[0]);
}

TEST_F(CurlOverlap, ARequestThatIsGivenUpClosesItsConnection) {
  std::array<int, 2> pipe_ends = {};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  bool closed = false;
  RawServer server({[&](Connection& connection) {
    connection.read_request();
    ASSERT_EQ(write(pipe_ends[1], "x", 1), 1);
    closed = connection.closed_by_client();
  }});
  auto exchange = client->start(post(server));
  pollfd person = {pipe_ends[0], POLLIN, 0};
  client->wait({&person, 1});
  exchange.reset();
  client.reset();
  server.finish();
  EXPECT_TRUE(closed);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

// How long wait_some() takes with ten seconds allowed.
std::chrono::milliseconds time_of_a_wait(CurlHttpClient& client) {
  const auto begin = std::chrono::steady_clock::now();
  client.wait_some(std::chrono::seconds{10});
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin);
}

// A server whose answer arrives when the client does nothing.
struct LateAnswer {
  std::promise<void> read, go, sent;

  RawServer::Script script() {
    return [this](Connection& connection) {
      connection.read_request();
      read.set_value();
      go.get_future().wait();
      connection.send(yes);
      sent.set_value();
      connection.closed_by_client();
    };
  }
  void arrive(CurlHttpClient& client) {
    auto was_read = read.get_future();
    while (was_read.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
      client.wait_some(std::chrono::milliseconds{1});
    }
    go.set_value();
    sent.get_future().wait();
  }
};

TEST_F(CurlOverlap, AnAnswerThatIsThereAlreadyIsNotWaitedFor) {
  LateAnswer answer;
  RawServer server({answer.script()});
  const auto exchange = client->start(post(server));
  answer.arrive(*client);
  EXPECT_FALSE(exchange->ended());
  EXPECT_LT(time_of_a_wait(*client), std::chrono::seconds{5});
  EXPECT_TRUE(exchange->ended());
}

TEST_F(CurlOverlap, AnExchangeThatEndsWhileAnotherStartsIsNotWaitedFor) {
  LateAnswer answer;
  RawServer server(
      {answer.script(), [](Connection& connection) { connection.closed_by_client(); }});
  const auto first = client->start(post(server));
  answer.arrive(*client);
  const auto second = client->start(post(server));
  EXPECT_TRUE(first->ended());
  EXPECT_LT(time_of_a_wait(*client), std::chrono::seconds{5});
  EXPECT_FALSE(second->ended());
}

}  // namespace
}  // namespace os
