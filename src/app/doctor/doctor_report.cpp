#include "app/config/shared_files.h"
#include "app/doctor/doctor.h"
#include "aws/model/lookalike.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace app {
namespace {

using Json = nlohmann::ordered_json;

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
  return plain ? base::printable(text) : "(left out)";
}

// Findings repeat names and values as they are in the files.
std::string without_secrets(const std::string& text) {
  const auto is_of_key = [](char c) { return base::is_letter_or_digit(c) || c == '/' || c == '+'; };
  std::string result;
  for (auto it = text.begin(); it != text.end();) {
    const auto end = std::find_if_not(it, text.end(), is_of_key);
    const std::string word(it, end);
    const bool secret = aws::lookalike(word) == aws::Lookalike::secret_access_key;
    result += secret ? "(left out)" : word;
    it = std::find_if(end, text.end(), is_of_key);
    result.append(end, it);
  }
  return result;
}

std::vector<Finding> without_secrets(std::vector<Finding> findings) {
  for (Finding& finding : findings) {
    finding.what = without_secrets(finding.what);
    for (std::string& hint : finding.what_to_do) hint = without_secrets(hint);
  }
  return findings;
}

std::string as_value(const aws::Property& property) {
  const bool told =
      is_among(told_keys, property.key) && aws::lookalike(property.value) == aws::Lookalike::none;
  return told ? base::printable(property.value) : "(left out)";
}

Json sections_of(const aws::SharedFile& file) {
  Json sections = Json::array();
  for (const aws::Section& section : file.sections()) {
    Json keys = Json::object();
    for (const aws::Property& property : section.properties()) {
      keys[as_key(property.key)] = as_value(property);
    }
    sections.push_back({{"line", section.line + 1},
                        {"section", as_section(section.name)},
                        {"keys", std::move(keys)}});
  }
  return sections;
}

Json environment_of(const os::Environment& environment) {
  Json set = Json::object();
  for (const char* name : told_variables) {
    if (const auto value = environment.get(name)) set[name] = base::printable(*value);
  }
  for (const char* name : variables) {
    if (environment.has(name)) set[name] = "(left out)";
  }
  return set;
}

}  // namespace

Json as_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"check", finding.check},
                    {"status", name_of(finding.status)},
                    {"what", finding.what},
                    {"what_to_do", finding.what_to_do}});
  }
  return list;
}

std::string bug_report(const std::vector<Finding>& findings, const std::string& version,
                       const DoctorDoors& doors) {
  Json report = {{"version", version},
                 {"time", base::format_rfc3339(doors.clock.now())},
                 {"environment", environment_of(doors.environment)}};
  Json files = Json::array();
  const SharedFilePaths paths = shared_file_paths(doors.environment);
  for (const std::string& path : {paths.config, paths.credentials}) {
    Json file = {{"path", display_path(doors.environment, path)}};
    if (const auto facts = doors.probe.status(path)) {
      const auto bytes = doors.files.read(path).value_or(base::WipedString());
      file["mode"] = fmt::format("{:04o}", facts->mode);
      file["sections"] = sections_of(aws::SharedFile(bytes));
    }
    files.push_back(std::move(file));
  }
  report["files"] = std::move(files);
  report["findings"] = as_json(without_secrets(findings));
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace app
