#include "sandbox/fixture.h"

#include <fmt/core.h>

namespace sandbox {
namespace {

class SignIn : public SandboxTest {
 protected:
  static std::string session(const Keys& keys) {
    return fmt::format(R"({{"sessionId":"{}","sessionKey":"{}","sessionToken":"{}"}})", keys.id,
                       keys.secret, keys.token);
  }
  static std::string encoded(const Form& form) {
    base::WipedString text;
    for (const auto& [name, value] : form) {
      if (!text.empty()) text.append("&");
      text.append(name).append("=");
      base::percent_encode(value, "", text);
    }
    return std::string(text);
  }
  base::HttpResponse get(const Form& form) {
    base::HttpRequest request;
    request.method = "GET";
    request.target = "/federation?" + encoded(form);
    return sandbox_.handle(request);
  }
  base::HttpResponse post(const Form& form) {
    base::HttpRequest request;
    request.method = "POST";
    request.target = "/federation";
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body = base::WipedString(encoded(form));
    return sandbox_.handle(request);
  }
  // "200", or "400 message".
  static std::string result(const base::HttpResponse& response) {
    const std::string body(response.body);
    const std::size_t begin = body.find("message: ");
    std::string text = std::to_string(response.status);
    if (begin == std::string::npos) return text;
    return text + ' ' + body.substr(begin + 9, body.find("</p>") - begin - 9);
  }
  std::string token_for(const Keys& keys, std::string_view duration = {}) {
    const std::string json = session(keys);
    Form form = {{"Action", "getSigninToken"}, {"SessionType", "json"}, {"Session", json}};
    if (!duration.empty()) form.push_back({"SessionDuration", duration});
    return result(get(form));
  }
  std::string token() {
    const std::string json = session(role_);
    const std::string body(get({{"Action", "getSigninToken"}, {"Session", json}}).body);
    const std::string start = R"({"SigninToken":")";
    EXPECT_TRUE(body.starts_with(start) && body.ends_with("\"}")) << body;
    return body.substr(start.size(), body.size() - start.size() - 2);
  }
  base::HttpResponse login(std::string_view signin_token,
                           std::string_view destination = "https://console.aws.amazon.com/") {
    return get({{"Action", "login"},
                {"Issuer", ""},
                {"Destination", destination},
                {"SigninToken", signin_token}});
  }

  const Keys role_ = credentials_in(assume_with_code("jsmith", "LongRole"));
};

TEST_F(SignIn, ARoleSessionGetsATokenThatSignsIn) {
  const auto response = login(token());
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(*base::find_header(response.headers, "location"), "https://console.aws.amazon.com/");
  EXPECT_TRUE(base::find_header(response.headers, "set-cookie")->starts_with("aws-creds="));
}

TEST_F(SignIn, ATokenSignsInOnceWithinFifteenMinutes) {
  const std::string once = token();
  EXPECT_EQ(login(once).status, 302);
  EXPECT_EQ(result(login(once)), "400 Invalid SigninToken");
  const std::string late = token();
  clock_.advance(std::chrono::seconds(15 * 60));
  EXPECT_EQ(result(login(late)), "400 Expired SigninToken");
  EXPECT_EQ(result(login("made-up")), "400 Invalid SigninToken");
}

TEST_F(SignIn, APostIsTheSame) {
  const std::string json = session(role_);
  EXPECT_EQ(result(post({{"Action", "getSigninToken"}, {"Session", json}})), "200");
}

TEST_F(SignIn, TakesNoCredentialsButAnAssumedRoles) {
  const std::string refused = "400 Invalid credentials parameter";
  clock_.advance(std::chrono::seconds(30));
  EXPECT_EQ(token_for(session_of("jsmith")), refused);
  EXPECT_EQ(token_for(keys_of("jsmith")), refused);
  EXPECT_EQ(token_for({role_.id, "wrong", role_.token}), refused);
  EXPECT_EQ(token_for({role_.id, role_.secret, "wrong"}), refused);
  EXPECT_EQ(result(get({{"Action", "getSigninToken"}, {"Session", "{"}})), refused);
  EXPECT_EQ(result(get({{"Action", "getSigninToken"}, {"Session", R"({"sessionId": 1})"}})),
            refused);
  EXPECT_EQ(token_for(role_), "200");
  clock_.advance(std::chrono::seconds(3600));
  EXPECT_EQ(token_for(role_), refused) << "expired";
}

TEST_F(SignIn, ASessionDurationIsForRolesStraightFromALongTermKey) {
  const std::string refused = "400 Invalid credentials parameter";
  for (const char* duration : {"900", "43200"}) EXPECT_EQ(token_for(role_, duration), "200");
  for (const char* duration : {"899", "43201", "1h", "-900", "99999999999999999999"}) {
    EXPECT_EQ(token_for(role_, duration), refused) << duration;
  }
  clock_.advance(std::chrono::seconds(30));
  const Keys admin = credentials_in(assume_with_code("jsmith", "AdminRole"));
  const Keys chained = credentials_in(assume(admin, "ChainB"));
  clock_.advance(std::chrono::seconds(30));
  const Keys based = credentials_in(assume(session_of("jsmith"), "AdminRole"));
  for (const Keys& keys : {chained, based}) {
    EXPECT_EQ(token_for(keys), "200");
    EXPECT_EQ(token_for(keys, "900"), refused);
  }
}

TEST_F(SignIn, WhatIsMissingOrUnknownIsRefused) {
  EXPECT_EQ(result(get({{"Session", "{}"}})), "400 Missing parameter Action");
  EXPECT_EQ(result(get({{"Action", "getSigninToken"}})), "400 Missing parameter Session");
  EXPECT_EQ(result(get({{"Action", "login"}})), "400 Missing parameter Destination");
  EXPECT_EQ(result(get({{"Action", "<logout>"}})), "400 Unknown Action &lt;logout>");
  for (const char* destination : {"http://console.aws.amazon.com/", "https://x\r\nSet-Cookie: y"}) {
    EXPECT_EQ(result(login(token(), destination)), "400 Invalid Destination");
  }
}

TEST_F(SignIn, FailsOnDemand) {
  sandbox_.add_fault(parse_fault("getSigninToken:503:1"));
  sandbox_.add_fault(parse_fault("login:drop-before:1"));
  EXPECT_TRUE(token_for(role_).starts_with("503 "));
  const std::string mine = token();
  EXPECT_EQ(login(mine).status, 0);
  EXPECT_EQ(login(mine).status, 302);
}

}  // namespace
}  // namespace sandbox
