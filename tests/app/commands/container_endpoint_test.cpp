#include "app/commands/container_endpoint.h"

#include "support/fakes.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace app {
namespace {

struct Served : testing::Test {
  support::FakeClock clock;
  ContainerEndpoint endpoint{base::Secret("the-token"), clock};

  Served() {
    endpoint.listen_on(8080);
    endpoint.offer(session(base::Seconds{3600}));
  }

  Session session(base::Seconds lifetime) {
    return {
        {"ASIAEXAMPLE", base::Secret("secret"), base::Secret("to\"ken"), clock.now() + lifetime},
        "arn:aws:iam::123456789012:role/AdminRole",
        true};
  }

  static base::HttpRequest request(const std::string& host = "127.0.0.1:8080",
                                   const std::string& token = "the-token",
                                   const std::string& target = "/credentials",
                                   const std::string& method = "GET") {
    base::HttpRequest request;
    request.method = method;
    request.target = target;
    if (!host.empty()) request.headers.push_back({"Host", base::WipedString(host)});
    if (!token.empty()) request.headers.push_back({"authorization", base::WipedString(token)});
    return request;
  }

  int status(const base::HttpRequest& request) const {
    const base::HttpResponse response = endpoint.handle(request);
    const auto json = nlohmann::json::parse(response.body);
    if (response.status != 200) {
      EXPECT_TRUE(json.at("code").is_string() && json.at("message").is_string());
      EXPECT_EQ(response.body.find("secret"), base::WipedString::npos);
    }
    return response.status;
  }
};

TEST_F(Served, WhoHasTheTokenGetsTheSession) {
  const base::HttpResponse response = endpoint.handle(request());
  EXPECT_EQ(response.status, 200);
  const auto json = nlohmann::json::parse(response.body);
  EXPECT_EQ(json.at("AccessKeyId"), "ASIAEXAMPLE");
  EXPECT_EQ(json.at("SecretAccessKey"), "secret");
  EXPECT_EQ(json.at("Token"), "to\"ken");
  EXPECT_EQ(json.at("Expiration"), base::format_rfc3339(clock.now() + base::Seconds{3600}));
  EXPECT_EQ(json.at("RoleArn"), "arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(json.size(), 5U);
  EXPECT_EQ(status(request("LOCALHOST:8080")), 200);
}

TEST_F(Served, AWrongTokenGetsNothing) {
  for (const char* token : {"", "the-tokeN", "the-toke", "the-token ", "Bearer the-token"}) {
    EXPECT_EQ(status(request("127.0.0.1:8080", token)), 401) << token;
  }
}

TEST_F(Served, AnyOtherNameIsRefusedWithTheTokenToo) {
  for (const char* host : {"", "evil.example:8080", "127.0.0.1", "127.0.0.1:80", "localhost:80801",
                           "localhost.evil.example:8080", "[::1]:8080"}) {
    EXPECT_EQ(status(request(host)), 403) << host;
  }
}

TEST_F(Served, OnlyThePathItselfAndOnlyGet) {
  for (const char* target :
       {"/", "/credentials/", "/credentials?x", "/Credentials", "//credentials"}) {
    EXPECT_EQ(status(request("127.0.0.1:8080", "the-token", target)), 404) << target;
  }
  for (const char* method : {"POST", "PUT", "OPTIONS", "DELETE"}) {
    const base::HttpResponse response =
        endpoint.handle(request("127.0.0.1:8080", "the-token", "/credentials", method));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(*base::find_header(response.headers, "allow"), "GET");
  }
}

TEST_F(Served, ASessionThatIsOverIsNotHandedOut) {
  clock.advance(std::chrono::hours{1});
  EXPECT_EQ(status(request()), 503);
  endpoint.explain("the network is gone");
  EXPECT_NE(endpoint.handle(request()).body.find("the network is gone"), base::WipedString::npos);
  endpoint.offer(session(base::Seconds{60}));
  EXPECT_EQ(status(request()), 200);
}

}  // namespace
}  // namespace app
