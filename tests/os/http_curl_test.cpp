#include "os/http_curl.h"

#include "os/interrupt.h"
#include "support/error.h"
#include "support/raw_server.h"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <pthread.h>
#include <stdlib.h>

namespace os {
namespace {

using base::HttpRequest;
using base::WipedString;
using support::error_of;
using support::RawServer;
using Connection = RawServer::Connection;

constexpr const char* offline_hint =
    "check the network, and the proxy if there is one (HTTPS_PROXY)";

// An answer or a failure in one piece.
std::string text_of(const HttpResult& result) {
  if (const auto* failure = std::get_if<HttpFailure>(&result)) {
    std::string text = failure->body_sent ? "failed, body sent: " : "failed, body not sent: ";
    text += failure->what;
    for (const std::string& hint : failure->hints) text += "\nhint: " + hint;
    return text;
  }
  const auto& response = std::get<base::HttpResponse>(result);
  std::string text = std::to_string(response.status);
  for (const base::Header& header : response.headers) {
    text += fmt::format("\n{}: {}", header.name, std::string_view(header.value));
  }
  return text.append("\n\n").append(response.body);
}

std::string broken(bool body_sent, const std::string& host = "127.0.0.1") {
  return fmt::format(
      "failed, body {}: the connection to {} broke before the answer had come\nhint: {}",
      body_sent ? "sent" : "not sent", host, offline_hint);
}

void answer(Connection& connection, std::string_view body = "yes") {
  connection.send(
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
}

constexpr const char* yes = "200\nContent-Length: 3\n\nyes";

RawServer::Script answers(int count) {
  return [count](Connection& connection) {
    for (int i = 0; i < count; ++i) {
      connection.read_request();
      answer(connection);
    }
  };
}

RawServer::Script sends(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection) {
    connection.read_request();
    connection.send(bytes);
  };
}

// The variables that curl heeds, as the test sets them and no other way.
class ProxyVariables {
 public:
  using Values = std::initializer_list<std::pair<const char*, std::string>>;
  ProxyVariables(Values values = {}) {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY",
                             "no_proxy", "NO_PROXY"}) {
      const char* value = getenv(name);
      before_[name] = value == nullptr ? "" : value;
      unsetenv(name);
    }
    for (const auto& [name, value] : values) setenv(name, value.c_str(), 1);
  }
  ~ProxyVariables() {
    for (const auto& [name, value] : before_) {
      value.empty() ? unsetenv(name.c_str()) : setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ProxyVariables(const ProxyVariables&) = delete;
  ProxyVariables& operator=(const ProxyVariables&) = delete;

 private:
  std::map<std::string, std::string> before_;
};

struct CurlHttp : testing::Test {
  ProxyVariables no_proxies;
  Interrupt interrupt;
  std::unique_ptr<CurlHttpClient> client = std::make_unique<CurlHttpClient>(interrupt);

  HttpResult send(const HttpRequest& request) { return client->send(request); }
  HttpResult get(const std::string& origin) { return send({"GET", origin, "/", {}, {}}); }
  HttpResult post(const std::string& origin, const char* body = "Code=123456") {
    return send({"POST", origin, "/", {{"Content-Type", "text/plain"}}, WipedString(body)});
  }
};

TEST_F(CurlHttp, SendsExactlyTheHeadersThatItIsGiven) {
  RawServer server({answers(2)});
  const std::string host = server.origin().substr(7);
  EXPECT_EQ(text_of(send({"POST",
                          server.origin(),
                          "/path?a=b%20c&d",
                          {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                           {"X-Amz-Date", "20261122T182000Z"},
                           {"x-lower", "a  b, c;d=\"e\""},
                           {"Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=0"}},
                          WipedString("Action=AssumeRole&Version=2011-06-15")})),
            yes);
  EXPECT_EQ(
      text_of(send({"GET", server.origin(), "/", {{"Host", WipedString(host)}, {"A", "b"}}, {}})),
      yes);
  client.reset();
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[0],
            fmt::format("POST /path?a=b%20c&d HTTP/1.1\r\n"
                        "Host: {}\r\n"
                        "User-Agent: aws-session-token\r\n"
                        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
                        "X-Amz-Date: 20261122T182000Z\r\n"
                        "x-lower: a  b, c;d=\"e\"\r\n"
                        "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=0\r\n"
                        "Content-Length: 36\r\n"
                        "\r\n"
                        "Action=AssumeRole&Version=2011-06-15",
                        host));
  EXPECT_EQ(server.requests()[1], fmt::format("GET / HTTP/1.1\r\n"
                                              "Host: {}\r\n"
                                              "User-Agent: aws-session-token\r\n"
                                              "A: b\r\n"
                                              "\r\n",
                                              host));
}

TEST_F(CurlHttp, SendsABodyOfAnyBytesAndLength) {
  RawServer server({answers(3)});
  std::string large(1'100'000, 'x');  // libcurl would ask for leave to send so much (Expect)
  large += std::string("\0\r\n\xff", 4);
  for (const std::string& body : {large, std::string(), std::string("\0", 1)}) {
    EXPECT_EQ(
        text_of(send({"POST", server.origin(), "/", {{"Content-Type", "x/y"}}, WipedString(body)})),
        yes);
  }
  client.reset();
  ASSERT_EQ(server.requests().size(), 3u);
  EXPECT_TRUE(server.requests()[0].ends_with("\r\n\r\n" + large));
  EXPECT_EQ(server.requests()[0].find("Expect"), std::string::npos);
  EXPECT_TRUE(server.requests()[1].ends_with("\r\nContent-Type: x/y\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(server.requests()[2].ends_with(std::string("\r\n\r\n\0", 5)));
}

TEST_F(CurlHttp, GivesStatusHeadersAndBody) {
  RawServer binary({sends(std::string("HTTP/1.0 599 \r\n\r\n\0\r\n\xff", 21))});
  EXPECT_EQ(text_of(get(binary.origin())), std::string("599\n\n\0\r\n\xff", 9));
  RawServer named(
      {sends("HTTP/1.1 403 Forbidden\r\nx-amzn-RequestId:  a b \r\nDate: now\r\n"
             "X-Twice: 1\r\nX-Twice: 2\r\nEmpty:\r\nContent-Length: 2\r\n\r\nno")});
  EXPECT_EQ(text_of(get(named.origin())),
            "403\nx-amzn-RequestId: a b\nDate: now\nX-Twice: 1\nX-Twice: 2\nEmpty: \n"
            "Content-Length: 2\n\nno");
}

TEST_F(CurlHttp, AsksForTheHeadOnly) {
  RawServer server({sends("HTTP/1.1 302 Found\r\nDate: now\r\nContent-Length: 1000\r\n\r\n")});
  EXPECT_EQ(text_of(send({"HEAD", server.origin(), "/", {}, {}})),
            "302\nDate: now\nContent-Length: 1000\n\n");
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_TRUE(server.requests()[0].starts_with("HEAD / HTTP/1.1\r\n"));
}

TEST_F(CurlHttp, KeepsTheConnectionForTheNextRequest) {
  RawServer server({[](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    for (int i = 0; i < 2; ++i) {
      connection.read_request();
      answer(connection);
    }
  }});
  EXPECT_EQ(text_of(send({"HEAD", server.origin(), "/", {}, {}})), "302\nContent-Length: 0\n\n");
  EXPECT_EQ(text_of(post(server.origin())), yes);
  EXPECT_EQ(text_of(post(server.origin())), yes);
  client.reset();
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(server.requests().size(), 3u);
}

TEST_F(CurlHttp, PassesOverInterimAnswers) {
  RawServer server(
      {sends("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
             "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
             "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes")});
  EXPECT_EQ(text_of(post(server.origin())), yes);
}

TEST_F(CurlHttp, PutsChunksTogether) {
  RawServer server(
      {sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             "2\r\nye\r\n1;x=y\r\ns\r\n0\r\n\r\n")});
  EXPECT_EQ(text_of(post(server.origin())), "200\nTransfer-Encoding: chunked\n\nyes");
}

TEST_F(CurlHttp, TakesAnAnswerOfOneMebibyteAndNoMore) {
  const std::string largest(1 << 20, 'x');
  RawServer server({[&](Connection& connection) {
                      connection.read_request();
                      answer(connection, largest);
                    },
                    [&](Connection& connection) {
                      connection.read_request();
                      answer(connection, largest + "x");
                    }});
  const HttpResult result = get(server.origin());
  ASSERT_TRUE(std::holds_alternative<base::HttpResponse>(result));
  EXPECT_TRUE(std::string_view(std::get<base::HttpResponse>(result).body) == largest);
  client = std::make_unique<CurlHttpClient>(interrupt);
  EXPECT_EQ(text_of(post(server.origin())),
            "failed, body sent: the answer from 127.0.0.1 is too large to be AWS's\n"
            "hint: check --endpoint-url");
}

TEST_F(CurlHttp, DoesNotFollowRedirects) {
  RawServer elsewhere({answers(1)});
  const std::string redirect =
      fmt::format("HTTP/1.1 302 Found\r\nLocation: {}/elsewhere\r\nContent-Length: 0\r\n\r\n",
                  elsewhere.origin());
  RawServer server({sends(redirect)});
  EXPECT_EQ(text_of(post(server.origin())),
            fmt::format("302\nLocation: {}/elsewhere\nContent-Length: 0\n\n", elsewhere.origin()));
  EXPECT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(elsewhere.requests().size(), 0u);
}

TEST_F(CurlHttp, SaysThatNobodyListens) {
  EXPECT_EQ(
      text_of(post(fmt::format("http://127.0.0.1:{}", support::closed_port()))),
      fmt::format("failed, body not sent: 127.0.0.1 cannot be reached\nhint: {}", offline_hint));
}

TEST_F(CurlHttp, SaysThatANameCannotBeFound) {
  EXPECT_EQ(text_of(post("https://sts.nowhere-1.invalid")),
            fmt::format("failed, body not sent: sts.nowhere-1.invalid cannot be found\n"
                        "hint: {}\nhint: check the region, which is part of the name",
                        offline_hint));
}

// A code works once: a request that may have arrived must not be made again behind our back.

TEST_F(CurlHttp, DoesNotRepeatWhatAnUnansweredFirstConnectionTook) {
  for (const bool reset : {false, true}) {
    RawServer server({[&](Connection& connection) {
      connection.read_request();
      if (reset) connection.reset();
    }});
    EXPECT_EQ(text_of(post(server.origin())), broken(true));
    EXPECT_EQ(server.requests().size(), 1u);
  }
}

TEST_F(CurlHttp, DoesNotRepeatWhatAReusedConnectionTook) {
  for (const bool reset : {false, true}) {
    RawServer server({[&](Connection& connection) {
      connection.read_request();
      answer(connection);
      connection.read_request();
      if (reset) connection.reset();
    }});
    EXPECT_EQ(text_of(post(server.origin(), "first")), yes);
    EXPECT_EQ(text_of(post(server.origin(), "second")), broken(true));
    EXPECT_EQ(server.requests().size(), 2u);
  }
}

TEST_F(CurlHttp, DoesNotRepeatWhatAReusedConnectionTookInPart) {
  RawServer server({[&](Connection& connection) {
    connection.read_request();
    answer(connection);
    connection.read_head();
    EXPECT_EQ(connection.read(1), "x");
    connection.reset();
  }});
  EXPECT_EQ(text_of(post(server.origin(), "first")), yes);
  EXPECT_EQ(text_of(post(server.origin(), std::string(10'000'000, 'x').c_str())), broken(true));
  EXPECT_EQ(server.requests().size(), 1u);
}

// libcurl's doing: nothing is asked of AWS without a body, and opening the connection is better
// done twice than not at all.
TEST_F(CurlHttp, RepeatsOnAReusedConnectionOnlyWhatHasNoBody) {
  for (const char* method : {"GET", "HEAD"}) {
    RawServer server({[&](Connection& connection) {
      connection.read_request();
      answer(connection);
      connection.read_request();
    }});
    EXPECT_EQ(text_of(post(server.origin(), "first")), yes);
    EXPECT_EQ(text_of(send({method, server.origin(), "/", {}, {}})), broken(false)) << method;
    EXPECT_EQ(server.requests().size(), 3u) << method;
  }
}

TEST_F(CurlHttp, ConnectsAnewWhenTheIdleConnectionWasClosed) {
  std::promise<void> closed;
  RawServer server({[&](Connection& connection) {
                      connection.read_request();
                      answer(connection);
                      connection.close();
                      closed.set_value();
                    },
                    answers(1)});
  EXPECT_EQ(text_of(post(server.origin())), yes);
  closed.get_future().wait();
  EXPECT_EQ(text_of(post(server.origin())), yes);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(CurlHttp, SaysThatTheAnswerEndedEarly) {
  for (const char* part : {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nye",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nye",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n"}) {
    RawServer server({sends(part)});
    EXPECT_EQ(text_of(post(server.origin())), broken(true)) << part;
    EXPECT_EQ(server.requests().size(), 1u) << part;
  }
}

TEST_F(CurlHttp, SaysThatTheAnswerIsNoHttp) {
  RawServer server({sends("SSH-2.0-OpenSSH_9.2\r\n")});
  EXPECT_EQ(text_of(post(server.origin())),
            fmt::format("failed, body sent: the request to 127.0.0.1 failed: Unsupported protocol\n"
                        "hint: {}",
                        offline_hint));
}

TEST_F(CurlHttp, InterruptEndsTheWaitForAnAnswerAndTheConnection) {
  std::promise<bool> gone;
  const pthread_t waiting = pthread_self();
  RawServer server({[&](Connection& connection) {
    connection.read_request();
    pthread_kill(waiting, SIGINT);
    gone.set_value(connection.closed_by_client());
  }});
  EXPECT_EQ(error_of([&] { post(server.origin()); }), "interrupted");
  EXPECT_TRUE(gone.get_future().get());
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(CurlHttp, InterruptBeforeARequestSendsNothing) {
  RawServer server({answers(2)});
  EXPECT_EQ(text_of(post(server.origin(), "first")), yes);
  raise(SIGINT);
  EXPECT_EQ(error_of([&] { post(server.origin(), "second"); }), "interrupted");
  client.reset();
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(CurlHttp, AsksNoProxyForThisMachine) {
  RawServer proxy({});
  const ProxyVariables variables({{"https_proxy", proxy.origin()},
                                  {"HTTPS_PROXY", proxy.origin()},
                                  {"http_proxy", proxy.origin()},
                                  {"ALL_PROXY", proxy.origin()}});
  RawServer server({answers(1)});
  EXPECT_EQ(text_of(post(server.origin())), yes);
  RawServer by_name({answers(1)});
  EXPECT_EQ(text_of(post("http://localhost" + by_name.origin().substr(16))), yes);
  EXPECT_TRUE(text_of(post("http://[::1]:1")).starts_with("failed, body not sent: [::1] "));
  EXPECT_EQ(proxy.connections(), 0u);
}

// It is a name like any other.
TEST_F(CurlHttp, AsksTheProxyForANameThatBeginsLikeALoopbackAddress) {
  RawServer proxy({[](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 403 Blocked\r\nContent-Length: 0\r\n\r\n");
  }});
  const ProxyVariables variables({{"HTTPS_PROXY", proxy.origin()}});
  EXPECT_TRUE(text_of(post("https://127.a.invalid"))
                  .starts_with("failed, body not sent: the proxy refuses to connect to "));
}

TEST_F(CurlHttp, AsksTheProxyForEverybodyElseAndTellsItNothing) {
  RawServer proxy({[](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 403 Blocked\r\nContent-Length: 0\r\n\r\n");
  }});
  const ProxyVariables variables({{"HTTPS_PROXY", proxy.origin()}, {"NO_PROXY", "b.invalid"}});
  EXPECT_EQ(text_of(send({"POST",
                          "https://a.invalid",
                          "/path",
                          {{"X-Amz-Security-Token", WipedString("secret")}},
                          "secret"})),
            "failed, body not sent: the proxy refuses to connect to a.invalid (403)\n"
            "hint: check HTTPS_PROXY, or name the host in NO_PROXY if it needs no proxy");
  EXPECT_TRUE(text_of(post("https://b.invalid"))
                  .starts_with("failed, body not sent: b.invalid cannot be found\n"));
  ASSERT_EQ(proxy.requests().size(), 1u);
  EXPECT_TRUE(proxy.requests()[0].starts_with("CONNECT a.invalid:443 HTTP/1.1\r\n"));
  EXPECT_EQ(proxy.requests()[0].find("secret"), std::string::npos);
}

// Whoever sits between may let nothing through but the proxy, and the name may be known to it only.
TEST_F(CurlHttp, ConnectsToNobodyButTheProxy) {
  RawServer proxy({[](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 403 Blocked\r\nContent-Length: 0\r\n\r\n");
  }});
  RawServer server({});
  const ProxyVariables variables({{"https_proxy", proxy.origin()}});
  // This machine by an address that is not known as this machine's.
  const std::string origin = "https://[::ffff:127.0.0.1]" + server.origin().substr(16);
  EXPECT_TRUE(text_of(post(origin)).starts_with("failed, body not sent: the proxy refuses"));
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(CurlHttp, AFirstRequestThatIsGivenUpClosesItsConnection) {
  std::promise<bool> closed;
  RawServer server({[&](Connection& connection) {  //
    closed.set_value(connection.closed_by_client());
  }});
  client->start({"GET", server.origin(), "/", {}, {}}).reset();
  EXPECT_TRUE(closed.get_future().get());
}

TEST_F(CurlHttp, TakesAnAddressInAnySpelling) {
  RawServer server({answers(1)});
  const std::string port = server.origin().substr(16);
  EXPECT_EQ(text_of(get("http://[0:0:0:0:0:ffff:127.0.0.1]" + port)), yes);
}

// Here a request that is longer than libcurl takes; before 7.85 it is a setting that it does not
// know.
TEST_F(CurlHttp, WhatLibcurlRefusesIsTheFailureOfThatRequestAlone) {
  RawServer server({answers(2)});
  RawServer other({});
  const std::string long_target = "/" + std::string(9'000'000, 'a');
  for (const char* when : {"the first time", "again"}) {
    const auto refused = client->start({"GET", other.origin(), long_target, {}, {}});
    const auto fine = client->start({"GET", server.origin(), "/", {}, {}});
    EXPECT_EQ(text_of(fine->wait()), yes) << when;
    EXPECT_TRUE(refused->ended());
    EXPECT_TRUE(
        text_of(refused->wait()).starts_with("failed, body not sent: libcurl refuses a setting: "));
  }
}

TEST_F(CurlHttp, SaysThatTheProxyCannotBeFoundOrReached) {
  {
    const ProxyVariables variables({{"HTTPS_PROXY", "http://proxy.invalid:3128"}});
    EXPECT_EQ(text_of(post("https://a.invalid")),
              "failed, body not sent: the proxy cannot be found\nhint: check HTTPS_PROXY");
  }
  const ProxyVariables variables(
      {{"HTTPS_PROXY", fmt::format("http://127.0.0.1:{}", support::closed_port())}});
  EXPECT_EQ(text_of(post("https://a.invalid")),
            "failed, body not sent: the proxy for a.invalid cannot be reached\n"
            "hint: check HTTPS_PROXY, or name the host in NO_PROXY if it needs no proxy");
  // Some host is named there, and only libcurl knows whether it is this one.
  setenv("NO_PROXY", "b.invalid", 1);
  EXPECT_EQ(
      text_of(post("https://a.invalid")),
      fmt::format("failed, body not sent: a.invalid cannot be reached\nhint: {}", offline_hint));
}

}  // namespace
}  // namespace os
