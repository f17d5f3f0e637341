#include "app/config/session_request.h"

#include "app/config/shared_files.h"
#include "aws/policy/policy.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

void add(std::vector<std::string>& words, std::string_view option, const std::string& value) {
  if (!value.empty()) words.push_back(fmt::format("--{}={}", option, value));
}

std::string* text_option(std::string_view name, SessionRequest& request) {
  if (name == "serial-number") return &request.serial_number;
  if (name == "source-profile") return &request.source_profile;
  if (name == "region") return &request.region;
  if (name == "endpoint-url") return &request.endpoint_url;
  return nullptr;
}

bool read_role_option(std::string_view name, const std::string& value, SessionRequest& request) {
  const auto options = role_options();
  const auto option = std::find_if(options.begin(), options.end(),
                                   [&](const RoleOption& known) { return known.name == name; });
  if (option == options.end()) return false;
  try {
    option->add(request, value);
    return true;
  } catch (const Error&) {
    return false;  // somebody else wrote it
  }
}

}  // namespace

SessionRequest with_policy_read(SessionRequest request, os::Files& files) {
  if (request.policy_file.empty()) return request;
  const auto bytes = files.read(request.policy_file);
  if (!bytes) {
    throw Error(ErrorKind::usage, fmt::format("there is no file {}", request.policy_file),
                {"--policy takes the path of a file with a session policy in JSON"});
  }
  // An empty policy would be no policy to AWS, and a broken one would cost the code.
  try {
    aws::policy::require_session_policy(*bytes);
  } catch (const Error& error) {
    const std::string& path = request.policy_file;
    throw Error(ErrorKind::usage,
                bytes->find_first_not_of(" \t\r\n") == base::WipedString::npos
                    ? fmt::format("the session policy {} is empty", path)
                    : fmt::format("the session policy {} cannot be used: {}", path, error.what()),
                {"it is a policy document as for a role, with Effect, Action and Resource"});
  }
  request.policy = *bytes;
  return request;
}

std::vector<std::string> caller_words(const SessionRequest& request) {
  std::vector<std::string> words;
  if (request.username) words.push_back("--username=" + *request.username);
  add(words, "serial-number", request.serial_number);
  return words;
}

std::vector<std::string> session_words(const SessionRequest& request,
                                       const os::Environment& environment) {
  std::vector<std::string> words;
  for (const RoleOption& option : role_options()) {
    for (const std::string& value : option.values(request)) {
      add(words, option.name, option.is_file ? absolute_path(value, environment) : value);
    }
  }
  add(words, "endpoint-url", request.endpoint_url);
  if (request.min_ttl) add(words, "min-ttl", std::to_string(request.min_ttl->count()));
  if (request.no_input) words.emplace_back("--no-input");
  return words;
}

bool read_word(const std::string& word, SessionRequest& request) {
  if (word == "--no-role") {
    request.no_role = true;
    return true;
  }
  const std::size_t equals = word.find('=');
  if (!word.starts_with("--") || equals == std::string::npos) return false;
  const std::string name = word.substr(2, equals - 2);
  const std::string value = word.substr(equals + 1);
  if (std::string* const text = text_option(name, request)) {
    *text = value;
  } else if (name == "username") {
    request.username = value;
  } else if (name == "role") {
    request.roles.push_back(value);
  } else if (name == "min-ttl") {
    request.min_ttl = base::parse_duration(value);
  } else {
    return read_role_option(name, value, request);
  }
  return true;
}

void refuse_options_of_a_role(const SessionRequest& request) {
  for (const RoleOption& option : role_options()) {
    if (!option.changes_session || !option.is_given(request)) continue;
    throw Error(ErrorKind::usage,
                fmt::format("--{} goes with a role, and none is assumed", option.name),
                {"leave it out, or give a role with --role"});
  }
}

}  // namespace app
