#include "aws/policy/policy.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace aws::policy {
namespace {

using Context = std::map<std::string, std::string>;

// ---- patterns

// A pattern whose variables are filled in: what a variable stands for is never a wildcard.
using Glyph = std::uint16_t;
using Glyphs = std::vector<Glyph>;
constexpr Glyph any_run = 256;
constexpr Glyph any_one = 257;

Glyph literal(char c) { return static_cast<unsigned char>(c); }

Glyph wildcard_or_literal(char c) { return c == '*' ? any_run : c == '?' ? any_one : literal(c); }

// The text between "${" and "}": a key of the context, one of the escapes *, ? and $, or a key with
// a default, "aws:username, 'anonymous'".
std::optional<std::string> variable_value(std::string_view name, const Context& context) {
  if (name == "*" || name == "?" || name == "$") return std::string(name);
  const std::size_t comma = name.find(',');
  const auto found = context.find(base::to_lower(base::trim(name.substr(0, comma))));
  if (found != context.end()) return found->second;
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view fallback = base::trim(name.substr(comma + 1));
  if (fallback.size() < 2 || !fallback.starts_with('\'') || !fallback.ends_with('\'')) {
    return std::nullopt;
  }
  return std::string(fallback.substr(1, fallback.size() - 2));
}

// Nothing when a variable has no value: such a pattern matches nothing.
std::optional<Glyphs> expand(std::string_view pattern, const Context* context) {
  Glyphs result;
  result.reserve(pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::size_t end = context && pattern.substr(i).starts_with("${") ? pattern.find('}', i)
                                                                           : std::string_view::npos;
    if (end == std::string_view::npos) {
      result.push_back(wildcard_or_literal(pattern[i]));
      continue;
    }
    const auto value = variable_value(pattern.substr(i + 2, end - i - 2), *context);
    if (!value) return std::nullopt;
    for (const char c : *value) result.push_back(literal(c));
    i = end;
  }
  return result;
}

// Greedy with one point of return: linear in practice, never exponential.
bool glob(std::span<const Glyph> pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = pattern.size(), resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == any_run) {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == any_one || pattern[p] == literal(text[t]))) {
      ++p;
      ++t;
    } else if (star < pattern.size()) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == any_run) ++p;
  return p == pattern.size();
}

bool glob(std::string_view pattern, std::string_view text) {
  return glob(*expand(pattern, nullptr), text);
}

std::string unescaped(const Glyphs& glyphs) {
  std::string text;
  for (const Glyph glyph : glyphs) {
    text += glyph == any_run ? '*' : glyph == any_one ? '?' : static_cast<char>(glyph);
  }
  return text;
}

// The six parts of an ARN, each matched by itself: a * does not cross a colon before the last part.
bool arn_like(const Glyphs& pattern, std::string_view arn) {
  std::span<const Glyph> rest(pattern);
  for (int part = 0; part < 5; ++part) {
    const auto colon = std::find(rest.begin(), rest.end(), literal(':'));
    const std::size_t end = arn.find(':');
    if (colon == rest.end() || end == std::string_view::npos) return false;
    const auto length = static_cast<std::size_t>(colon - rest.begin());
    if (!glob(rest.first(length), arn.substr(0, end))) return false;
    rest = rest.subspan(length + 1);
    arn.remove_prefix(end + 1);
  }
  return glob(rest, arn);
}

// ---- conditions

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename Compare>
bool numeric(const Glyphs& wanted, std::string_view actual) {
  const auto left = number(actual);
  const auto right = number(unescaped(wanted));
  return left && right && Compare()(*left, *right);
}

bool string_equals(const Glyphs& wanted, std::string_view actual) {
  return unescaped(wanted) == actual;
}
bool string_equals_ignoring_case(const Glyphs& wanted, std::string_view actual) {
  return base::equal_ignoring_case(unescaped(wanted), actual);
}
bool string_like(const Glyphs& wanted, std::string_view actual) { return glob(wanted, actual); }

struct Operator {
  std::string_view name;
  bool (*matches)(const Glyphs& wanted, std::string_view actual);
  bool negated = false;  // true when no value matches, or the key is absent
};

constexpr std::string_view null_operator = "Null";

constexpr std::array operators = {
    Operator{"Bool", string_equals_ignoring_case},
    Operator{"StringEquals", string_equals},
    Operator{"StringNotEquals", string_equals, true},
    Operator{"StringEqualsIgnoreCase", string_equals_ignoring_case},
    Operator{"StringNotEqualsIgnoreCase", string_equals_ignoring_case, true},
    Operator{"StringLike", string_like},
    Operator{"StringNotLike", string_like, true},
    Operator{"NumericEquals", numeric<std::equal_to<>>},
    Operator{"NumericNotEquals", numeric<std::equal_to<>>, true},
    Operator{"NumericLessThan", numeric<std::less<>>},
    Operator{"NumericLessThanEquals", numeric<std::less_equal<>>},
    Operator{"NumericGreaterThan", numeric<std::greater<>>},
    Operator{"NumericGreaterThanEquals", numeric<std::greater_equal<>>},
    Operator{"ArnEquals", arn_like},  // AWS treats it as ArnLike
    Operator{"ArnLike", arn_like},
    Operator{"ArnNotEquals", arn_like, true},
    Operator{"ArnNotLike", arn_like, true},
};

