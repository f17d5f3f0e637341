#pragma once

#include "aws/api/call.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <vector>

// The operations of AWS Identity and Access Management that the tool uses (IAM API Reference,
// version 2010-05-08). Builders check their parameters and throw Error{usage}; parsers throw
// Error{failed} when an answer lacks what it must hold.
namespace aws::iam {

// An empty user name means the owner of the signing key. `marker` is empty for the first page.
Call list_mfa_devices(const std::string& user_name, const std::string& marker);
Call get_role(const std::string& role_name);
Call list_access_keys(const std::string& user_name, const std::string& marker);
Call get_access_key_last_used(const std::string& access_key_id);

struct MfaDevice {
  std::string user_name;
  std::string serial_number;
};
struct MfaDevicePage {
  std::vector<MfaDevice> devices;
  std::string marker;  // of the next page; empty on the last
};
MfaDevicePage parse_list_mfa_devices(base::WipedString& body);

struct Role {
  std::string arn;
  std::string trust_policy;            // JSON; empty where AWS does not tell it
  base::Seconds max_session_duration;  // one hour where AWS does not say
};
Role parse_get_role(base::WipedString& body);

struct AccessKeyMetadata {
  std::string access_key_id;
  bool active = true;
  std::optional<base::Time> created;
};
struct AccessKeyPage {
  std::vector<AccessKeyMetadata> keys;
  std::string marker;  // of the next page; empty on the last
};
AccessKeyPage parse_list_access_keys(base::WipedString& body);

struct AccessKeyLastUsed {
  std::optional<base::Time> time;  // nothing: never, as far as AWS knows
  std::string service;
  std::string region;
};
AccessKeyLastUsed parse_get_access_key_last_used(base::WipedString& body);

// A key that policies ask for in their conditions. `type` is one of the simulation's: "string",
// "stringList", "boolean", "numeric".
struct ContextEntry {
  std::string name;
  std::string type;
  std::vector<std::string> values;
};
// What the identity-based policies of a user or a role say to actions on one resource. Neither the
// role's trust policy nor every policy of the organization is looked at by AWS: the answer is
// likely, never certain.
Call simulate_principal_policy(const std::string& principal_arn,
                               const std::vector<std::string>& actions,
                               const std::string& resource_arn,
                               const std::vector<ContextEntry>& context);

enum class Simulated { allowed, implicit_deny, explicit_deny };
// Of each of these actions, in their order. Throws Error{failed} where one is missing.
std::vector<Simulated> parse_simulation(base::WipedString& body,
                                        const std::vector<std::string>& actions);

}  // namespace aws::iam
