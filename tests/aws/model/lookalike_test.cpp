#include "aws/model/lookalike.h"

#include <gtest/gtest.h>
#include <string>

namespace aws {
namespace {

TEST(Lookalike, RecognisesAccessKeyIds) {
  EXPECT_EQ(lookalike("AKIAIOSFODNN7EXAMPLE"), Lookalike::access_key_id);
  EXPECT_EQ(lookalike("ASIAIOSFODNN7EXAMPLE"), Lookalike::access_key_id);
  EXPECT_EQ(lookalike("AKIA" + std::string(12, 'A')), Lookalike::access_key_id);
  EXPECT_EQ(lookalike("AKIA" + std::string(124, 'A')), Lookalike::access_key_id);
  for (const std::string& text :
       {"AKIA" + std::string(11, 'A'), "AKIA" + std::string(125, 'A'),
        std::string("AIDAIOSFODNN7EXAMPLE"), std::string("AKIAIOSFODNN7EXAMPLe")}) {
    EXPECT_EQ(lookalike(text), Lookalike::none) << text;
  }
}

TEST(Lookalike, RecognisesSecretAccessKeys) {
  EXPECT_EQ(lookalike("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Lookalike::secret_access_key);
  for (const char* text :
       {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEYY",
        "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/KxMDENG+bPxRfiCYEXAMPLEKEY",
        "WJALRXUTNFEMI/K7MDENG+BPXRFICYEXAMPLEKEY", "wjalrxutnfemi/k7mdeng+bpxrficyexamplekey"}) {
    EXPECT_EQ(lookalike(text), Lookalike::none) << text;
  }
}

TEST(Lookalike, RecognisesCodes) {
  EXPECT_EQ(lookalike("000000"), Lookalike::token_code);
  EXPECT_EQ(lookalike("cccccccfhcjkrubnevdtcrcdldvrnurlbglvgdlbktbd"), Lookalike::yubikey_otp);
  EXPECT_EQ(lookalike(std::string(32, 'c')), Lookalike::yubikey_otp);
  EXPECT_EQ(lookalike(std::string(48, 'c')), Lookalike::yubikey_otp);
  for (const std::string& text :
       {std::string(), std::string("12345"), std::string("1234567"), std::string("12345a"),
        std::string(31, 'c'), std::string(49, 'c'), std::string(44, 'a')}) {
    EXPECT_EQ(lookalike(text), Lookalike::none) << text;
  }
}

TEST(Lookalike, AnAccessKeyIdIsNeverASecret) {
  for (const std::string& id :
       {std::string("AKIAIOSFODNN7EXAMPLE"), std::string("ASIA1"), std::string("test"),
        std::string("minio_admin"), std::string(128, 'A')}) {
    EXPECT_TRUE(is_access_key_id(id)) << id;
  }
  for (const std::string& other :
       {std::string(), std::string("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        std::string("wJalrXUtnFEMIxK7MDENG"), std::string("AKIAIOSFODNN7EXAMPLe"),
        std::string("\"AKIA\""), std::string(129, 'A')}) {
    EXPECT_FALSE(is_access_key_id(other)) << other;
  }
}

TEST(Lookalike, ASecretIsSeenInsideOtherText) {
  const std::string secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  for (const std::string& text :
       {secret, "x" + secret + "y", "--key=" + secret, secret + "@host"}) {
    EXPECT_TRUE(may_hold_secret(text)) << text;
  }
  for (const std::string& text :
       {std::string(), std::string("arn:aws:iam::123456789012:role/team/AdminRole"),
        std::string("/Users/JohnSmith/Library/ApplicationSupport/aws/Certificates/Internal"),
        std::string("ReadOnlyAccessForSecurityAuditorsInProduction"),
        std::string("da39a3ee5e6b4b0d3255bfef95601890afd80709"), std::string(200, 'A'),
        std::string(
            "arn:aws:iam::123456789012:u2f/user/jsmith/key-R1A2B3C4D5E6F7G8H9I0J1K2L3M4N5O6P7Q8"),
        std::string("https://signin.aws.amazon.com/federation?Action=getSigninToken")}) {
    EXPECT_FALSE(may_hold_secret(text)) << text;
  }
}

TEST(Lookalike, ASecretIsNotShown) {
  EXPECT_EQ(shown("profile wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\x1b[31m is not there"),
            "profile (left out)?[31m is not there");
  EXPECT_EQ(shown("J\u00f6rg"), "J\u00f6rg");
}

TEST(Lookalike, IsDescribedInWords) {
  EXPECT_EQ(describe(Lookalike::access_key_id), "an access key ID");
  EXPECT_EQ(describe(Lookalike::secret_access_key), "a secret access key");
  EXPECT_EQ(describe(Lookalike::token_code), "an MFA code");
  EXPECT_EQ(describe(Lookalike::yubikey_otp), "a YubiKey OTP");
  EXPECT_EQ(describe(Lookalike::none), "");
}

}  // namespace
}  // namespace aws