const Operator* find_operator(std::string_view name) {
  const auto found = std::find_if(operators.begin(), operators.end(),
                                  [&](const Operator& o) { return o.name == name; });
  return found == operators.end() ? nullptr : &*found;
}

std::vector<std::string> values_of(std::string_view key, const Request& request) {
  const std::string name(key);
  if (const auto found = request.multivalued.find(name); found != request.multivalued.end()) {
    return found->second;
  }
  const auto found = request.context.find(name);
  return found == request.context.end() ? std::vector<std::string>{}
                                        : std::vector<std::string>{found->second};
}

bool holds(const Condition& condition, const Request& request, bool variables) {
  const std::vector<std::string> values = values_of(condition.key, request);
  const bool absent = values.empty();
  if (condition.operation == null_operator) {
    return std::any_of(condition.values.begin(), condition.values.end(), [&](const auto& value) {
      return base::equal_ignoring_case(value, absent ? "true" : "false");
    });
  }
  const Operator& operation = *find_operator(condition.operation);
  if (absent) {
    // Even a negated operator finds no value of which it would be true.
    if (condition.set == SetOperator::for_any_value) return condition.if_exists;
    return condition.if_exists || operation.negated || condition.set == SetOperator::for_all_values;
  }
  const auto fits = [&](const std::string& actual) {
    const bool matched =
        std::any_of(condition.values.begin(), condition.values.end(), [&](const auto& value) {
          const auto wanted = expand(value, variables ? &request.context : nullptr);
          return wanted && operation.matches(*wanted, actual);
        });
    return matched != operation.negated;
  };
  // AWS says nothing of several values without a set operator; this is what the names suggest.
  const bool all = condition.set == SetOperator::for_all_values ||
                   (condition.set == SetOperator::none && operation.negated);
  return all ? std::all_of(values.begin(), values.end(), fits)
             : std::any_of(values.begin(), values.end(), fits);
}

// ---- statements

bool action_matches(const Patterns& actions, std::string_view action) {
  const std::string wanted = base::to_lower(action);
  return actions.inverted !=
         std::any_of(actions.values.begin(), actions.values.end(),
                     [&](const auto& pattern) { return glob(base::to_lower(pattern), wanted); });
}

bool resource_matches(const Statement& statement, const Request& request, bool variables) {
  const auto matches = [&](const std::string& pattern) {
    const auto wanted = expand(pattern, variables ? &request.context : nullptr);
    return wanted && glob(*wanted, request.resource);
  };
  const auto& patterns = statement.resources;
  return patterns.inverted != std::any_of(patterns.values.begin(), patterns.values.end(), matches);
}

enum class Match { none, account, direct };

// "123456789012" and "arn:aws:iam::123456789012:root" both mean the whole account.
Match match(std::string_view named, const Principal& principal) {
  if (named == "*") return Match::direct;
  if (std::find(principal.arns.begin(), principal.arns.end(), named) != principal.arns.end()) {
    return Match::direct;
  }
  if (named == principal.account) return Match::account;
  const auto parts = base::split(named, ':');
  const bool root = parts.size() == 6 && parts[2] == "iam" && parts[5] == "root";
  return root && parts[4] == principal.account ? Match::account : Match::none;
}

Match match(const Patterns& principals, const Principal& principal) {
  Match best = Match::none;
  for (const std::string& named : principals.values) best = std::max(best, match(named, principal));
  if (!principals.inverted) return best;
  return best == Match::none ? Match::direct : Match::none;
}

Decision judge(const Policy& policy, const Statement& statement, const Request& request) {
  if (!action_matches(statement.actions, request.action)) return Decision::implicit_deny;
  Match who = Match::direct;
  if (policy.kind == Kind::trust) {
    who = match(statement.principals, request.principal);
    if (who == Match::none) return Decision::implicit_deny;
  } else if (!resource_matches(statement, request, policy.variables)) {
    return Decision::implicit_deny;
  }
  const bool conditions_hold =
      std::all_of(statement.conditions.begin(), statement.conditions.end(),
                  [&](const Condition& c) { return holds(c, request, policy.variables); });
  if (!conditions_hold) return Decision::implicit_deny;
  if (statement.effect == Effect::deny) return Decision::explicit_deny;
  return who == Match::account ? Decision::allow_for_account : Decision::allow;
}

}  // namespace

bool is_condition_operator(std::string_view name) {
  return name == null_operator || find_operator(name) != nullptr;
}

Decision evaluate(std::span<const Policy> policies, const Request& request) {
  Decision best = Decision::implicit_deny;
  for (const Policy& policy : policies) {
    for (const Statement& statement : policy.statements) {
      // The values of Decision are in the order of precedence.
      best = std::max(best, judge(policy, statement, request));
    }
  }
  return best;
}

}  // namespace aws::policy
