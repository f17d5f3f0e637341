#include "sandbox/totp.h"

#include "base/error.h"
#include "support/vectors.h"

#include <gtest/gtest.h>

namespace sandbox::totp {
namespace {

constexpr const char* rfc_secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";  // "12345678901234567890"

// RFC 6238, appendix B, SHA-1: of its eight digits the last six.
TEST(Totp, MatchesTheStandardsTable) {
  const auto at = [](long long seconds) {
    return code(rfc_secret, step_at(base::Time(base::Seconds(seconds))));
  };
  EXPECT_EQ(at(59), "287082");
  EXPECT_EQ(at(1111111109), "081804");
  EXPECT_EQ(at(1111111111), "050471");
  EXPECT_EQ(at(1234567890), "005924");
  EXPECT_EQ(at(2000000000), "279037");
  EXPECT_EQ(at(20000000000), "353130");
}

TEST(Totp, AStepHasThirtySeconds) {
  EXPECT_EQ(step_at(base::Time(base::Seconds(29))), 0u);
  EXPECT_EQ(step_at(base::Time(base::Seconds(30))), 1u);
}

TEST(Totp, ASecretMustBeBase32) {
  for (const char* secret : {"", "1", "not base32!"}) {
    try {
      code(secret, 0);
      FAIL() << secret;
    } catch (const base::Error& error) {
      EXPECT_STREQ(error.what(), "the secret is not base32");
    }
  }
}

}  // namespace
}  // namespace sandbox::totp
