#pragma once

#include "base/time.h"
#include "os/random.h"
#include "sandbox/authentication.h"
#include "sandbox/parameters.h"
#include "sandbox/world.h"
#include "sandbox/xml_writer.h"

#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// When sessions end at the latest, whatever was asked for: the longest that AWS gives, unless
// somebody wants to see a session end.
struct SessionLimits {
  base::Seconds user{129600};  // of GetSessionToken
  base::Seconds role{43200};   // of AssumeRole
};

// All that an operation gets: who asks for what, and where the answer goes.
struct Call {
  World& world;
  const Caller& caller;
  const Parameters& parameters;
  base::Time now;
  std::string_view region;
  const SessionLimits& limits;
  XmlWriter& result;  // inside <NAMEResult>
};

struct Service {
  std::string_view name;  // of the signature's scope
  std::string_view version;
  std::string_view xmlns;
};

inline constexpr Service sts{"sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"};
inline constexpr Service iam{"iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"};

// An operation is one function and one row in the table of operation.cpp.
struct Operation {
  const Service& service;
  std::string_view name;
  void (*run)(Call& call);
};

// Actions are unique among the services; nullptr when there is none of that name and version.
const Operation* find_operation(std::string_view action, std::string_view version);

std::vector<std::string> operation_names();

// sts.cpp
void get_caller_identity(Call& call);
void get_session_token(Call& call);
void assume_role(Call& call);
void get_federation_token(Call& call);

// iam.cpp
void get_user(Call& call);
void get_role(Call& call);
void list_mfa_devices(Call& call);

// iam_access_keys.cpp
void list_access_keys(Call& call);
void get_access_key_last_used(Call& call);

// iam_simulation.cpp
void simulate_principal_policy(Call& call);

}  // namespace sandbox
