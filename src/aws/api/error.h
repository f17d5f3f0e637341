#pragma once

#include "base/secret.h"
#include "base/time.h"

#include <string>

namespace aws {

// A refusal, as AWS words it: <ErrorResponse><Error><Code/><Message/></Error></ErrorResponse>.
struct ApiError {
  int status = 0;  // HTTP
  std::string code;
  std::string message;
};

// `body` is parsed in place. A body that is not an AWS error, such as a proxy's page, leaves `code`
// empty.
ApiError parse_error(int status, base::WipedString& body);

bool is_access_denied(const ApiError& error);
// The code itself was refused: wrong, too old, or used before. Another code may be taken.
bool is_code_refused(const ApiError& error);
// Throttling (HTTP 400 on STS) and 5xx: the same request may succeed a little later.
bool is_transient(const ApiError& error);
// The signature's time is too far from AWS's.
bool is_clock_skew(const ApiError& error);

// The key that signed is not, or no longer, one that AWS takes.
bool is_key_refused(const ApiError& error);

// What is known of the request that was refused; empty where it is not.
struct RequestFacts {
  std::string operation;
  std::string access_key_id;
  std::string user_name;
  std::string role_arn;
  std::string serial_number;
  std::string region;
  bool code_sent = false;
  bool temporary_key = false;        // signed with temporary credentials
  bool mfa_session = false;          // and these are a user's own, from GetSessionToken with a code
  base::Seconds mfa_session_age{0};  // where they are from the cache
  bool external_id_sent = false;
  bool role_seen = false;         // GetRole has answered for this role
  base::Seconds clock_offset{0};  // AWS's time less this machine's, where it is worth a word
};

// "this machine's clock is 5 min behind AWS's"; `offset` is AWS's time less this machine's, not 0.
std::string describe_clock(base::Seconds offset);

// One refusal, and what is known of the request that met it.
struct Refusal {
  const ApiError& error;
  const RequestFacts& facts;
};

}  // namespace aws
