#include "aws/model/arn.h"
#include "base/error.h"
#include "base/text.h"
#include "sandbox/authorization.h"
#include "sandbox/iam_support.h"
#include "sandbox/operation.h"
#include "sandbox/refusal.h"
#include "sandbox/text_rules.h"

#include <algorithm>
#include <fmt/core.h>
#include <set>

// SimulatePrincipalPolicy: what the identity-based policies of a user or a role say, no trust
// policy, no session policy. Source: IAM API Reference, "SimulatePrincipalPolicy".
namespace sandbox {
namespace {

using aws::policy::Decision;
using aws::policy::Policy;
using aws::policy::Statement;

constexpr TextRule source_arn_rule{20, 2048, "", is_arn_character};
constexpr TextRule action_rule{3, 128, "", is_arn_character};
constexpr TextRule resource_rule{1, 2048, "", is_arn_character};
constexpr TextRule policy_rule{1, 131072, "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
                               is_arn_character};

[[noreturn]] void refuse_input(std::string message) {
  throw Refusal(400, "InvalidInput", std::move(message));
}

// Whose policies are looked at: a caller who has no session.
Caller find_source(const Call& call, const std::string& source) {
  const auto arn = aws::parse_arn(source);
  const bool is_user = arn && arn->service == "iam" && aws::is_user(*arn);
  const bool is_role = arn && arn->service == "iam" && aws::is_role(*arn);
  if (!is_user && !is_role) {
    refuse_input(fmt::format("Invalid Entity Arn: {} does not clearly define entity type and name.",
                             source));
  }
  // Unlike IAM's other messages, this one names the resource by its ARN.
  require(call, "iam:SimulatePrincipalPolicy", source, source);
  const std::string name(aws::name_of(*arn));
  Caller caller;
  caller.account = call.caller.account;
  caller.arn = source;
  const bool own = arn->account == call.caller.account;
  if (is_user) caller.user = own ? call.world.find_user(caller.account, name) : nullptr;
  if (is_role) caller.role = own ? call.world.find_role(caller.account, name) : nullptr;
  const bool found =
      (caller.user && caller.user->arn == source) || (caller.role && caller.role->arn == source);
  if (!found) {
    throw Refusal(
        404, "NoSuchEntity",
        fmt::format("The {} with name {} cannot be found.", is_user ? "user" : "role", name));
  }
  if (caller.user) caller.user_id = caller.user->id;
  return caller;
}

struct Input {
  std::string source;
  std::vector<std::string> actions;
  std::vector<std::string> resources;
  std::vector<Policy> more_policies;
};

// What would change the decisions must not look as if it had been heeded.
void refuse_unknown(const Parameters& parameters) {
  for (const char* name :
       {"ResourcePolicy", "CallerArn", "ResourceHandlingOption",
        "PermissionsBoundaryPolicyInputList.member.1", "PolicyExclusionList.member.1.PolicyType"}) {
    if (!parameters.find(name)) continue;
    refuse_input(fmt::format("{} is not implemented by the sandbox",
                             std::string_view(name).substr(0, std::string_view(name).find('.'))));
  }
}

std::vector<std::string> read_list(const Parameters& parameters, Validation& validation,
                                   const std::string& name, const TextRule& rule) {
  std::vector<std::string> values = parameters.members(name + ".member.", "");
  for (const std::string& value : values) validation.check(name, value, rule);
  return values;
}

Input read_input(const Parameters& parameters, Validation& validation) {
  Input input;
  input.source = validation.required("PolicySourceArn", source_arn_rule);
  input.actions = read_list(parameters, validation, "ActionNames", action_rule);
  if (input.actions.empty()) validation.add("ActionNames", "null", "not be null");
  input.resources = read_list(parameters, validation, "ResourceArns", resource_rule);
  const auto documents = read_list(parameters, validation, "PolicyInputList", policy_rule);
  validation.finish();
  refuse_unknown(parameters);
  for (const std::string& action : input.actions) {
    // AWS's text is not known.
    if (action.find(':') == std::string::npos || action.find('*') != std::string::npos) {
      refuse_input(fmt::format("Invalid Action: {}", action));
    }
  }
  for (const std::string& document : documents) {
    try {
      input.more_policies.push_back(aws::policy::parse(document, aws::policy::Kind::identity));
    } catch (const base::Error& error) {
      refuse_input(fmt::format("PolicyInputList: {}", error.what()));
    }
  }
  return input;
}

// What AWS fills in of the principal itself; all else has to be given as ContextEntries.
void fill_context(const Call& call, const Caller& source, aws::policy::Request& request) {
  const Call as_source{call.world,  source,      call.parameters, call.now,
                       call.region, call.limits, call.result};
  request.principal = principal_of(as_source);
  request.context = request_context(as_source, std::nullopt);
  request.context.erase("aws:requestedregion");
  if (source.role) request.context.erase("aws:userid");  // that of a session
  for (int i = 1;; ++i) {
    const std::string entry = fmt::format("ContextEntries.member.{}.", i);
    const std::string* const name = call.parameters.find(entry + "ContextKeyName");
    if (!name) return;
    const std::string key = base::to_lower(*name);
    const auto values = call.parameters.members(entry + "ContextKeyValues.member.", "");
    const bool list =
        call.parameters.value_or(entry + "ContextKeyType", "string").ends_with("List");
    if (list || values.size() > 1) {
      request.multivalued[key] = values;
    } else if (!values.empty()) {
      request.context[key] = values.front();
    }
  }
}

bool is_known(const aws::policy::Request& request, std::string_view key) {
  const std::string name = base::to_lower(key);
  return request.context.contains(name) || request.multivalued.contains(name);
}

// The keys of "${aws:username}" and the like; not those with a default.
void add_variables(std::string_view text, std::set<std::string>& keys) {
  for (std::size_t at; (at = text.find("${")) != std::string_view::npos;) {
    text.remove_prefix(at + 2);
    const std::string_view name = text.substr(0, text.find('}'));
    if (name.size() > 1 && name.find(',') == std::string_view::npos) keys.emplace(name);
  }
}

// The keys that a decision on the action depends on and that nobody gave.
std::set<std::string> missing_keys(const std::vector<Policy>& policies,
                                   const aws::policy::Request& request) {
  std::set<std::string> keys;
  for (const Policy& policy : policies) {
    for (const Statement& statement : policy.statements) {
      Policy bare = policy;
      bare.statements = {statement};
      bare.statements[0].conditions.clear();
      bare.statements[0].resources = {{"*"}, false};
      if (aws::policy::evaluate({&bare, 1}, request) == Decision::implicit_deny) continue;
      for (const auto& condition : statement.conditions) keys.insert(condition.spelling);
      if (!policy.variables) continue;
      for (const std::string& resource : statement.resources.values) add_variables(resource, keys);
      for (const auto& condition : statement.conditions) {
        for (const std::string& value : condition.values) add_variables(value, keys);
      }
    }
  }
  std::erase_if(keys, [&](const std::string& key) { return is_known(request, key); });
  return keys;
}

std::string_view name_of(Decision decision) {
  if (decision == Decision::explicit_deny) return "explicitDeny";
  return decision == Decision::allow ? "allowed" : "implicitDeny";
}

// A Deny of one resource is one of all of them, and so is an Allow that is missing.
Decision worst(Decision one, Decision other) {
  if (one == Decision::explicit_deny || other == Decision::explicit_deny) {
    return Decision::explicit_deny;
  }
  return std::min(one, other);
}

void write_missing(Call& call, const std::set<std::string>& keys) {
  call.result.open_list("MissingContextValues");
  for (const std::string& key : keys) call.result.element("member", key);
  call.result.close();
}

// One result an action; the resources stand within it, as soon as any were given.
void write_result(Call& call, const Input& input, const std::vector<Policy>& policies,
                  aws::policy::Request& request) {
  const std::vector<std::string> any = {"*"};
  const auto& resources = input.resources.empty() ? any : input.resources;
  std::vector<Decision> decisions;
  Decision together = Decision::allow;
  for (const std::string& resource : resources) {
    request.resource = resource;
    decisions.push_back(aws::policy::evaluate(policies, request));
    together = worst(together, decisions.back());
  }
  const auto missing = missing_keys(policies, request);
  call.result.open("member");
  call.result.element("EvalActionName", request.action);
  // For several resources AWS names their common form.
  call.result.element("EvalResourceName", resources.size() == 1 ? resources[0] : "*");
  call.result.element("EvalDecision", name_of(together));
  write_missing(call, input.resources.empty() ? missing : std::set<std::string>{});
  if (!input.resources.empty()) {
    call.result.open_list("ResourceSpecificResults");
    for (std::size_t i = 0; i < resources.size(); ++i) {
      call.result.open("member");
      call.result.element("EvalResourceName", resources[i]);
      call.result.element("EvalResourceDecision", name_of(decisions[i]));
      write_missing(call, missing);
      call.result.close();
    }
    call.result.close();
  }
  call.result.close();
}

}  // namespace

void simulate_principal_policy(Call& call) {
  Validation validation(call.parameters);
  const Page page(validation);
  const Input input = read_input(call.parameters, validation);
  const Caller source = find_source(call, input.source);

  std::vector<Policy> policies = source.role ? source.role->policies : source.user->policies;
  policies.insert(policies.end(), input.more_policies.begin(), input.more_policies.end());
  aws::policy::Request request;
  fill_context(call, source, request);
  const Page::Range range = page.of(input.actions.size());
  Page::write(call, range, input.actions.size());
  call.result.open_list("EvaluationResults");
  for (std::size_t i = range.begin; i < range.end; ++i) {
    request.action = input.actions[i];
    write_result(call, input, policies, request);
  }
  call.result.close();
}

}  // namespace sandbox
