#include "aws/files/without_secrets.h"

#include "aws/files/ini_text.h"
#include "aws/model/lookalike.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace aws {
namespace {

// What this program reads of a profile or of a `[services]` section, sorted. Of secrets it is only
// asked whether they are there, but by access_key().
constexpr std::array<std::string_view, 34> public_keys = {
    "assumed_role_arn",
    "autoawsume",
    "aws_access_key_id",
    "ca_bundle",
    "credential_source",
    "duration_seconds",
    "endpoint_url",
    "expiration",
    "external_id",
    "ignore_configured_endpoint_urls",
    "include_profile",
    "manager",
    "max_attempts",
    "mfa_process",
    "mfa_serial",
    "output",
    "region",
    "role_arn",
    "role_session_name",
    "services",
    "session_tags",
    "source_identity",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "sts_regional_endpoints",
    "transitive_session_tags",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "web_identity_token_file",
    "x_security_token_expires",
};

// How much of a property's value may stay, a comment behind it not.
std::size_t public_part(std::string_view key, std::string_view value) {
  const std::string name = base::to_lower(key);
  const bool is_public = std::binary_search(public_keys.begin(), public_keys.end(), name) ||
                         (name == "credential_process" && is_link(value));
  if (!is_public) return 0;
  const std::string_view text = ini::without_inline_comment(value);
  // The halves of a key are easily swapped.
  const bool is_swapped =
      name == "aws_access_key_id" && lookalike(ini::trim(text)) == Lookalike::secret_access_key;
  if (is_swapped) return 0;
  return text.size();
}

// Where the part of the line begins that may not stay. What is neither a header nor `key = value`
// has none that may.
std::size_t secret_from(std::string_view line) {
  const std::string_view blanks = ini::leading_blanks(line);
  const std::string_view text = line.substr(blanks.size());
  if (ini::is_header(text)) return blanks.size() + text.rfind(']');
  const std::size_t sign = ini::is_comment(text) ? std::string_view::npos : ini::find_sign(text);
  if (sign == std::string_view::npos) return blanks.size();
  const std::string_view value = text.substr(sign + 1);
  return blanks.size() + sign + 1 + public_part(ini::trim(text.substr(0, sign)), value);
}

bool is_of_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
         c == '+';
}

}  // namespace

bool is_link(std::string_view credential_process) {
  return credential_process.find(" credential-process ") != std::string_view::npos;
}

base::WipedString without_secrets(base::WipedString bytes) {
  const std::vector<std::size_t> begins = ini::line_begins(bytes);
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : bytes.size();
    std::size_t begin = begins[i];
    if (i == 0 && std::string_view(bytes).starts_with(ini::byte_order_mark)) {
      begin += ini::byte_order_mark.size();
    }
    const std::string_view line = std::string_view(bytes).substr(begin, end - begin);
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(begin + secret_from(line));
    std::replace_if(first, bytes.begin() + static_cast<std::ptrdiff_t>(end), is_of_key, 'x');
  }
  return bytes;
}

}  // namespace aws
