#include "app/config/session_request.h"

#include "base/error.h"

#include <fmt/core.h>
#include <utility>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

void add(std::vector<std::string>& words, const char* option, const std::string& value) {
  if (!value.empty()) words.push_back(fmt::format("--{}={}", option, value));
}

}  // namespace

std::vector<std::string> caller_words(const SessionRequest& request) {
  std::vector<std::string> words;
  if (request.username) words.push_back("--username=" + *request.username);
  add(words, "serial-number", request.serial_number);
  return words;
}

std::vector<std::string> session_words(const SessionRequest& request) {
  std::vector<std::string> words;
  add(words, "duration", request.duration);
  add(words, "session-name", request.session_name);
  add(words, "external-id", request.external_id);
  for (const aws::SessionTag& tag : request.tags) add(words, "tag", tag.key + "=" + tag.value);
  for (const std::string& key : request.transitive_tag_keys) add(words, "transitive-tag", key);
  add(words, "source-identity", request.source_identity);
  for (const std::string& arn : request.policy_arns) add(words, "policy-arn", arn);
  add(words, "endpoint-url", request.endpoint_url);
  if (request.min_ttl) add(words, "min-ttl", std::to_string(request.min_ttl->count()));
  if (request.no_input) words.emplace_back("--no-input");
  return words;
}

void refuse_options_of_a_role(const SessionRequest& request) {
  const std::pair<const char*, bool> options[] = {
      {"--policy", !request.policy_file.empty()},
      {"--policy-arn", !request.policy_arns.empty()},
      {"--external-id", !request.external_id.empty()},
      {"--session-name", !request.session_name.empty()},
      {"--tag", !request.tags.empty()},
      {"--transitive-tag", !request.transitive_tag_keys.empty()},
      {"--source-identity", !request.source_identity.empty()},
  };
  for (const auto& [option, given] : options) {
    if (!given) continue;
    throw Error(ErrorKind::usage, fmt::format("{} goes with a role, and none is assumed", option),
                {"leave it out, or give a role with --role"});
  }
}

}  // namespace app
