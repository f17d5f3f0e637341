#include "aws/error.h"

#include "aws/arn.h"
#include "aws/xml.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;
using Hints = std::vector<std::string>;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string key_of(const RequestFacts& facts) {
  return facts.user_name.empty()
             ? fmt::format("the access key {}", facts.access_key_id)
             : fmt::format("the access key {} of {}", facts.access_key_id, facts.user_name);
}

// One text for a trust policy that refuses, a missing permission, a wrong external id and a role
// that does not exist: AWS does not say which, so all that is possible here is said.
Hints role_denied_hints(const RequestFacts& facts) {
  Hints hints;
  hints.push_back(fmt::format(
      "AWS does not tell a role that does not exist from one that refuses: is {} right?",
      facts.role_arn));
  if (facts.temporary_key && !facts.mfa_session) {
    hints.push_back(
        "the role's trust policy must name the role before it in the chain, and may not ask for "
        "MFA: a role session carries none");
  } else {
    hints.push_back(fmt::format("the role's trust policy must allow your user or account{}",
                                facts.code_sent || facts.mfa_session
                                    ? ""
                                    : ", and if it asks for MFA a code must be sent"));
    hints.push_back("a policy of your user or group must allow sts:AssumeRole on the role");
  }
  hints.push_back(facts.external_id_sent
                      ? "the external id sent must be the one in the role's trust policy"
                      : "if the role's trust policy asks for an external id, give --external-id");
  return hints;
}

// Of a user's key, or of the temporary one that the next role of a chain is assumed with.
Hints unknown_key_hints(const RequestFacts& facts) {
  if (facts.temporary_key) {
    return {"the session was ended at AWS, perhaps with the role it comes from: start again"};
  }
  return {
      "it was deleted or made inactive, or belongs to another partition: look at it in the IAM "
      "console, or have a new one made",
      "put a new key into its profile with: aws configure"};
}

std::string slow_down(const RequestFacts&) { return "AWS asks to slow down"; }
Hints wait_hints(const RequestFacts&) { return {"wait a little, then try again"}; }

// Refused for its form: what only a fault of this program or a strange endpoint brings about.
std::string not_understood(const RequestFacts&) { return "AWS does not understand the request"; }
Hints not_understood_hints(const RequestFacts&) {
  return {
      "look at --endpoint-url and at the proxy (HTTPS_PROXY); if they are right, please report "
      "this as a bug"};
}

struct Entry {
  std::string_view code;
  std::string_view message_part;  // empty: any
  ErrorKind kind;
  std::string (*what)(const RequestFacts&);
  Hints (*hints)(const RequestFacts&);
};

