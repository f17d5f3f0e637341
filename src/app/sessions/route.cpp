#include "app/sessions/route.h"

namespace app {

Route choose_route(const RouteFacts& facts) {
  const bool is_single_role = facts.sessions == 1 && !facts.is_mfa_session;
  const bool is_better = facts.prefers_direct && !facts.has_base_session;
  return is_single_role && (facts.exceeds_chained_limit || is_better) ? Route::direct
                                                                      : Route::via_base_session;
}

}  // namespace app
