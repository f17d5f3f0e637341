#include "aws/api/call.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

base::HttpRequest request(const Call& call) {
  return http_request(call, {"https://sts.eu-west-1.amazonaws.com", "eu-west-1"});
}

TEST(Call, IsAPostThatStsDoesNotRedirect) {
  const base::HttpRequest sent = request({Service::sts, "GetCallerIdentity", {}, false});
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.origin, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(sent.target, "/");
  ASSERT_EQ(sent.headers.size(), 1u);
  EXPECT_EQ(sent.headers[0].name, "Content-Type");
  EXPECT_EQ(sent.headers[0].value, "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(sent.body, "Action=GetCallerIdentity&Version=2011-06-15");
}

TEST(Call, NamesTheVersionOfItsService) {
  EXPECT_EQ(request({Service::iam, "GetRole", {}, false}).body,
            "Action=GetRole&Version=2010-05-08");
}

TEST(Call, EncodesItsParametersInOrder) {
  EXPECT_EQ(
      request({Service::sts, "X", {{"B.member.1.arn", "a b+c&d=e/\xc3\xa4~"}, {"A", ""}}, false})
          .body,
      "Action=X&Version=2011-06-15&B.member.1.arn=a%20b%2Bc%26d%3De%2F%C3%A4~&A=");
}

}  // namespace
}  // namespace aws
