#include "app/sessions/route.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(Route, ASingleRoleMayTakeTheCodeItself) {
  EXPECT_EQ(choose_route({.prefers_direct = true}), Route::direct);
}

TEST(Route, ARoleThatIsRenewedGoesThroughABaseSession) {
  EXPECT_EQ(choose_route({}), Route::via_base_session);
}

TEST(Route, ABaseSessionThatLivesSparesTheCode) {
  EXPECT_EQ(choose_route({.prefers_direct = true, .has_base_session = true}),
            Route::via_base_session);
}

TEST(Route, WhatABaseSessionCannotGiveIsAskedForDirectly) {
  EXPECT_EQ(choose_route({.exceeds_chained_limit = true}), Route::direct);
  EXPECT_EQ(choose_route({.exceeds_chained_limit = true, .has_base_session = true}), Route::direct);
}

TEST(Route, SeveralShareOneCode) {
  EXPECT_EQ(choose_route({.sessions = 2, .prefers_direct = true}), Route::via_base_session);
  EXPECT_EQ(choose_route({.sessions = 2, .exceeds_chained_limit = true}), Route::via_base_session);
}

TEST(Route, TheMfaSessionIsABaseSession) {
  EXPECT_EQ(choose_route({.is_mfa_session = true, .prefers_direct = true}),
            Route::via_base_session);
}

}  // namespace
}  // namespace app