// The first entry that matches counts: the particular before the general.
const std::array entries = {
    Entry{"AccessDenied", "invalid MFA one time pass code", ErrorKind::refused,
          [](const RequestFacts&) { return std::string("AWS refused the MFA code"); },
          [](const RequestFacts& facts) -> Hints {
            return {"a code works once; wait for the next one on your device",
                    fmt::format("if fresh codes are refused too: is {} the device they come from, "
                                "and is its clock right?",
                                facts.serial_number)};
          }},
    Entry{"AccessDenied", "unable to validate MFA code", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("AWS does not know {} as an MFA device of this user",
                               facts.serial_number);
          },
          [](const RequestFacts&) -> Hints {
            return {
                "see your devices with: aws iam list-mfa-devices",
                "give the right one with --serial-number; it reads arn:aws:iam::ACCOUNT:mfa/NAME"};
          }},
    Entry{"AccessDenied", "must provide both MFA serial number", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("AWS wants both the MFA device and its code");
          },
          [](const RequestFacts&) -> Hints { return {"give the device with --serial-number"}; }},
    Entry{"AccessDenied", "explicit deny", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("a policy denies {} explicitly", facts.operation);
          },
          [](const RequestFacts& facts) -> Hints {
            if (facts.code_sent) return {"ask whoever looks after the account's policies"};
            return {"a policy that demands MFA denies what comes without a code"};
          }},
    Entry{"AccessDenied", "may not be assumed by root", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("this is the root user's key, and root cannot assume a role");
          },
          [](const RequestFacts&) -> Hints {
            return {"use the access key of an IAM user, and delete the root user's"};
          }},
    Entry{
        "AccessDenied", "with session credentials", ErrorKind::refused,
        [](const RequestFacts&) { return std::string("the source profile holds temporary keys"); },
        [](const RequestFacts&) -> Hints {
          return {"name the profile that holds your long-term access key with -s"};
        }},
    Entry{"AccessDenied", "sts:AssumeRole", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("AWS does not let you assume {}", facts.role_arn);
          },
          role_denied_hints},
    Entry{"AccessDenied", "sts:TagSession", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("AWS does not let you pass session tags to {}", facts.role_arn);
          },
          [](const RequestFacts&) -> Hints {
            return {"the role's trust policy must allow sts:TagSession; or leave the tags out"};
          }},
    Entry{"AccessDenied", "sts:SetSourceIdentity", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("AWS does not let you pass a source identity to {}", facts.role_arn);
          },
          [](const RequestFacts&) -> Hints {
            return {
                "the role's trust policy must allow sts:SetSourceIdentity; or leave the source "
                "identity out"};
          }},
    Entry{"AccessDenied", "iam:ListMFADevices", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("AWS does not let you list the user's MFA devices");
          },
          [](const RequestFacts&) -> Hints {
            return {"give the device with --serial-number",
                    "or have iam:ListMFADevices allowed on your own user"};
          }},
    Entry{"AccessDenied", "is not authorized to perform", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("no policy of your user allows {}", facts.operation);
          },
          [](const RequestFacts&) -> Hints {
            return {"ask whoever looks after the account's policies"};
          }},
    Entry{"InvalidClientTokenId", "", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("AWS does not accept {}", key_of(facts));
          },
          unknown_key_hints},
    Entry{"ExpiredToken", "", ErrorKind::refused,
          [](const RequestFacts&) { return std::string("the session has expired"); },
          [](const RequestFacts&) -> Hints { return {"run aws-session-token again"}; }},
    Entry{"SignatureDoesNotMatch", "Signature expired", ErrorKind::refused,
          [](const RequestFacts&) { return std::string("this machine's clock is behind AWS's"); },
          [](const RequestFacts&) -> Hints { return {"set the clock, then try again"}; }},
    Entry{"SignatureDoesNotMatch", "Signature not yet current", ErrorKind::refused,
          [](const RequestFacts&) { return std::string("this machine's clock is ahead of AWS's"); },
          [](const RequestFacts&) -> Hints { return {"set the clock, then try again"}; }},
    Entry{"SignatureDoesNotMatch", "scoped to correct service", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("the endpoint is one of another AWS service");
          },
          [](const RequestFacts&) -> Hints { return {"look at --endpoint-url"}; }},
    Entry{"SignatureDoesNotMatch", "Credential should be scoped", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("the endpoint is not one of the region {}", facts.region);
          },
          [](const RequestFacts&) -> Hints {
            return {"let --region and --endpoint-url name the same region"};
          }},
    Entry{"SignatureDoesNotMatch", "", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("the secret does not belong to {}", key_of(facts));
          },
          [](const RequestFacts&) -> Hints {
            return {"copy both halves of the key again: look for a character lost or added"};
          }},
    Entry{"RegionDisabledException", "", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("STS is switched off in {} for this account", facts.region);
          },
          [](const RequestFacts&) -> Hints {
            return {"use another region with --region, or have it activated in the IAM console"};
          }},
    Entry{"ValidationError", "exceeds the MaxSessionDuration", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("the duration is longer than the role allows");
          },
          [](const RequestFacts&) -> Hints {
            return {"ask for less with --duration, or have the role's MaxSessionDuration raised"};
          }},
    Entry{"ValidationError", "role chaining", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("a role assumed from another role lasts one hour at most");
          },
          [](const RequestFacts&) -> Hints { return {"ask for less with --duration"}; }},
    Entry{"ValidationError", "source identity is already set", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("the chain's first role has set another source identity");
          },
          [](const RequestFacts&) -> Hints { return {"leave the source identity out"}; }},
    Entry{"Throttling", "", ErrorKind::refused, slow_down, wait_hints},
    Entry{"ThrottlingException", "", ErrorKind::refused, slow_down, wait_hints},
    Entry{"RequestLimitExceeded", "", ErrorKind::refused, slow_down, wait_hints},
    Entry{"MalformedInput", "", ErrorKind::failed, not_understood, not_understood_hints},
    Entry{"InvalidAction", "", ErrorKind::failed, not_understood, not_understood_hints},
    Entry{"IncompleteSignature", "", ErrorKind::failed, not_understood, not_understood_hints},
    Entry{"MissingAuthenticationToken", "", ErrorKind::failed, not_understood,
          not_understood_hints},
    Entry{"MalformedPolicyDocument", "", ErrorKind::refused,
          [](const RequestFacts&) { return std::string("AWS cannot read the session policy"); },
          [](const RequestFacts&) -> Hints { return {"look at the file given with --policy"}; }},
    Entry{"PackedPolicyTooLarge", "", ErrorKind::refused,
          [](const RequestFacts&) {
            return std::string("the session policies and tags are too large together");
          },
          [](const RequestFacts&) -> Hints { return {"shorten the session policy"}; }},
    Entry{"NoSuchEntity", "The user with name", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return facts.user_name.empty()
                       ? std::string("AWS knows no such user")
                       : fmt::format("AWS knows no user {} in this account", facts.user_name);
          },
          [](const RequestFacts&) -> Hints {
            return {"an empty answer to Username takes the owner of the access key"};
          }},
    Entry{"NoSuchEntity", "The role with name", ErrorKind::refused,
          [](const RequestFacts& facts) {
            return fmt::format("there is no role {} in this account", facts.role_arn);
          },
          [](const RequestFacts&) -> Hints {
            return {"names of roles differ by case; see them with: aws iam list-roles",
                    "a role of another account is given as ACCOUNT:NAME or by its ARN"};
          }},
};

