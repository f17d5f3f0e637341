#pragma once

#include "app/client/aws_client.h"
#include "app/client/session.h"
#include "aws/api/sts.h"
#include "os/clock.h"
#include "os/http.h"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace app {

// The AssumeRole calls that lead to one role, in their order; none takes a code.
using RoleChain = std::vector<aws::sts::AssumeRole>;

// How many connections are worth opening for so many roles: STS counts the requests of an account.
int connections_for(std::size_t roles);

struct FanOutResult {
  std::vector<Outcome> outcomes;  // of the chains, in their order
  bool start_refused = false;     // AWS does not take the credentials that all started from
  bool denied = false;            // a role was refused to them
};

// Assumes roles in parallel with the session `start`, the part that chains have in common once. A
// role that fails neither hides nor undoes the others. `progress` is told how many of the roles
// have ended; `seen` are the ARNs that GetRole has answered for, which tells a refusal from a role
// that is not there; `age` is that of an MFA session from the cache. Throws Interrupted.
FanOutResult assume_roles(const Session& start, std::span<const RoleChain> chains,
                          AwsClient& client, os::HttpClient& http, os::Clock& clock,
                          const std::function<void(std::size_t ended, std::size_t total)>& progress,
                          const std::set<std::string>& seen = {},
                          base::Seconds age = base::Seconds{0});

}  // namespace app
