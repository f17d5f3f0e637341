#include "app/aws_cli_cache.h"

#include "aws/cli_cache.h"
#include "base/error.h"

#include <fmt/format.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

std::string path_of(const os::Environment& environment, const aws::SharedConfig& shared,
                    const std::string& profile) {
  return fmt::format("{}/.aws/cli/cache/{}", environment.home(),
                     aws::cli_cache_name(shared, profile));
}

// The options of which the profile, and so the AWS CLI, knows nothing.
const char* unknown_to_the_profile(const SessionRequest& request) {
  if (!request.policy_file.empty()) return "--policy";
  if (!request.policy_arns.empty()) return "--policy-arn";
  if (!request.tags.empty()) return "--tag";
  if (!request.transitive_tag_keys.empty()) return "--transitive-tag";
  if (!request.source_identity.empty()) return "--source-identity";
  if (!request.external_id.empty()) return "--external-id";
  if (!request.session_name.empty()) return "--session-name";
  return nullptr;
}

}  // namespace

void require_cacheable(const SessionRequest& request, std::span<const Target> targets) {
  if (const char* option = unknown_to_the_profile(request)) {
    throw Error(ErrorKind::usage,
                fmt::format("{} changes the session, and the AWS CLI would take it for the "
                            "profile's own",
                            option),
                {"leave out --aws-cli-cache, or write it into the profile"});
  }
  for (const Target& target : targets) {
    if (!target.profile.empty() && !target.role_arn.empty()) continue;
    throw Error(
        ErrorKind::usage,
        fmt::format("the AWS CLI keeps sessions of profiles with a role_arn, and {} is none",
                    target.name),
        {"name a profile of the shared config file: aws-session-token get PROFILE "
         "--aws-cli-cache"});
  }
}

void store_in_cli_cache(os::Files& files, const os::Environment& environment,
                        const aws::SharedConfig& shared, std::span<const TargetSession> sessions) {
  for (const TargetSession& result : sessions) {
    const auto* session = std::get_if<Session>(&result.outcome);
    if (session == nullptr) continue;
    files.update(
        path_of(environment, shared, result.target.profile),
        [&](const base::WipedString&) { return aws::cli_cache_entry(session->credentials); });
  }
}

std::vector<std::string> profiles_in_cli_cache(os::Files& files, const os::Environment& environment,
                                               const aws::SharedConfig& shared) {
  std::vector<std::string> ours;
  for (const std::string& profile : shared.profiles()) {
    if (shared.text(profile, "role_arn").empty()) continue;
    const auto bytes = files.read(path_of(environment, shared, profile));
    if (bytes && aws::is_our_cli_cache_entry(*bytes)) ours.push_back(profile);
  }
  return ours;
}

void expire_in_cli_cache(os::Files& files, const os::Environment& environment,
                         const aws::SharedConfig& shared, std::span<const std::string> profiles) {
  for (const std::string& profile : profiles) {
    files.update(path_of(environment, shared, profile), [](base::WipedString now) {
      return aws::is_our_cli_cache_entry(now) ? aws::expired_cli_cache_entry() : now;
    });
  }
}

}  // namespace app
