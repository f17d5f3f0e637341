#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aws {

// An Amazon Resource Name taken apart: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. Source: AWS
// General Reference, "Amazon Resource Names"; the resource may itself hold colons.
struct Arn {
  std::string partition;
  std::string service;
  std::string region;   // empty in IAM and STS
  std::string account;  // "aws" in the ARNs of policies that AWS manages
  std::string resource;

  bool operator==(const Arn&) const = default;
};

// Nothing unless all six parts are present, and partition, service and resource are not empty. The
// other two may be anything, as in the endpoint rules of the AWS SDKs.
std::optional<Arn> parse_arn(std::string_view text);
std::string to_string(const Arn& arn);

// Twelve ASCII digits.
bool is_account_id(std::string_view text) noexcept;

// Of IAM's own names: "user/jsmith", "role/team/Admin", "root".
bool is_user(const Arn& arn) noexcept;
bool is_role(const Arn& arn) noexcept;
bool is_root(const Arn& arn) noexcept;

// The part after the last `/`: the name proper of a user or role, whose ARN holds its path as well.
std::string_view name_of(const Arn& arn) noexcept;
// The path of a user, role or device, with both its slashes: "/" or "/team/prod/".
std::string_view path_of(const Arn& arn) noexcept;

// `path_and_name` is "Admin", "/Admin", "team/Admin" or "/team/Admin".
std::string role_arn(std::string_view partition, std::string_view account,
                     std::string_view path_and_name);

// Who speaks after AssumeRole: arn:P:sts::ACCOUNT:assumed-role/ROLE/SESSION. AWS leaves the path of
// the role out here.
struct AssumedRole {
  std::string partition;
  std::string account;
  std::string role;
  std::string session;

  bool operator==(const AssumedRole&) const = default;
};
std::optional<AssumedRole> parse_assumed_role(std::string_view text);

// What an MFA serial number stands for. Source: IAM User Guide, "AWS Multi-factor authentication in
// IAM".
enum class MfaDevice {
  virtual_device,  // arn:P:iam::ACCOUNT:mfa/NAME
  hardware_token,  // a plain serial number
  fido,            // arn:P:iam::ACCOUNT:u2f/...: passkey or security key; STS takes no code of it
  sms,             // arn:P:iam::ACCOUNT:sms-mfa/...: given up by AWS
  none             // the ARN of something else, often of the user
};
MfaDevice mfa_device(std::string_view serial_number);
// Whether STS takes a code from such a device.
bool usable_with_sts(MfaDevice device) noexcept;

}  // namespace aws
