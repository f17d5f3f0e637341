#include "app/config/profile_pattern.h"

#include "support/error.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(ProfilePattern, PutsNameAndAccountInTheirPlaces) {
  EXPECT_TRUE(has_placeholder("{name}-session"));
  EXPECT_TRUE(has_placeholder("x{account}"));
  EXPECT_FALSE(has_placeholder("{nam}e"));
  EXPECT_EQ(fill_in("{account}-{name}.{account}", "Admin", "123456789012"),
            "123456789012-Admin.123456789012");
  EXPECT_EQ(fill_in("plain", "Admin", "none"), "plain");
}

TEST(ProfilePattern, MustMakeTheNameOfAProfile) {
  EXPECT_EQ(support::error_of([] { require_profile_pattern("{account}-{name}"); }),
            "nothing was thrown");
  EXPECT_EQ(support::error_of([] { require_profile_pattern("my {name}"); }),
            "2 it takes letters, digits and _ . / % @ : + - only, 128 at most");
}

}  // namespace
}  // namespace app
