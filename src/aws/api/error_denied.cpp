#include "aws/api/error_denied.h"

#include "aws/api/endpoint.h"
#include "aws/model/arn.h"
#include "base/text.h"

#include <array>
#include <fmt/core.h>
#include <optional>
#include <utility>

namespace aws {
namespace {

using Hints = std::vector<std::string>;

// "User: ARN is not authorized to perform": who AWS takes the caller for.
std::optional<Arn> caller(const std::string& message) {
  constexpr std::string_view before = "User: ";
  const std::size_t end = message.find(" is not authorized");
  if (!message.starts_with(before) || end == std::string::npos) return std::nullopt;
  return parse_arn(message.substr(before.size(), end - before.size()));
}

// Both accounts, where the role's is another than the caller's.
std::optional<std::pair<std::string, std::string>> two_accounts(const Refusal& refusal) {
  const auto role = parse_arn(refusal.facts.role_arn);
  const auto who = caller(refusal.error.message);
  if (!role || !who || role->account.empty() || role->account == who->account) return std::nullopt;
  return std::pair{role->account, who->account};
}

std::string existence_hint(const Refusal& refusal) {
  const RequestFacts& facts = refusal.facts;
  if (facts.role_seen) {
    const bool of_role = facts.temporary_key && !facts.mfa_session;
    return fmt::format(
        "the role exists, since GetRole found it: its trust policy does not allow this, or no "
        "policy of {} does",
        of_role ? "the role before it" : "your user");
  }
  return fmt::format(
      "AWS gives the same answer for a role that does not exist; check that {} is right",
      facts.role_arn);
}

// "aws-cn" and an endpoint of another partition never meet.
std::optional<std::string> partition_hint(const RequestFacts& facts) {
  const auto role = parse_arn(facts.role_arn);
  const std::string_view here = partition_of_region(facts.region);
  if (!role || facts.region.empty() || role->partition == here) return std::nullopt;
  return fmt::format(
      "the role is in the partition {}, but the region {} is in {}: give another --region",
      role->partition, facts.region, here);
}

std::string trust_hint(const Refusal& refusal) {
  const RequestFacts& facts = refusal.facts;
  const bool with_mfa = facts.code_sent || facts.mfa_session;
  const auto accounts = two_accounts(refusal);
  return fmt::format("the role's trust policy{} must allow your user or account{}{}",
                     accounts ? fmt::format(" in account {}", accounts->first) : "",
                     accounts ? " " + accounts->second : "",
                     with_mfa ? "" : ", and if it requires MFA, a code must be sent");
}

}  // namespace

Hints role_denied_hints(const Refusal& refusal) {
  const RequestFacts& facts = refusal.facts;
  Hints hints;
  if (facts.mfa_session_age.count() > 0) {
    hints.push_back(
        fmt::format("the MFA session is from the cache, {} old; if the role's trust policy limits "
                    "its age (aws:MultiFactorAuthAge), get a new one with --renew",
                    base::format_duration(facts.mfa_session_age)));
  }
  hints.push_back(existence_hint(refusal));
  if (const auto hint = partition_hint(facts)) hints.push_back(*hint);
  if (facts.temporary_key && !facts.mfa_session) {
    hints.emplace_back(
        "the role's trust policy must name the role before it in the chain, and must not require "
        "MFA, which a role session does not have");
  } else {
    hints.push_back(trust_hint(refusal));
    hints.emplace_back(
        "a policy of your user or group must allow sts:AssumeRole on the role; "
        "aws-session-token policy prints both");
  }
  hints.emplace_back(
      facts.external_id_sent
          ? "the external ID that was sent must match the one in the role's trust policy"
          : "if the role's trust policy requires an external ID, give it with --external-id");
  return hints;
}

// IAM User Guide, "Troubleshoot access denied error messages".
std::string denying_policy(const Refusal& refusal) {
  constexpr std::array kinds = {
      std::pair{"in a service control policy", "a service control policy of the organization"},
      std::pair{"in a resource control policy", "a resource control policy of the organization"},
      std::pair{"in a permissions boundary", "the permissions boundary of your user"},
      std::pair{"in a session policy", "the session's policy"},
      std::pair{"in a resource-based policy", "the role's trust policy"},
      std::pair{"in an identity-based policy", "a policy of your user or group"}};
  for (const auto& [words, kind] : kinds) {
    if (refusal.error.message.find(words) != std::string::npos) return kind;
  }
  return "a policy";
}

Hints explicit_deny_hints(const Refusal& refusal) {
  Hints hints;
  const std::string& message = refusal.error.message;
  constexpr std::string_view before = "policy: ";
  const std::size_t at = message.rfind(before);
  const auto policy = at == std::string::npos
                          ? std::nullopt
                          : parse_arn(base::trim(message).substr(at + before.size()));
  if (policy) hints.push_back(fmt::format("the policy is {}", base::printable(to_string(*policy))));
  if (refusal.facts.code_sent || refusal.facts.mfa_session) {
    hints.emplace_back(
        "a code was sent, so MFA is not what is missing; ask an administrator of the account");
  } else if (refusal.facts.temporary_key) {
    hints.emplace_back("ask an administrator of the account");
  } else {
    hints.emplace_back("a policy that requires MFA denies requests without a code");
  }
  return hints;
}

}  // namespace aws
