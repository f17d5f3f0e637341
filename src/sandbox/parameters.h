#pragma once

#include "base/secret.h"
#include "base/time.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// The form of a query-protocol request. As at AWS, the first of two parameters of one name counts.
class Parameters {
 public:
  explicit Parameters(std::string_view form);

  const std::string* find(std::string_view name) const;
  std::string value_or(std::string_view name, std::string_view otherwise) const;
  // The values of "PolicyArns.member.N.arn" for N = 1, 2, ...: `before` is "PolicyArns.member.",
  // `after` is ".arn".
  std::vector<std::string> members(std::string_view before, std::string_view after) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// What a text must look like. The patterns are those of AWS's models, quoted in its refusals.
struct TextRule {
  std::size_t min = 0;
  std::size_t max = 0;
  std::string_view pattern;
  bool (*allowed)(unsigned char);
};

// Checks parameters one by one and gathers what is wrong: AWS names all of it in one answer.
class Validation {
 public:
  explicit Validation(const Parameters& parameters) : parameters_(parameters) {}

  // Each returns the value, empty where there is none or where it is wrong. `member` is the name
  // within AWS's messages: "roleArn" for the parameter RoleArn.
  std::string required(std::string_view parameter, const TextRule& rule);
  std::optional<std::string> optional(std::string_view parameter, const TextRule& rule);
  // Throws Refusal MalformedInput when it is no 32-bit integer.
  std::optional<int> integer(std::string_view parameter, int min, int max);

  // For members of lists, whose names AWS builds in ways of its own. `value` and `constraint` are
  // what AWS's message has: "'x'" and "have length less than or equal to 64".
  void check(std::string_view parameter, const std::string& value, const TextRule& rule);
  void add(std::string_view parameter, std::string_view value, std::string_view constraint);

  // Throws Refusal ValidationError when anything was wrong.
  void finish() const;

 private:
  const Parameters& parameters_;
  std::vector<std::string> violations_;
};

}  // namespace sandbox
