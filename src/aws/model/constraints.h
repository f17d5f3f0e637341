#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aws {

// AWS's own limits on what this tool sends. Source: the service models sts/2011-06-15 and
// iam/2010-05-08 of botocore. What AWS would refuse after a code was spent is refused here before.
struct Constraint {
  static constexpr std::int64_t unlimited = -1;

  std::string_view operation;  // "AssumeRole"
  std::string_view parameter;  // "RoleArn"; a list's member with a dot: "Tags.Key"
  std::int64_t min;            // characters (code points); for a number, its value
  std::int64_t max;
  std::string_view pattern;  // AWS's regular expression (see aws/pattern.h); empty for a number
};

std::span<const Constraint> constraints() noexcept;

// What AWS would not take about the value, as a sentence that names the parameter in users' words;
// nothing where it would take it. A code, a policy, an external ID, a tag's value and everything
// that looks like a key is not repeated. A parameter that is not in the table is a mistake of the
// caller: Error{failed}.
std::optional<std::string> objection(std::string_view operation, std::string_view parameter,
                                     std::string_view value);
std::optional<std::string> objection(std::string_view operation, std::string_view parameter,
                                     std::int64_t value);

// Throws that as Error{usage}, with the options and settings that the value comes from as a hint.
void check(std::string_view operation, std::string_view parameter, std::string_view value);
void check(std::string_view operation, std::string_view parameter, std::int64_t value);

}  // namespace aws
