#pragma once

#include "aws/model/arn.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <vector>

// The two IAM policies without which the main job does not run, written out. Source: IAM User
// Guide, "Configuring MFA-protected API access"; Service Authorization Reference, "Actions,
// resources, and condition keys for AWS Identity and Access Management" (a user's ARN holds his
// path, GetRole answers for roles of the caller's own account only).
namespace aws::policy {

struct Scope {
  std::string partition = "aws";
  std::vector<std::string> accounts;  // of the users; never empty
  std::vector<Arn> roles;             // never empty
  std::string user;                   // "pat" or, with a path, "/engineering/pat"; empty: anybody
  std::string group;                  // to attach the user's policy to; in HCL only
  std::optional<base::Seconds> mfa_age;  // the code must be younger than this
  bool session_tags = false;             // sts:TagSession as well
  bool source_identity = false;          // sts:SetSourceIdentity as well
  // The wide form of the script that this tool replaces: everybody's devices, every role.
  bool like_original = false;
};

enum class Format {
  json,  // indented by two
  hcl    // a whole file, formatted as `terraform fmt` does
};

// Of the users, or of their group: find the own MFA device, look the roles up and assume them.
std::string user_policy(const Scope& scope, Format format);
// The trust policy of the roles: these users, and only with MFA. As JSON it is the same for every
// role.
std::string role_policy(const Scope& scope, Format format);

// One statement of theirs in one line of JSON, for a policy that is there and lacks it; without a
// Sid, which must not stand twice in a policy.

// Of the user's policy, with these actions of it alone; empty where no statement has them all.
std::string user_statement(const Scope& scope, const std::vector<std::string>& actions);
// Of the trust policy of a role that is assumed from another: that one alone, and without MFA,
// which a role session does not carry.
std::string chain_statement(const Arn& role_before, const Scope& scope);

}  // namespace aws::policy
