#include "aws/api/error_table.h"

#include "aws/api/endpoint.h"
#include "aws/api/error_denied.h"
#include "aws/model/arn.h"

#include <array>
#include <fmt/core.h>
#include <optional>

namespace aws {
namespace {

using base::ErrorKind;
using Hints = std::vector<std::string>;

std::string key_of(const RequestFacts& facts) {
  return facts.user_name.empty()
             ? fmt::format("the access key {}", facts.access_key_id)
             : fmt::format("the access key {} of {}", facts.access_key_id, facts.user_name);
}

// ---- codes and devices

Hints refused_code_hints(const Refusal& refusal) {
  const RequestFacts& facts = refusal.facts;
  Hints hints = {"a code works once; wait for the next one on your device",
                 fmt::format("if new codes are refused too, check that they come from the device "
                             "{} and that its clock is right",
                             facts.serial_number)};
  if (facts.clock_offset.count() != 0) {
    hints.push_back(describe_clock(facts.clock_offset) +
                    ", so a program on it generates wrong codes");
  }
  return hints;
}

Hints unknown_device_hints(const Refusal& refusal) {
  const auto arn = parse_arn(refusal.facts.serial_number);
  if (arn && is_user(*arn)) {
    return {fmt::format("this is the ARN of the user, not of a device; the user's device is often "
                        "arn:{}:iam::{}:mfa/{}",
                        arn->partition, arn->account, name_of(*arn)),
            "list your devices with: aws iam list-mfa-devices"};
  }
  return {"list your devices with: aws iam list-mfa-devices",
          "give the right one with --serial-number; it looks like arn:aws:iam::ACCOUNT:mfa/NAME"};
}

// ---- keys

// Of a user's key, or of the temporary one that the next role of a chain is assumed with.
Hints unknown_key_hints(const Refusal& refusal) {
  const RequestFacts& facts = refusal.facts;
  if (facts.temporary_key) {
    return {
        "AWS has ended the session, perhaps because its role was deleted; run the command again"};
  }
  if (facts.access_key_id.starts_with("ASIA")) {
    return {
        "an ID that begins with ASIA is that of a temporary key, which does not work without its "
        "session token",
        "store your long-term key, whose ID begins with AKIA, in its profile with: aws configure"};
  }
  return {
      fmt::format(
          "it was deleted or deactivated, or belongs to another partition{}; check it in the IAM "
          "console, or create a new one",
          facts.region.empty() ? "" : fmt::format(" than {}", partition_of_region(facts.region))),
      "store a new key in its profile with: aws configure"};
}

// ---- the clock

// "Signature expired: SIGNED is now earlier than LIMIT (SERVER - 15 min.)" tells both times. AWS's
// time less this machine's; nothing where the message is worded otherwise.
std::optional<base::Seconds> clock_offset_in(const std::string& message) {
  constexpr std::size_t length = std::string_view("20261122T182000Z").size();
  const std::size_t colon = message.find(": ");
  const std::size_t open = message.find(" (");
  if (colon == std::string::npos || open == std::string::npos) return std::nullopt;
  const auto time_at = [&](std::size_t at) {
    return base::parse_iso_basic(std::string_view(message).substr(at, length));
  };
  const auto ours = time_at(colon + 2);
  const auto theirs = time_at(open + 2);
  if (!ours || !theirs) return std::nullopt;
  return *theirs - *ours;
}

std::string wrong_clock(const Refusal& refusal) {
  if (const auto offset = clock_offset_in(refusal.error.message)) return describe_clock(*offset);
  const bool behind = refusal.error.message.find("expired") != std::string::npos;
  return fmt::format("this machine's clock is {} AWS's", behind ? "behind" : "ahead of");
}

Hints clock_hints(const Refusal& refusal) {
  const std::string set = "set the clock and try again: timedatectl set-ntp true";
  if (refusal.facts.code_sent) return {set, "then use a new code: this one may have been used"};
  return {set};
}

// ---- limits

Hints wait_hints(const Refusal& refusal) {
  if (refusal.facts.code_sent) {
    return {"wait for the next code, then try again"};
  }
  return {"wait a moment, then try again"};
}

std::string slow_down(const Refusal&) { return "AWS is throttling requests"; }

// Refused for its form: what only a fault of this program or a strange endpoint brings about.
std::string not_understood(const Refusal&) { return "AWS does not understand the request"; }
Hints not_understood_hints(const Refusal&) {
  return {
      "check --endpoint-url and the proxy (HTTPS_PROXY); if they are right, please report "
      "this as a bug"};
}

// ---- the table

constexpr ErrorKind refused = ErrorKind::refused;

const std::array entries = {
    ErrorEntry{"AccessDenied", "invalid MFA one time pass code", refused,
               [](const Refusal&) -> std::string { return "AWS refused the MFA code"; },
               refused_code_hints},
    ErrorEntry{"AccessDenied", "unable to validate MFA code", refused,
               [](const Refusal& refusal) {
                 return fmt::format("AWS does not know {} as an MFA device of this user",
                                    refusal.facts.serial_number);
               },
               unknown_device_hints},
    ErrorEntry{"AccessDenied", "must provide both MFA serial number", refused,
               [](const Refusal&) -> std::string {
                 return "AWS requires both the MFA device and its code";
               },
               [](const Refusal&) -> Hints { return {"give the device with --serial-number"}; }},
    ErrorEntry{"AccessDenied", "explicit deny", refused,
               [](const Refusal& refusal) {
                 return fmt::format("{} denies {} explicitly", denying_policy(refusal),
                                    refusal.facts.operation);
               },
               explicit_deny_hints},
    ErrorEntry{"AccessDenied", "may not be assumed by root", refused,
               [](const Refusal&) -> std::string {
                 return "this is the root user's key, and root cannot assume a role";
               },
               [](const Refusal&) -> Hints {
                 return {"use the access key of an IAM user, and delete the root user's"};
               }},
    ErrorEntry{
        "AccessDenied", "with session credentials", refused,
        [](const Refusal&) -> std::string { return "the source profile holds temporary keys"; },
        [](const Refusal&) -> Hints {
          return {"name the profile that holds your long-term access key with -s"};
        }},
    ErrorEntry{"AccessDenied", "sts:AssumeRole", refused,
               [](const Refusal& refusal) {
                 return fmt::format("AWS does not let you assume {}", refusal.facts.role_arn);
               },
               role_denied_hints},
    ErrorEntry{"AccessDenied", "sts:TagSession", refused,
               [](const Refusal& refusal) {
                 return fmt::format("AWS does not let you pass session tags to {}",
                                    refusal.facts.role_arn);
               },
               [](const Refusal&) -> Hints {
                 return {
                     "the role's trust policy and a policy of yours must allow sts:TagSession: "
                     "aws-session-token policy --allow-session-tags prints both",
                     "or leave the tags out"};
               }},
    ErrorEntry{"AccessDenied", "sts:SetSourceIdentity", refused,
               [](const Refusal& refusal) {
                 return fmt::format("AWS does not let you pass a source identity to {}",
                                    refusal.facts.role_arn);
               },
               [](const Refusal&) -> Hints {
                 return {
                     "the role's trust policy and a policy of yours must allow "
                     "sts:SetSourceIdentity: aws-session-token policy --allow-source-identity "
                     "prints both",
                     "or leave the source identity out"};
               }},
    ErrorEntry{"AccessDenied", "iam:ListMFADevices", refused,
               [](const Refusal&) -> std::string {
                 return "AWS does not let you list the user's MFA devices";
               },
               [](const Refusal&) -> Hints {
                 return {"give the device with --serial-number",
                         "or have iam:ListMFADevices allowed on your own user: "
                         "aws-session-token policy user prints the statement"};
               }},
    ErrorEntry{"AccessDenied", "is not authorized to perform", refused,
               [](const Refusal& refusal) {
                 return fmt::format("no policy of your user allows {}", refusal.facts.operation);
               },
               [](const Refusal&) -> Hints { return {"ask an administrator of the account"}; }},
    ErrorEntry{"InvalidClientTokenId", "", refused,
               [](const Refusal& refusal) {
                 return fmt::format("AWS does not accept {}", key_of(refusal.facts));
               },
               unknown_key_hints},
    ErrorEntry{"InvalidAccessKeyId", "", refused,  // the same, in S3's words
               [](const Refusal& refusal) {
                 return fmt::format("AWS does not accept {}", key_of(refusal.facts));
               },
               unknown_key_hints},
    ErrorEntry{"ExpiredToken", "", refused,
               [](const Refusal&) -> std::string { return "the session has expired"; },
               [](const Refusal&) -> Hints { return {"run the command again"}; }},
    ErrorEntry{"InvalidToken", "", refused,
               [](const Refusal&) -> std::string { return "AWS does not accept the session"; },
               [](const Refusal&) -> Hints {
                 return {
                     "a session from the global STS endpoint does not work in opt-in regions; give "
                     "the region with --region",
                     "or run the command again"};
               }},
    ErrorEntry{"SignatureDoesNotMatch", "Signature expired", refused, wrong_clock, clock_hints},
    ErrorEntry{"SignatureDoesNotMatch", "Signature not yet current", refused, wrong_clock,
               clock_hints},
    ErrorEntry{
        "SignatureDoesNotMatch", "scoped to correct service", refused,
        [](const Refusal&) -> std::string { return "the endpoint belongs to another AWS service"; },
        [](const Refusal&) -> Hints { return {"check --endpoint-url"}; }},
    ErrorEntry{"SignatureDoesNotMatch", "Credential should be scoped", refused,
               [](const Refusal& refusal) {
                 return fmt::format("the endpoint does not belong to the region {}",
                                    refusal.facts.region);
               },
               [](const Refusal&) -> Hints {
                 return {"give --region and --endpoint-url of the same region"};
               }},
    ErrorEntry{"SignatureDoesNotMatch", "", refused,
               [](const Refusal& refusal) {
                 return fmt::format("the secret does not belong to {}", key_of(refusal.facts));
               },
               [](const Refusal&) -> Hints {
                 return {"copy the ID and the secret again; a character may be missing or added"};
               }},
    ErrorEntry{"RegionDisabledException", "", refused,
               [](const Refusal& refusal) {
                 return fmt::format("STS is not activated in {} for this account",
                                    refusal.facts.region);
               },
               [](const Refusal&) -> Hints {
                 return {"use another region with --region, or activate it in the IAM console"};
               }},
    ErrorEntry{
        "ValidationError", "exceeds the MaxSessionDuration", refused,
        [](const Refusal&) -> std::string { return "the duration is longer than the role allows"; },
        [](const Refusal&) -> Hints {
          return {"ask for less with --duration, or increase the role's MaxSessionDuration"};
        }},
    ErrorEntry{"ValidationError", "role chaining", refused,
               [](const Refusal&) -> std::string {
                 return "a role assumed from another role lasts at most one hour";
               },
               [](const Refusal&) -> Hints { return {"ask for less with --duration"}; }},
    ErrorEntry{"ValidationError", "source identity is already set", refused,
               [](const Refusal&) -> std::string {
                 return "the first role of the chain has set another source identity";
               },
               [](const Refusal&) -> Hints { return {"leave the source identity out"}; }},
    ErrorEntry{"ValidationError", "'durationSeconds'", refused,
               [](const Refusal&) -> std::string { return "AWS does not accept this duration"; },
               [](const Refusal&) -> Hints {
                 return {"--duration takes 15m to 12h, and for the MFA session itself up to 36h"};
               }},
    ErrorEntry{
        "ValidationError", "'roleSessionName'", refused,
        [](const Refusal&) -> std::string { return "AWS does not accept this role session name"; },
        [](const Refusal&) -> Hints {
          return {"--session-name takes 2 to 64 letters, digits and any of _+=,.@-"};
        }},
    ErrorEntry{"ValidationError", "'roleArn'", refused,
               [](const Refusal&) -> std::string { return "AWS does not accept this role's ARN"; },
               [](const Refusal&) -> Hints {
                 return {
                     "it looks like arn:aws:iam::ACCOUNT:role/NAME, with a path before the name if "
                     "the role has one"};
               }},
    ErrorEntry{"Throttling", "", refused, slow_down, wait_hints},
    ErrorEntry{"ThrottlingException", "", refused, slow_down, wait_hints},
    ErrorEntry{"RequestLimitExceeded", "", refused, slow_down, wait_hints},
    ErrorEntry{"MalformedInput", "", ErrorKind::failed, not_understood, not_understood_hints},
    ErrorEntry{"InvalidAction", "", ErrorKind::failed, not_understood, not_understood_hints},
    ErrorEntry{"IncompleteSignature", "", ErrorKind::failed, not_understood, not_understood_hints},
    ErrorEntry{"MissingAuthenticationToken", "", ErrorKind::failed, not_understood,
               not_understood_hints},
    ErrorEntry{"MalformedPolicyDocument", "does not exist", refused,
               [](const Refusal&) -> std::string { return "AWS finds no such session policy"; },
               [](const Refusal&) -> Hints { return {"check the ARN given with --policy-arn"}; }},
    ErrorEntry{"MalformedPolicyDocument", "", refused,
               [](const Refusal&) -> std::string { return "AWS cannot parse the session policy"; },
               [](const Refusal&) -> Hints { return {"check the file given with --policy"}; }},
    ErrorEntry{"PackedPolicyTooLarge", "", refused,
               [](const Refusal&) -> std::string {
                 return "the session policies and tags are too large together";
               },
               [](const Refusal&) -> Hints { return {"shorten the session policy"}; }},
    ErrorEntry{"LimitExceeded", "AccessKeysPerUser", refused,
               [](const Refusal&) -> std::string {
                 return "the user already has two access keys, and AWS allows no more";
               },
               [](const Refusal&) -> Hints {
                 return {
                     "delete the one that is not used; list them with: aws iam list-access-keys"};
               }},
    ErrorEntry{"NoSuchEntity", "The user with name", refused,
               [](const Refusal& refusal) {
                 return refusal.facts.user_name.empty()
                            ? std::string("there is no such user")
                            : fmt::format("there is no user {} in this account",
                                          refusal.facts.user_name);
               },
               [](const Refusal&) -> Hints {
                 return {"leave Username empty to use the owner of the access key"};
               }},
    ErrorEntry{"NoSuchEntity", "The role with name", refused,
               [](const Refusal& refusal) {
                 return fmt::format("there is no role {} in this account", refusal.facts.role_arn);
               },
               [](const Refusal&) -> Hints {
                 return {"role names are case-sensitive; list them with: aws iam list-roles",
                         "give a role of another account as ACCOUNT:NAME or by its ARN"};
               }},
};

}  // namespace

std::span<const ErrorEntry> error_table() { return entries; }

}  // namespace aws
