#pragma once

#include "base/http_message.h"
#include "base/time.h"
#include "sandbox/world.h"

#include <string>
#include <string_view>

namespace sandbox {

// Who signed a request.
struct Caller {
  User* user = nullptr;              // of a long-term key or of a GetSessionToken session
  const Role* role = nullptr;        // of an AssumeRole session; exactly one of the two is set
  const Session* session = nullptr;  // nullptr: a long-term key
  std::string account;
  std::string arn;
  std::string user_id;
};

// What the endpoint wants a request to be signed for.
struct WantedScope {
  std::string_view region;
  std::string_view service;
};

// Verifies the signature of a request in AWS's order: scope, key, token bound to the key, expiry,
// signature; notes when a long-term key was used. Throws Refusal. Sources: the vectors' wire facts,
// and dacut/scratchstack-aws-signature for the texts on malformed headers.
Caller authenticate(World& world, const base::HttpRequest& request, const WantedScope& wanted,
                    base::Time now);

}  // namespace sandbox
