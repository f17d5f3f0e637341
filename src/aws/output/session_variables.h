#pragma once

#include "aws/model/credentials.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

struct Variable {
  std::string name;
  base::WipedString value;
};

// What a program reads a session from (AWS SDKs and Tools Reference Guide, "Environment variables
// support"), and what tells prompts when it ends. The region, where one is known, in both its
// names.
std::vector<Variable> session_variables(const Credentials& credentials, const std::string& region);

// The variables by which some client would take something else than those, or send a token of
// another session: to be unset. Setting them to nothing would not do: to the AWS CLI an empty
// AWS_PROFILE is a profile that does not exist.
std::span<const std::string_view> conflicting_variables();

// How assignments are written.
enum class Syntax { sh, fish, powershell, dotenv, json };

std::optional<Syntax> parse_syntax(std::string_view name);
std::vector<std::string> syntax_names();

// A text that sets the variables, and unsets the others where the syntax can say it (dotenv and
// json cannot). Any value comes out again as it was; but in dotenv, which every program reads in
// its own way, only values that all read alike: Error{failed} otherwise.
base::WipedString assignments(std::span<const Variable> set,
                              std::span<const std::string_view> unset, Syntax syntax);

}  // namespace aws
