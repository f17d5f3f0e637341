#include "base/error.h"

#include <gtest/gtest.h>

namespace {

TEST(Interrupted, IsCaughtByNoHandlerOfErrors) {
  const auto handled = [] {
    try {
      throw base::Interrupted{};
    } catch (const base::Error&) {
      return "as an error of ours";
    } catch (const std::exception&) {
      return "as any error";
    } catch (const base::Interrupted&) {
      return "as an interruption";
    }
  };
  EXPECT_STREQ(handled(), "as an interruption");
}

}  // namespace
