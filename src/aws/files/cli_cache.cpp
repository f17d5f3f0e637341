#include "aws/files/cli_cache.h"

#include "aws/files/session_profile.h"
#include "aws/files/sha1.h"
#include "base/text.h"

#include <array>
#include <fmt/core.h>
#include <utility>

namespace aws {
namespace {

// As botocore reads a profile: what the credentials file says wins; nothing is included.
std::optional<std::string_view> own_value(const SharedConfig& shared, std::string_view profile,
                                          std::string_view key) {
  if (const auto value = shared.in_credentials(profile, key)) return value;
  return shared.in_config(profile, key);
}

void add_member(base::WipedString& json, std::string_view name, std::string_view value) {
  if (json.back() != '{') json += ", ";
  base::append_json_string(name, json);
  json += ": ";
  base::append_json_string(value, json);
}

base::WipedString entry(const Credentials& credentials) {
  base::WipedString json = "{\"Credentials\": {";
  json.reserve(512 + credentials.session_token.reveal().size());
  add_member(json, "AccessKeyId", credentials.access_key_id);
  add_member(json, "SecretAccessKey", credentials.secret_access_key.reveal());
  add_member(json, "SessionToken", credentials.session_token.reveal());
  add_member(json, "Expiration", base::format_rfc3339(credentials.expiration));
  json += '}';
  add_member(json, "Manager", manager);
  json += "}\n";
  return json;
}

}  // namespace

// The hash is of the arguments of AssumeRole as Python's json.dumps(sort_keys=True) writes them.
std::string cli_cache_name(const SharedConfig& shared, std::string_view profile) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> arguments = {
      {{"DurationSeconds", "duration_seconds"},
       {"ExternalId", "external_id"},
       {"RoleArn", "role_arn"},
       {"RoleSessionName", "role_session_name"},
       {"SerialNumber", "mfa_serial"}}};
  if (own_value(shared, profile, "role_arn").value_or("").empty()) return "";
  base::WipedString json = "{";
  for (const auto& [argument, key] : arguments) {
    const auto value = own_value(shared, profile, key);
    if (!value) continue;
    if (argument == "DurationSeconds") {
      json += fmt::format("{}\"{}\": {}", json.back() == '{' ? "" : ", ", argument, *value);
    } else {
      add_member(json, argument, *value);
    }
  }
  json += '}';
  return sha1_hex(json) + ".json";
}

base::WipedString cli_cache_entry(const Credentials& credentials) { return entry(credentials); }

base::WipedString expired_cli_cache_entry() { return entry(Credentials{}); }

bool is_our_cli_cache_entry(std::string_view bytes, std::string_view access_key_id) {
  const bool ours =
      bytes.find(fmt::format("\"Manager\": \"{}\"", manager)) != std::string_view::npos;
  const std::string key = fmt::format("\"AccessKeyId\": \"{}", access_key_id);
  return ours && bytes != expired_cli_cache_entry() && bytes.find(key) != std::string_view::npos;
}

}  // namespace aws
