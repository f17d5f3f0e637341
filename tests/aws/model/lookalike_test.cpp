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

TEST(Lookalike, IsDescribedInWords) {
  EXPECT_EQ(describe(Lookalike::access_key_id), "an access key ID");
  EXPECT_EQ(describe(Lookalike::secret_access_key), "a secret access key");
  EXPECT_EQ(describe(Lookalike::token_code), "an MFA code");
  EXPECT_EQ(describe(Lookalike::yubikey_otp), "a YubiKey OTP");
  EXPECT_EQ(describe(Lookalike::none), "");
}

}  // namespace
}  // namespace aws
