#include "aws/api/error.h"

#include <gtest/gtest.h>
#include <string_view>

namespace aws {
namespace {

ApiError parsed(int status, std::string_view body) {
  base::WipedString bytes(body);
  return parse_error(status, bytes);
}

TEST(ApiError, IsReadFromAnErrorResponse) {
  const ApiError error =
      parsed(403,
             "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n"
             "    <Type>Sender</Type>\n    <Code>AccessDenied</Code>\n"
             "    <Message>MultiFactorAuthentication failed with invalid MFA one time pass code. "
             "</Message>\n  </Error>\n  <RequestId>1</RequestId>\n</ErrorResponse>\n");
  EXPECT_EQ(error.status, 403);
  EXPECT_EQ(error.code, "AccessDenied");
  EXPECT_EQ(error.message, "MultiFactorAuthentication failed with invalid MFA one time pass code.");
}

TEST(ApiError, MayHaveNoMessage) {
  const ApiError error =
      parsed(400, "<ErrorResponse><Error><Code>MalformedInput</Code></Error></ErrorResponse>");
  EXPECT_EQ(error.code, "MalformedInput");
  EXPECT_EQ(error.message, "");
}

TEST(ApiError, HasNoCodeWhereAwsDidNotSpeak) {
  for (const char* body : {"", "<html><body>Bad gateway<hr></body></html>", "{\"Code\":\"x\"}",
                           "<html><Error>x</Error></html>"}) {
    EXPECT_EQ(parsed(502, body).code, "") << body;
  }
}

TEST(ApiError, IsClassified) {
  const ApiError wrong_code{
      403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code."};
  EXPECT_TRUE(is_access_denied(wrong_code) && is_code_refused(wrong_code));
  const ApiError unknown_device{403, "AccessDenied",
                                "MultiFactorAuthentication failed, unable to validate MFA code."};
  EXPECT_TRUE(is_access_denied(unknown_device) && !is_code_refused(unknown_device));
  EXPECT_FALSE(is_access_denied({403, "ExpiredToken", ""}));

  for (const ApiError& error :
       {ApiError{400, "Throttling", "Rate exceeded"}, ApiError{400, "ThrottlingException", ""},
        ApiError{503, "RequestLimitExceeded", ""}, ApiError{429, "", ""},
        ApiError{500, "InternalFailure", ""}, ApiError{502, "", ""}}) {
    EXPECT_TRUE(is_transient(error)) << error.code << error.status;
  }
  EXPECT_FALSE(is_transient(wrong_code) || is_transient({400, "ValidationError", ""}));

  EXPECT_TRUE(is_clock_skew({403, "SignatureDoesNotMatch", "Signature expired: A is now"}));
  EXPECT_TRUE(is_clock_skew({403, "SignatureDoesNotMatch", "Signature not yet current: A is"}));
  EXPECT_FALSE(is_clock_skew({403, "SignatureDoesNotMatch", "The request signature we"}));
  EXPECT_FALSE(is_clock_skew({403, "ExpiredToken", "Signature expired"}));
}

}  // namespace
}  // namespace aws