// AWS's own wording as part of a sentence of ours: without the stop and blanks at its end, and
// without the values that a ValidationError repeats, for they may be a code.
std::string tidy(std::string_view message) {
  constexpr std::string_view open = "Value '";
  constexpr std::string_view close = "' at '";
  message = base::trim(message);
  while (message.ends_with('.')) message.remove_suffix(1);
  std::string text;
  for (std::size_t at = message.find(open); at != std::string_view::npos; at = message.find(open)) {
    const std::size_t end = message.find(close, at + open.size());
    text.append(message.substr(0, at)).append("Value '...");
    message.remove_prefix(std::min(end, message.size()));
  }
  return base::printable(text.append(message));
}

Error unknown(const ApiError& error, const RequestFacts& facts) {
  if (error.code.empty()) {
    return {ErrorKind::failed,
            fmt::format("the answer to {} is not one of AWS's (HTTP {})", facts.operation,
                        error.status),
            {"look at --endpoint-url and at the proxy on the way (HTTPS_PROXY)"}};
  }
  if (error.status >= 500) {
    return {ErrorKind::failed,
            fmt::format("AWS failed to answer {} ({}, HTTP {})", facts.operation, error.code,
                        error.status),
            {"this is AWS's fault; try again in a minute"}};
  }
  const std::string said = tidy(error.message);
  return {ErrorKind::refused, fmt::format("AWS refused {}{}{} ({})", facts.operation,
                                          said.empty() ? "" : ": ", said, error.code)};
}

}  // namespace

ApiError parse_error(int status, base::WipedString& body) {
  const XmlAnswer answer(body);
  return {status, std::string(answer.text("Error/Code")),
          std::string(answer.text("Error/Message"))};
}

bool is_access_denied(const ApiError& error) { return error.code == "AccessDenied"; }

bool is_code_refused(const ApiError& error) {
  return is_access_denied(error) && contains(error.message, "invalid MFA one time pass code");
}

bool is_transient(const ApiError& error) {
  return error.status >= 500 || error.code == "Throttling" || error.code == "ThrottlingException" ||
         error.code == "RequestLimitExceeded" || error.status == 429;
}

bool is_clock_skew(const ApiError& error) {
  return error.code == "SignatureDoesNotMatch" &&
         (contains(error.message, "Signature expired") ||
          contains(error.message, "Signature not yet current"));
}

bool is_key_refused(const ApiError& error) {
  return error.code == "InvalidClientTokenId" || error.code == "ExpiredToken";
}

Error explain(const ApiError& error, const RequestFacts& facts) {
  const auto matches = [&](const Entry& entry) {
    return entry.code == error.code && contains(error.message, entry.message_part);
  };
  const auto entry = std::find_if(entries.begin(), entries.end(), matches);
  if (entry == entries.end()) return unknown(error, facts);
  return {entry->kind,
          fmt::format("{} ({} on {})", entry->what(facts), error.code, facts.operation),
          entry->hints(facts)};
}

}  // namespace aws
