#include "aws/files/cli_cache.h"

#include "aws/files/session_profile.h"
#include "aws/files/sha1.h"
#include "base/json.h"
#include "base/time.h"

#include <array>
#include <utility>

namespace aws {
namespace {

// As botocore reads a profile: what the credentials file says wins; nothing is included.
std::optional<std::string_view> own_value(const SharedConfig& shared, std::string_view profile,
                                          std::string_view key) {
  if (const auto value = shared.in_credentials(profile, key)) return value;
  return shared.in_config(profile, key);
}

using base::JsonWriter;

base::WipedString entry(const Credentials& credentials) {
  JsonWriter json(JsonWriter::Layout::spaced);
  json.reserve(512 + credentials.session_token.reveal().size());
  json.open_object()
      .key("Credentials")
      .open_object()
      .member("AccessKeyId", credentials.access_key_id)
      .member("SecretAccessKey", credentials.secret_access_key.reveal())
      .member("SessionToken", credentials.session_token.reveal())
      .member("Expiration", base::format_rfc3339(credentials.expiration))
      .close()
      .member("Manager", manager)
      .close();
  return json.take() + "\n";
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
  JsonWriter json(JsonWriter::Layout::spaced);
  json.open_object();
  for (const auto& [argument, key] : arguments) {
    const auto value = own_value(shared, profile, key);
    if (!value) continue;
    const auto seconds =
        argument == "DurationSeconds" ? base::parse_duration(*value) : std::nullopt;
    json.key(argument);
    seconds ? json.number(seconds->count()) : json.text(*value);
  }
  return sha1_hex(json.close().take()) + ".json";
}

base::WipedString cli_cache_entry(const Credentials& credentials) { return entry(credentials); }

base::WipedString expired_cli_cache_entry() { return entry(Credentials{}); }

bool is_our_cli_cache_entry(std::string_view bytes, std::string_view access_key_id) {
  const auto mark = base::json_text(bytes, "Manager");
  if (!mark || std::string_view(*mark) != manager) return false;
  const auto key = base::json_text(bytes, "Credentials/AccessKeyId");
  if (!key || key->empty()) return false;  // expired_cli_cache_entry()
  return access_key_id.empty() || std::string_view(*key) == access_key_id;
}

}  // namespace aws
