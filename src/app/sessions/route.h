#pragma once

#include <cstddef>

namespace app {

// The two routes from the long-term key to a role.
enum class Route {
  direct,            // AssumeRole takes the code: as long as the role allows
  via_base_session,  // GetSessionToken takes it, and opens any number of roles, each for an hour at
                     // most
};

// What the choice depends on.
struct RouteFacts {
  std::size_t sessions = 1;            // that are wanted
  bool is_mfa_session = false;         // the one that is wanted is the MFA session itself
  bool exceeds_chained_limit = false;  // it is to last longer than a base session can give a role
  bool prefers_direct = false;         // it is to last, not to be renewed
  bool has_base_session = false;       // one lives already
};

// A single role takes the code itself where it is to last longer than a base session can give it,
// or where that is preferred and no base session lives that would spare the code. Everything else
// goes through a base session.
Route choose_route(const RouteFacts& facts);

}  // namespace app
