#pragma once

#include <string>
#include <string_view>

namespace aws {

// What a user may type for a role, taken apart:
//
//   arn:aws:iam::123456789012:role/team/Admin     arn
//   123456789012:Admin, 123456789012:/team/Admin  account (`role/` after the colon is skipped)
//   /team/Admin                                   path
//   role/Admin, role/team/Admin                   role
//   Admin                                         name: a profile, or else a role
//   my/profile, a name of more than 64 letters    profile: no role can have this name
//
// Whether a profile of that name exists only the caller knows.
struct RoleReference {
  enum class Form { arn, account, path, role, name, profile };

  Form form = Form::name;
  std::string partition;   // with `arn` only
  std::string account;     // with `arn` and `account` only
  std::string path = "/";  // with both its slashes
  std::string name;        // as typed with `profile`

  bool operator==(const RoleReference&) const = default;
};

// Blanks around the text do not count. Throws Error{usage} where the text can be neither a role nor
// a profile, or is plainly something else: another ARN, an access key, an MFA code. `role/` before
// it forces what only looks like that.
RoleReference parse_role_reference(std::string_view text);

// The ARN that is meant, with the caller's partition and account where the text has none. A profile
// is the caller's to resolve: Error{usage} when it is asked for here, as no role can have that
// name.
std::string role_arn(const RoleReference& role, std::string_view partition,
                     std::string_view account);

}  // namespace aws
