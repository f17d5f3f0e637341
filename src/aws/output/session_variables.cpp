#include "aws/output/session_variables.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <array>
#include <fmt/core.h>
#include <utility>

namespace aws {
namespace {

using base::WipedString;

constexpr std::array<std::string_view, 12> conflicting = {
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
};

constexpr std::array<std::pair<std::string_view, Syntax>, 5> syntaxes = {{
    {"sh", Syntax::sh},
    {"fish", Syntax::fish},
    {"powershell", Syntax::powershell},
    {"dotenv", Syntax::dotenv},
    {"json", Syntax::json},
}};

// In single quotes, in which each of `special` is written as `escape` says.
template <typename Escape>
void append_quoted(std::string_view value, WipedString& out, Escape&& escape) {
  out += '\'';
  for (const char c : value) escape(c, out);
  out += '\'';
}

void append_sh(std::string_view value, WipedString& out) {
  append_quoted(value, out, [](char c, WipedString& text) {
    c == '\'' ? text.append("'\\''") : text.append(1, c);
  });
}

void append_fish(std::string_view value, WipedString& out) {
  append_quoted(value, out, [](char c, WipedString& text) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  });
}

// PowerShell takes the typographic quotes U+2018 to U+201B for single quotes, too.
void append_powershell(std::string_view value, WipedString& out) {
  out += '\'';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool typographic = value.substr(i).starts_with("\xE2\x80") && i + 2 < value.size() &&
                             value[i + 2] >= '\x98' && value[i + 2] <= '\x9B';
    const std::size_t size = typographic ? 3 : 1;
    if (typographic || value[i] == '\'') out.append(value.substr(i, size));
    out.append(value.substr(i, size));
    i += size - 1;
  }
  out += '\'';
}

// Plain, so that Docker reads it too, which keeps quotes; or in single quotes, in which nothing
// means anything to the others.
void append_dotenv(const Variable& variable, WipedString& out) {
  const std::string_view value = variable.value;
  if (base::is_alphanumeric(value, "+/=_.:,@-")) {
    out.append(value);
    return;
  }
  if (value.find_first_of("'\\\r\n") != std::string_view::npos) {
    throw base::Error(
        base::ErrorKind::failed,
        fmt::format("{} has a character that programs read differently in dotenv files",
                    variable.name),
        {"use another --format"});
  }
  out.append("'").append(value).append("'");
}

void append_assignment(const Variable& variable, Syntax syntax, WipedString& out) {
  switch (syntax) {
    case Syntax::sh:
      out.append("export ").append(variable.name).append("=");
      append_sh(variable.value, out);
      break;
    case Syntax::fish:
      out.append("set -gx ").append(variable.name).append(" ");
      append_fish(variable.value, out);
      break;
    case Syntax::powershell:
      out.append("$Env:").append(variable.name).append(" = ");
      append_powershell(variable.value, out);
      break;
    case Syntax::dotenv:
      out.append(variable.name).append("=");
      append_dotenv(variable, out);
      break;
    case Syntax::json:
      return;  // all in one object: json_object()
  }
  out += '\n';
}

void append_removal(std::string_view name, Syntax syntax, WipedString& out) {
  if (syntax == Syntax::sh) out.append("unset ").append(name).append("\n");
  if (syntax == Syntax::fish) out.append("set -e ").append(name).append("\n");
  if (syntax == Syntax::powershell) out.append("$Env:").append(name).append(" = $null\n");
}

WipedString json_object(std::span<const Variable> set) {
  base::JsonWriter json;
  json.reserve(4096);
  json.open_object();
  for (const Variable& variable : set) json.member(variable.name, variable.value);
  return json.close().take() + "\n";
}

}  // namespace

std::vector<Variable> session_variables(const Credentials& credentials, const std::string& region) {
  std::vector<Variable> variables;
  const auto add = [&](const char* name, std::string_view value) {
    variables.push_back({name, WipedString(value)});
  };
  add("AWS_ACCESS_KEY_ID", credentials.access_key_id);
  add("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key.reveal());
  add("AWS_SESSION_TOKEN", credentials.session_token.reveal());
  add("AWS_CREDENTIAL_EXPIRATION", base::format_rfc3339(credentials.expiration));
  if (!region.empty()) {
    add("AWS_REGION", region);
    add("AWS_DEFAULT_REGION", region);
  }
  return variables;
}

std::span<const std::string_view> conflicting_variables() { return conflicting; }

std::optional<Syntax> parse_syntax(std::string_view name) {
  for (const auto& [known, syntax] : syntaxes) {
    if (known == name) return syntax;
  }
  return std::nullopt;
}

std::vector<std::string> syntax_names() {
  std::vector<std::string> names;
  for (const auto& [name, syntax] : syntaxes) names.emplace_back(name);
  return names;
}

WipedString assignments(std::span<const Variable> set, std::span<const std::string_view> unset,
                        Syntax syntax) {
  if (syntax == Syntax::json) return json_object(set);
  WipedString out;
  out.reserve(4096);
  for (const std::string_view name : unset) append_removal(name, syntax, out);
  for (const Variable& variable : set) append_assignment(variable, syntax, out);
  return out;
}

}  // namespace aws
