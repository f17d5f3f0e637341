#include "aws/policy/policy_text.h"

#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <set>

namespace aws::policy {
namespace {

using Json = nlohmann::ordered_json;
using Strings = std::vector<std::string>;

// ---- the documents

// Where one is enough, IAM takes a string for a list.
Json one_or_many(const Strings& values) {
  return values.size() == 1 ? Json(values.front()) : Json(values);
}

Json document(Json statements) {
  return {{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
}

Json allow(const std::string& sid, const Strings& actions, const Strings& resources) {
  return {{"Sid", sid},
          {"Effect", "Allow"},
          {"Action", one_or_many(actions)},
          {"Resource", one_or_many(resources)}};
}

// A policy cannot say "my ARN", only "my name": a user with a path needs a second pattern, or the
// user's own where it is known.
Strings own_user(const Scope& scope) {
  Strings resources;
  for (const std::string& account : scope.accounts) {
    const std::string users = fmt::format("arn:{}:iam::{}:user", scope.partition, account);
    const std::size_t slash = scope.user.rfind('/');
    if (slash != std::string::npos) {
      resources.push_back(users + scope.user.substr(0, slash) + "/${aws:username}");
    } else {
      resources.push_back(users + "/${aws:username}");
      resources.push_back(users + "/*/${aws:username}");
    }
  }
  return resources;
}

// A Sid has letters and digits only.
std::string as_sid(std::string_view name) {
  std::string sid;
  for (const char c : name) {
    if (base::is_letter_or_digit(c)) sid += c;
  }
  return sid;
}

bool is_own(const Scope& scope, const Arn& role) {
  return std::find(scope.accounts.begin(), scope.accounts.end(), role.account) !=
         scope.accounts.end();
}

Strings arns_of(const Scope& scope, bool own) {
  Strings arns;
  for (const Arn& role : scope.roles) {
    if (is_own(scope, role) != own) continue;
    Arn pattern = role;
    if (scope.like_original) pattern.resource = "role/*";
    std::string arn = to_string(pattern);
    if (std::find(arns.begin(), arns.end(), arn) == arns.end()) arns.push_back(std::move(arn));
  }
  return arns;
}

Strings assume_actions(const Scope& scope) {
  Strings actions = {"sts:AssumeRole"};
  if (scope.source_identity) actions.emplace_back("sts:SetSourceIdentity");
  if (scope.session_tags) actions.emplace_back("sts:TagSession");
  return actions;
}

Json user_document(const Scope& scope) {
  Json statements = Json::array();
  statements.push_back(scope.like_original
                           ? allow("FindMfaDevices", {"iam:ListMFADevices"}, {"*"})
                           : allow("FindOwnMfaDevice", {"iam:ListMFADevices"}, own_user(scope)));
  const Strings own = arns_of(scope, true);
  const Strings others = arns_of(scope, false);
  Strings actions = assume_actions(scope);
  if (!others.empty()) statements.push_back(allow("AssumeRolesElsewhere", actions, others));
  if (own.empty()) return document(std::move(statements));
  actions.insert(actions.begin(), "iam:GetRole");
  const std::string sid =
      own.size() == 1 && !scope.like_original ? as_sid(name_of(*parse_arn(own.front()))) : "Roles";
  statements.insert(statements.begin() + 1, allow("Assume" + sid, actions, own));
  return document(std::move(statements));
}

Json role_document(const Scope& scope) {
  Strings principals;
  for (const std::string& account : scope.accounts) {
    const std::string_view slash = scope.user.starts_with('/') ? "" : "/";
    principals.push_back(
        fmt::format("arn:{}:iam::{}:{}", scope.partition, account,
                    scope.user.empty() ? "root" : fmt::format("user{}{}", slash, scope.user)));
  }
  Json condition = {{"Bool", {{"aws:MultiFactorAuthPresent", "true"}}}};
  if (scope.mfa_age) {
    condition["NumericLessThan"] = {
        {"aws:MultiFactorAuthAge", std::to_string(scope.mfa_age->count())}};
  }
  Json statement = {{"Sid", "WithMfaOnly"},
                    {"Effect", "Allow"},
                    {"Principal", {{"AWS", one_or_many(principals)}}},
                    {"Action", one_or_many(assume_actions(scope))},
                    {"Condition", std::move(condition)}};
  return document(Json::array({std::move(statement)}));
}

// ---- HCL

std::string margin(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

// JSON's quoting, with the two signs doubled that begin a template in HCL.
std::string quoted(const std::string& text) {
  std::string result = Json(text).dump();
  for (const char sign : {'$', '%'}) {
    for (std::size_t at = result.find(fmt::format("{}{{", sign)); at != std::string::npos;
         at = result.find(fmt::format("{}{{", sign), at + 3)) {
      result.insert(at, 1, sign);
    }
  }
  return result;
}

std::string key_text(const std::string& key) {
  return key.find(':') == std::string::npos ? key : quoted(key);
}

std::string value_text(const Json& value, int depth);

// `terraform fmt` aligns the equals signs of neighbours, but a value of several lines ends such a
// run and stands outside of it.
std::string attributes_text(const Json& object, int depth) {
  const auto is_single = [](const Json& value) { return !value.is_structured(); };
  std::string text;
  for (auto it = object.begin(); it != object.end();) {
    auto end = it;
    std::size_t width = 0;
    for (; end != object.end() && is_single(*end); ++end) {
      width = std::max(width, key_text(end.key()).size());
    }
    if (end == it) ++end;
    for (; it != end; ++it) {
      text += fmt::format("{}{:{}} = {}\n", margin(depth), key_text(it.key()), width,
                          value_text(*it, depth));
    }
  }
  return text;
}

std::string value_text(const Json& value, int depth) {
  if (value.is_string()) return quoted(value);
  if (value.is_object()) {
    return fmt::format("{{\n{}{}}}", attributes_text(value, depth + 1), margin(depth));
  }
  if (!value.is_array()) return value.dump();
  std::string text = "[\n";
  for (std::size_t i = 0; i < value.size(); ++i) {
    text += margin(depth + 1) + value_text(value[i], depth + 1);
    text += i + 1 < value.size() ? ",\n" : "\n";
  }
  return text + margin(depth) + "]";
}

std::string resource(const std::string& type, const std::string& name, const Json& attributes,
                     const std::string& policy_name, const Json& policy) {
  return fmt::format("resource \"{}\" \"{}\" {{\n{}\n  {} = jsonencode({})\n}}\n", type, name,
                     attributes_text(attributes, 1), policy_name, value_text(policy, 1));
}

// "AdminRole" becomes admin_role.
std::string identifier(std::string_view name) {
  const auto ends_word = [](char c) { return base::is_lower(c) || base::is_digit(c); };
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (base::is_upper(c) && i > 0 && ends_word(name[i - 1])) result += '_';
    result += base::is_letter_or_digit(c) ? base::to_lower(std::string_view(&c, 1)) : "_";
  }
  return base::is_digits(result.substr(0, 1)) ? "role_" + result : result;
}

// Names of resources must differ within a file; names of roles may be one in several accounts.
std::string unique_identifier(const Arn& role, std::set<std::string>& taken) {
  std::string result = identifier(name_of(role));
  if (taken.contains(result)) result += "_" + role.account;
  while (!taken.insert(result).second) result += "_";
  return result;
}

}  // namespace

std::string user_policy(const Scope& scope, Format format) {
  const Json policy = user_document(scope);
  if (format == Format::json) return policy.dump(2) + "\n";
  Json attributes = {{"name", "session-token"}};
  std::string type = "aws_iam_policy";
  if (!scope.group.empty()) {
    type = "aws_iam_group_policy";
    attributes["group"] = scope.group;
  } else if (!scope.user.empty()) {
    type = "aws_iam_user_policy";
    attributes["user"] = scope.user.substr(scope.user.rfind('/') + 1);
  }
  return resource(type, "session_token", attributes, "policy", policy);
}

std::string role_policy(const Scope& scope, Format format) {
  const Json policy = role_document(scope);
  if (format == Format::json) return policy.dump(2) + "\n";
  const bool one_account =
      std::all_of(scope.roles.begin(), scope.roles.end(),
                  [&](const Arn& role) { return role.account == scope.roles.front().account; });
  std::string text;
  std::set<std::string> taken;
  for (const Arn& role : scope.roles) {
    if (!text.empty()) text += "\n";
    if (!one_account) text += fmt::format("# In account {}.\n", role.account);
    Json attributes = {{"name", name_of(role)}};
    if (path_of(role) != "/") attributes["path"] = path_of(role);
    attributes["max_session_duration"] = 3600;
    text += resource("aws_iam_role", unique_identifier(role, taken), attributes,
                     "assume_role_policy", policy);
  }
  return text;
}

std::string user_statement(const Scope& scope, const Strings& actions) {
  Json policy = user_document(scope);
  for (Json& statement : policy["Statement"]) {
    const Json& all = statement["Action"];
    const bool has_them = std::all_of(actions.begin(), actions.end(), [&](const auto& action) {
      return all.is_string() ? all == action
                             : std::find(all.begin(), all.end(), action) != all.end();
    });
    if (!has_them) continue;
    statement["Action"] = one_or_many(actions);
    statement.erase("Sid");
    return statement.dump();
  }
  return "";
}

std::string chain_statement(const Arn& role_before, const Scope& scope) {
  const Json statement = {{"Effect", "Allow"},
                          {"Principal", {{"AWS", to_string(role_before)}}},
                          {"Action", one_or_many(assume_actions(scope))}};
  return statement.dump();
}

}  // namespace aws::policy
