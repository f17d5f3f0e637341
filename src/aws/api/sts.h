#pragma once

#include "aws/api/call.h"
#include "aws/model/credentials.h"
#include "aws/model/role_parameters.h"
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

struct AssumeRole : RoleParameters {
  std::string role_arn;
  std::optional<base::Seconds> duration;  // absent: AWS's default, one hour

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
