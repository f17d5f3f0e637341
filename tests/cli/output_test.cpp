#include "cli/output.h"

#include "support/child.h"
#include "support/error.h"

#include <cstdio>
#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(Output, IsThereAtOnce) {
  testing::internal::CaptureStdout();
  print("{}\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{}\n");
}

TEST(Output, ThatCannotBeWrittenIsAnError) {
  EXPECT_EQ(support::in_child([] {
              if (std::freopen("/dev/full", "w", stdout) == nullptr) return std::string("no file");
              return support::error_of([] { print("{}\n"); });
            }),
            "1 cannot write to standard output: No space left on device");
}

}  // namespace
}  // namespace cli
