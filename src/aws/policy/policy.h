#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// IAM policy documents. Source: IAM User Guide, "Grammar of the IAM JSON policy language", "Policy
// evaluation logic", "IAM JSON policy elements: Condition operators" and "Set operators for
// multivalued context keys". Not here: Date, Binary and IpAddress operators; a document that uses
// them is refused when parsed rather than judged wrongly.
namespace aws::policy {

enum class Kind {
  identity,  // of a user, a role or a session: says on what (Resource), not who
  trust      // of a role: says who (Principal), not on what
};

enum class Effect { allow, deny };

// How many of a key's values in the request must fit.
enum class SetOperator {
  none,            // the key has one value
  for_all_values,  // every one; also when there is none
  for_any_value    // at least one
};

// "ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["j*", "m*"]}
struct Condition {
  SetOperator set = SetOperator::none;
  std::string operation;  // an is_condition_operator
  bool if_exists = false;
  std::string key;       // lower case
  std::string spelling;  // of the key, as the document has it
  std::vector<std::string> values;
};

// A list of patterns, or all but these (NotAction, NotResource, NotPrincipal).
struct Patterns {
  std::vector<std::string> values;
  bool inverted = false;
};

struct Statement {
  std::string sid;
  Effect effect = Effect::deny;
  Patterns actions;
  Patterns resources;   // identity policies
  Patterns principals;  // trust policies: "*", an account or an ARN
  std::vector<Condition> conditions;
};

struct Policy {
  Kind kind = Kind::identity;
  bool variables = false;  // ${aws:username} counts from Version 2012-10-17 on
  std::vector<Statement> statements;
};

// "StringLike", say; without IfExists and ForAllValues, which are not part of the name.
bool is_condition_operator(std::string_view name);

// Throws Error{usage} that names the statement and what is wrong with it.
Policy parse(std::string_view json, Kind kind);

// What AWS refuses in any session policy: it is JSON, has statements, and each says Allow or Deny,
// what and on what. Conditions are not judged. Throws Error{usage} as parse().
void require_session_policy(std::string_view json);

// Who asks. A role session is named by its own ARN and by its role's.
struct Principal {
  std::string account;  // twelve digits
  std::vector<std::string> arns;
};

struct Request {
  std::string action;    // "sts:AssumeRole"
  std::string resource;  // ARN
  Principal principal;
  std::map<std::string, std::string> context;  // keys in lower case; absent means absent
  // The keys that may have several values, aws:TagKeys say; likewise in lower case.
  std::map<std::string, std::vector<std::string>> multivalued = {};
};

enum class Decision {
  implicit_deny,      // nothing says yes
  allow_for_account,  // a trust policy names the principal's account only: the account must allow
                      // too
  allow,
  explicit_deny  // a Deny wins over every Allow
};

// What these policies together say. Nothing is known here of other kinds of policy: the caller
// combines.
Decision evaluate(std::span<const Policy> policies, const Request& request);

}  // namespace aws::policy
