#include "aws/api/federation.h"

#include "support/error.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

using support::error_of;

TEST(SignInOrigin, FollowsThePartition) {
  EXPECT_EQ(signin_origin("aws", ""), "https://signin.aws.amazon.com");
  EXPECT_EQ(signin_origin("aws", "eu-west-1"), "https://eu-west-1.signin.aws.amazon.com");
  EXPECT_EQ(signin_origin("aws-cn", "cn-north-1"), "https://signin.amazonaws.cn");
  EXPECT_EQ(signin_origin("aws-us-gov", "us-gov-west-1"), "https://signin.amazonaws-us-gov.com");
  EXPECT_EQ(error_of([] { signin_origin("aws-iso", ""); }),
            "1 the sign-in page of the console of the partition aws-iso is not known\n"
            "hint: the known partitions are aws, aws-cn and aws-us-gov");
}

TEST(SignInOrigin, MayBeGivenWithItsPath) {
  EXPECT_EQ(custom_signin_origin("http://127.0.0.1:8080/federation"), "http://127.0.0.1:8080");
  EXPECT_EQ(custom_signin_origin("https://signin.example.com/"), "https://signin.example.com");
  EXPECT_TRUE(error_of([] {
                custom_signin_origin("http://signin.example.com");
              }).find("without encryption") != std::string::npos);
}

TEST(ConsoleUrl, IsAPageOfThePartitionsConsole) {
  EXPECT_EQ(console_url("aws", "", ""), "https://console.aws.amazon.com/console/home");
  EXPECT_EQ(console_url("aws", "eu-west-1", "ec2"),
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1");
  EXPECT_EQ(console_url("aws-cn", "cn-north-1", "s3"),
            "https://console.amazonaws.cn/s3/home?region=cn-north-1");
  for (const char* page : {"https://console.aws.amazon.com", "https://console.aws.amazon.com/x?a#b",
                           "https://us-east-1.console.aws.amazon.com/s3/home"}) {
    EXPECT_EQ(console_url("aws", "eu-west-1", page), page);
  }
}

TEST(ConsoleUrl, IsNoPageOfAnyoneElse) {
  for (const char* page :
       {"https://example.com/", "http://console.aws.amazon.com/", "https://console.amazonaws.cn/",
        "https://console.aws.amazon.com@example.com/", "https://console.aws.amazon.com:1@x/",
        "https://example.com\\.console.aws.amazon.com/", "https://evilconsole.aws.amazon.com/",
        "https://console.aws.amazon.com/a b", "EC2", "ec2/home", "javascript:alert(1)"}) {
    EXPECT_EQ(error_of([&] { console_url("aws", "", page); }),
              "2 --destination is neither a service nor a page of the console\n"
              "hint: give a service as the console's URLs name it, such as ec2 or s3\n"
              "hint: or a whole URL of https://console.aws.amazon.com")
        << page;
  }
}

TEST(SignInToken, IsAskedForByPost) {
  const Credentials credentials{"ASIA", base::Secret("s/e+c"), base::Secret("t=="), {}};
  const base::HttpRequest request =
      signin_token_request("https://signin.aws.amazon.com", credentials, base::Seconds{3600});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/federation");
  EXPECT_EQ(request.body,
            "Action=getSigninToken&SessionDuration=3600&Session=%7B%22sessionId%22%3A%22ASIA%22%2C"
            "%22sessionKey%22%3A%22s%2Fe%2Bc%22%2C%22sessionToken%22%3A%22t%3D%3D%22%7D");
  EXPECT_TRUE(signin_token_request("", credentials, std::nullopt)
                  .body.starts_with("Action=getSigninToken&Session="));
}

std::string token_of(int status, const char* body) {
  base::HttpResponse response;
  response.status = status;
  response.body = body;
  std::string token;
  const std::string error = error_of([&] { token = std::string(parse_signin_token(response)); });
  return token.empty() ? error : token;
}

TEST(SignInToken, IsTakenFromTheAnswer) {
  EXPECT_EQ(token_of(200, "{\"SigninToken\":\"abc-_=\"}"), "abc-_=");
  EXPECT_EQ(token_of(200, "{ \"SigninToken\" :\n \"abc\" }\n"), "abc");
}

TEST(SignInToken, IsNothingElse) {
  for (const char* body :
       {"", "{}", "{\"SigninToken\":\"\"}", "{\"SigninToken\":\"abc", "{\"SigninToken\":1}",
        "{\"SigninToken\":\"a\\u0041\"}", "{\"SigninToken\":\"a<b\"}", "{\"SigninToken\""}) {
    EXPECT_EQ(token_of(200, body),
              "1 the sign-in endpoint returned no sign-in token\nhint: check --signin-endpoint")
        << body;
  }
  for (const int status : {302, 400, 500}) {
    EXPECT_EQ(token_of(status, "<html>secret</html>"),
              "3 AWS refused to sign the session in to the console (HTTP " +
                  std::to_string(status) +
                  ")\nhint: a session that ends soon is refused: get a new one with --renew");
  }
}

TEST(LoginUrl, EncodesWhatItHolds) {
  EXPECT_EQ(login_url("https://o", "https://c/x?r=1&s=2", "t+/="),
            "https://o/federation?Action=login&Issuer=aws-session-token&Destination="
            "https%3A%2F%2Fc%2Fx%3Fr%3D1%26s%3D2&SigninToken=t%2B%2F%3D");
}

TEST(RedirectingPage, LeadsThereAndTellsNobody) {
  const base::WipedString page = redirecting_page("https://o/?a=1&b=2");
  EXPECT_NE(page.find("content=\"0; url=https://o/?a=1&amp;b=2\""), base::WipedString::npos);
  EXPECT_NE(page.find("no-referrer"), base::WipedString::npos);
}

}  // namespace
}  // namespace aws
