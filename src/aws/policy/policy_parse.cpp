#include "aws/policy/policy.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace aws::policy {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(std::string_view where, std::string_view what) {
  throw base::Error(base::ErrorKind::usage, fmt::format("{}: {}", where, what));
}

std::vector<std::string> strings(const Json& json, const std::string& where) {
  std::vector<std::string> result;
  for (const Json& value : json.is_array() ? json : Json::array({json})) {
    if (!value.is_string()) refuse(where, "must be a string or a list of strings");
    result.push_back(value);
  }
  if (result.empty()) refuse(where, "must not be empty");
  return result;
}

// Condition values may also be written as JSON booleans and numbers.
std::vector<std::string> condition_values(const Json& json, const std::string& where) {
  std::vector<std::string> result;
  for (const Json& value : json.is_array() ? json : Json::array({json})) {
    if (value.is_structured() || value.is_null()) {
      refuse(where, "must be a string, a number, true, false or a list of these");
    }
    result.push_back(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return result;
}

// Takes "ForAllValues:" or "ForAnyValue:" off the name.
SetOperator take_set_operator(std::string& name) {
  constexpr std::string_view all = "ForAllValues:";
  constexpr std::string_view any = "ForAnyValue:";
  const SetOperator found = name.starts_with(all)   ? SetOperator::for_all_values
                            : name.starts_with(any) ? SetOperator::for_any_value
                                                    : SetOperator::none;
  if (found != SetOperator::none) name.erase(0, name.find(':') + 1);
  return found;
}

std::vector<Condition> parse_conditions(const Json& json, const std::string& where) {
  if (!json.is_object()) refuse(where, "Condition must be an object");
  std::vector<Condition> result;
  for (const auto& [name, keys] : json.items()) {
    Condition condition;
    condition.operation = name;
    condition.set = take_set_operator(condition.operation);
    constexpr std::string_view suffix = "IfExists";
    if (condition.operation.ends_with(suffix)) {
      condition.if_exists = true;
      condition.operation.resize(condition.operation.size() - suffix.size());
    }
    // Null asks for the key itself: it takes neither.
    const bool plain = !condition.if_exists && condition.set == SetOperator::none;
    const bool known =
        is_condition_operator(condition.operation) && (plain || condition.operation != "Null");
    if (!known) refuse(where, fmt::format("unknown condition operator {}", name));
    if (!keys.is_object()) refuse(where, fmt::format("{} must be an object", name));
    for (const auto& [key, values] : keys.items()) {
      condition.key = base::to_lower(key);
      condition.spelling = key;
      condition.values = condition_values(values, fmt::format("{}: {} of {}", where, key, name));
      result.push_back(condition);
    }
  }
  return result;
}

// Exactly one of NAME and NotNAME.
Patterns parse_patterns(const Json& statement, const std::string& name, const std::string& where) {
  const std::string inverse = "Not" + name;
  if (statement.contains(name) == statement.contains(inverse)) {
    refuse(where, fmt::format("needs either {} or {}", name, inverse));
  }
  const std::string& present = statement.contains(name) ? name : inverse;
  const Json& json = statement[present];
  const std::string here = fmt::format("{}: {}", where, present);
  Patterns result;
  result.inverted = present == inverse;
  if (name != "Principal") {
    result.values = strings(json, here);
  } else if (json == "*") {
    result.values = {"*"};
  } else if (json.is_object() && !json.empty()) {
    for (const auto& [type, values] : json.items()) {
      // A service or an identity provider never asks for AssumeRole here: parsed and passed over.
      auto named = strings(values, fmt::format("{}: {}", here, type));
      if (type == "AWS") result.values = std::move(named);
    }
  } else {
    refuse(here, "must be \"*\" or an object");
  }
  return result;
}

Statement parse_statement(const Json& json, Kind kind, const std::string& where) {
  if (!json.is_object()) refuse(where, "must be an object");
  for (const auto& [name, value] : json.items()) {
    static constexpr std::array names = {"Sid",       "Effect",       "Action",
                                         "NotAction", "Resource",     "NotResource",
                                         "Principal", "NotPrincipal", "Condition"};
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known) refuse(where, fmt::format("unknown element {}", base::printable(name)));
  }
  Statement result;
  if (json.contains("Sid")) result.sid = strings(json["Sid"], where + ": Sid").front();
  const Json effect = json.value("Effect", Json());
  if (effect != "Allow" && effect != "Deny") refuse(where, "Effect must be Allow or Deny");
  result.effect = effect == "Allow" ? Effect::allow : Effect::deny;
  result.actions = parse_patterns(json, "Action", where);
  const bool trust = kind == Kind::trust;
  const std::string foreign = trust ? "Resource" : "Principal";
  if (json.contains(foreign) || json.contains("Not" + foreign)) {
    refuse(where, fmt::format("{} has no place in {}", foreign,
                              trust ? "a trust policy" : "an identity-based policy"));
  }
  if (trust) {
    result.principals = parse_patterns(json, "Principal", where);
  } else {
    result.resources = parse_patterns(json, "Resource", where);
  }
  if (json.contains("Condition")) result.conditions = parse_conditions(json["Condition"], where);
  return result;
}

Json parse_json(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    refuse("the policy",
           fmt::format("not JSON at line {}, column {}", line, before.size() - line_start + 1));
  }
}

}  // namespace

namespace {

// The document, of known elements and with at least one statement.
Json parse_document(std::string_view text) {
  Json document = parse_json(text);
  if (!document.is_object()) refuse("the policy", "must be an object");
  for (const auto& [name, value] : document.items()) {
    if (name != "Version" && name != "Id" && name != "Statement") {
      refuse("the policy", fmt::format("unknown element {}", base::printable(name)));
    }
  }
  const Json version = document.value("Version", Json("2008-10-17"));
  if (version != "2012-10-17" && version != "2008-10-17") {
    refuse("the policy", "Version must be 2012-10-17 or 2008-10-17");
  }
  if (!document.contains("Statement")) refuse("the policy", "needs Statement");
  Json& statements = document["Statement"];
  if (!statements.is_array()) statements = Json::array({statements});
  return document;
}

std::string place_of(std::size_t statement) { return fmt::format("statement {}", statement + 1); }

}  // namespace

Policy parse(std::string_view json, Kind kind) {
  const Json document = parse_document(json);
  Policy result;
  result.kind = kind;
  result.variables = document.value("Version", "") == "2012-10-17";
  for (const Json& statement : document["Statement"]) {
    result.statements.push_back(
        parse_statement(statement, kind, place_of(result.statements.size())));
  }
  return result;
}

void require_session_policy(std::string_view json) {
  Json document = parse_document(json);
  Json& statements = document["Statement"];
  if (statements.empty()) refuse("the policy", "has no statement");
  for (std::size_t i = 0; i < statements.size(); ++i) {
    // Operators that are not known here may well be known to AWS.
    if (statements[i].is_object()) statements[i].erase("Condition");
    parse_statement(statements[i], Kind::identity, place_of(i));
  }
}

}  // namespace aws::policy
