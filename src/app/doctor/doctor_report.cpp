#include "app/config/shared_files.h"
#include "app/doctor/doctor.h"
#include "aws/model/lookalike.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace app {
namespace {

using base::JsonWriter;

// Everything that affects what clients do. Only those values are shown that are names.
constexpr std::array variables = {"AWS_ACCESS_KEY_ID",
                                  "AWS_SECRET_ACCESS_KEY",
                                  "AWS_SESSION_TOKEN",
                                  "AWS_SECURITY_TOKEN",
                                  "AWS_ACCESS_KEY",
                                  "AWS_SECRET_KEY",
                                  "AWS_WEB_IDENTITY_TOKEN_FILE",
                                  "AWS_ROLE_ARN",
                                  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                                  "AWS_ENDPOINT_URL",
                                  "AWS_ENDPOINT_URL_STS",
                                  "AWS_ENDPOINT_URL_IAM",
                                  "AWS_CA_BUNDLE",
                                  "HTTPS_PROXY",
                                  "https_proxy",
                                  "NO_PROXY",
                                  "AWSST_CONFIG_FILE",
                                  "AWSST_SHARED_CREDENTIALS_FILE"};
constexpr std::array told_variables = {"AWS_PROFILE",
                                       "AWS_DEFAULT_PROFILE",
                                       "AWS_REGION",
                                       "AWS_DEFAULT_REGION",
                                       "AWS_STS_REGIONAL_ENDPOINTS",
                                       "AWS_USE_FIPS_ENDPOINT",
                                       "AWS_USE_DUALSTACK_ENDPOINT",
                                       "AWS_MAX_ATTEMPTS"};

// Keys whose values are not secret and affect what clients do. The command line of a process may
// contain a secret, and so may an endpoint's URL.
constexpr std::array told_keys = {
    "role_arn",          "source_profile",          "mfa_serial", "region",  "duration_seconds",
    "credential_source", "sts_regional_endpoints",  "output",     "manager", "expiration",
    "assumed_role_arn",  "x_security_token_expires"};

template <typename List>
bool is_among(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// In a broken file a secret may be where a name belongs: nothing that could be one is repeated. A
// secret access key has 40 characters, the longest key that clients know has 31.
std::string as_key(std::string_view text) {
  const bool plain = text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
                       return base::is_lower(c) || base::is_digit(c) || c == '_' || c == '-';
                     });
  return plain ? std::string(text) : "(left out)";
}

std::string as_section(std::string_view text) {
  const bool plain = text.size() <= 128 && aws::lookalike(text) == aws::Lookalike::none;
  return plain ? std::string(text) : "(left out)";
}

std::string as_value(const aws::Property& property) {
  const bool told =
      is_among(told_keys, property.key) && aws::lookalike(property.value) == aws::Lookalike::none;
  return told ? std::string(property.value) : "(left out)";
}

// Of a key that stands twice the last counts.
void add_keys(const aws::Section& section, JsonWriter& json) {
  std::vector<std::pair<std::string, std::string>> keys;
  for (const aws::Property& property : section.properties()) {
    const std::string key = as_key(property.key);
    const auto known = std::find_if(keys.begin(), keys.end(),
                                    [&](const auto& other) { return other.first == key; });
    auto& value = known == keys.end() ? keys.emplace_back(key, "").second : known->second;
    value = as_value(property);
  }
  json.key("keys").open_object();
  for (const auto& [key, value] : keys) json.member(key, value);
  json.close();
}

void add_sections(const aws::SharedFile& file, JsonWriter& json) {
  json.key("sections").open_array();
  for (const aws::Section& section : file.sections()) {
    json.open_object().key("line").number(static_cast<std::int64_t>(section.line) + 1);
    json.member("section", as_section(section.name));
    add_keys(section, json);
    json.close();
  }
  json.close();
}

void add_environment(const os::Environment& environment, JsonWriter& json) {
  json.key("environment").open_object();
  for (const char* name : told_variables) {
    if (const auto value = environment.get(name)) json.member(name, *value);
  }
  for (const char* name : variables) {
    if (environment.has(name)) json.member(name, "(left out)");
  }
  json.close();
}

}  // namespace

void add_findings(const std::vector<Finding>& findings, JsonWriter& json) {
  json.key("findings").open_array();
  for (const Finding& finding : findings) {
    json.open_object().member("check", finding.check).member("status", name_of(finding.status));
    json.member("what", finding.what).key("what_to_do").open_array();
    for (const std::string& hint : finding.what_to_do) json.text(hint);
    json.close().close();
  }
  json.close();
}

// Everything in it is shown to strangers: shown() leaves secrets out of what findings repeat.
std::string bug_report(const std::vector<Finding>& findings, const std::string& version,
                       const DoctorDoors& doors) {
  JsonWriter json(JsonWriter::Layout::indented, aws::shown);
  json.open_object().member("version", version);
  json.member("time", base::format_rfc3339(doors.clock.now()));
  add_environment(doors.environment, json);
  json.key("files").open_array();
  const SharedFilePaths paths = shared_file_paths(doors.environment);
  for (const std::string& path : {paths.config, paths.credentials}) {
    json.open_object().member("path", display_path(doors.environment, path));
    if (const auto facts = doors.probe.status(path)) {
      const auto bytes = doors.files.read(path).value_or(base::WipedString());
      json.member("mode", fmt::format("{:04o}", facts->mode));
      add_sections(aws::SharedFile(bytes), json);
    }
    json.close();
  }
  json.close();
  add_findings(findings, json);
  return std::string(json.close().take()) + "\n";
}

}  // namespace app
