#include "app/commands/link.h"

#include "aws/files/overlay.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// The profile to name; empty where the target's own profile names it.
std::string key_profile(const SessionRequest& request, const aws::SharedConfig& shared,
                        const Target& target) {
  if (!request.source_profile.empty()) return request.source_profile;
  const bool names_its_key = !shared.text(target.profile, "source_profile").empty();
  if (!target.profile.empty() && names_its_key) return "";
  if (!target.source_profile.empty()) return target.source_profile;
  throw Error(
      ErrorKind::usage,
      "a profile cannot be linked to a key of the environment, which other programs may not "
      "have",
      {"store the key with aws configure, or name the profile that holds it with -s"});
}

void add_target(std::vector<std::string>& words, const SessionRequest& request,
                const Target& target) {
  if (request.no_role || (target.profile.empty() && target.role_arn.empty())) {
    words.emplace_back("--no-role");
  }
  if (target.profile.empty()) {
    // By its ARN: a name would be looked up each time, and the settings may change.
    if (!target.role_arn.empty()) words.push_back("--role=" + target.role_arn);
    return;
  }
  if (target.profile.starts_with('-')) words.emplace_back("--");
  words.push_back(target.profile);
}

}  // namespace

std::vector<std::string> link_processes(const SessionRequest& request,
                                        const aws::SharedConfig& shared,
                                        const os::Environment& environment,
                                        std::span<const Target> targets) {
  if (!request.mfa_process.empty()) {
    throw Error(ErrorKind::usage,
                "--mfa-process is a line for the shell and cannot be part of a credential_process",
                {"write it into the settings, or into the role's profile, as mfa_process"});
  }
  SessionRequest lasting = request;
  lasting.no_input = false;  // of this one run
  std::vector<std::string> processes;
  for (const Target& target : targets) {
    std::vector<std::string> words = {environment.program(), "credential-process"};
    const auto add = [&](const char* option, const std::string& value) {
      if (!value.empty()) words.push_back(fmt::format("--{}={}", option, value));
    };
    for (std::string& word : caller_words(lasting)) words.push_back(std::move(word));
    add("source-profile", key_profile(request, shared, target));
    for (std::string& word : session_words(lasting, environment)) words.push_back(std::move(word));
    add("region", request.region);
    add_target(words, request, target);
    processes.push_back(aws::credential_process(words));
  }
  return processes;
}

// link_processes() the other way round.
std::optional<SessionRequest> linked_request(std::string_view credential_process) {
  const std::vector<std::string> words = aws::credential_process_words(credential_process);
  if (words.size() < 3 || words[1] != "credential-process") return std::nullopt;
  SessionRequest request;
  for (auto word = words.begin() + 2; word != words.end(); ++word) {
    if (*word == "--" && word + 1 != words.end()) {
      request.profiles.push_back(*++word);
    } else if (!word->starts_with("-")) {
      request.profiles.push_back(*word);
    } else if (!read_word(*word, request)) {
      return std::nullopt;
    }
  }
  return request;
}

}  // namespace app
