#pragma once

#include "aws/api/call.h"
#include "aws/model/credentials.h"
#include "aws/model/session_tag.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <vector>

// The operations of the AWS Security Token Service that the tool uses (AWS STS API Reference,
// version 2011-06-15). Builders check every parameter against AWS's own limits and throw
// Error{usage}; parsers throw Error{failed} when an answer lacks what it must hold.
namespace aws::sts {

// An MFA device and its present code; the code is six digits.
struct Mfa {
  std::string serial_number;
  std::string token_code;
};

struct AssumeRole {
  std::string role_arn;
  std::string role_session_name;
  std::optional<base::Seconds> duration;  // absent: AWS's default, one hour
  std::string external_id;                // empty: none
  std::string policy;                     // JSON; empty: none
  std::vector<std::string> policy_arns;
  std::vector<SessionTag> tags;
  std::vector<std::string> transitive_tag_keys;  // of `tags`: passed on when roles are chained
  std::string source_identity;                   // empty: none; stays along a chain

  bool operator==(const AssumeRole&) const = default;
};

Call assume_role(const AssumeRole& request, const std::optional<Mfa>& mfa);
Call get_session_token(std::optional<base::Seconds> duration, const std::optional<Mfa>& mfa);
Call get_caller_identity();

struct AssumedRole {
  Credentials credentials;
  std::string assumed_role_arn;  // arn:P:sts::ACCOUNT:assumed-role/ROLE/SESSION
};
AssumedRole parse_assume_role(base::WipedString& body);
Credentials parse_get_session_token(base::WipedString& body);

struct CallerIdentity {
  std::string account;
  std::string arn;
};
CallerIdentity parse_get_caller_identity(base::WipedString& body);

}  // namespace aws::sts
