#include "app/commands/aws_cli_cache.h"

#include "aws/files/cli_cache.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

}  // namespace

std::string cli_cache_folder(const os::Environment& environment) {
  return environment.home() + "/.aws/cli/cache";
}

std::string cli_cache_path(const os::Environment& environment, const aws::SharedConfig& shared,
                           const std::string& profile) {
  return cli_cache_folder(environment) + "/" + aws::cli_cache_name(shared, profile);
}

void require_cacheable(const SessionRequest& request, std::span<const Target> targets,
                       os::Files& files, const os::Environment& environment,
                       const aws::SharedConfig& shared) {
  for (const RoleOption& option : role_options()) {
    if (!option.changes_session || !option.is_given(request)) continue;
    throw Error(ErrorKind::usage,
                fmt::format("--{} changes the session, and the AWS CLI would take it for the "
                            "profile's own",
                            option.name),
                {"leave out --aws-cli-cache, or write it into the profile"});
  }
  for (const Target& target : targets) {
    if (target.profile.empty() || aws::cli_cache_name(shared, target.profile).empty()) {
      throw Error(
          ErrorKind::usage,
          fmt::format("the AWS CLI keeps sessions of profiles with a role_arn of their own, and {} "
                      "is none",
                      target.name),
          {"name a profile of the shared config file: aws-session-token get PROFILE "
           "--aws-cli-cache"});
    }
    files.check_writable(cli_cache_path(environment, shared, target.profile));
  }
}

void store_in_cli_cache(os::Files& files, const os::Environment& environment,
                        const aws::SharedConfig& shared, std::span<const TargetSession> sessions,
                        os::Messages& messages) {
  for (const TargetSession& result : sessions) {
    const Session* const session = result.session();
    if (session == nullptr) continue;
    try {
      files.update(
          cli_cache_path(environment, shared, result.target.profile),
          [&](const base::WipedString&) { return aws::cli_cache_entry(session->credentials); });
    } catch (const Error& error) {
      messages.note(fmt::format("the AWS CLI's cache is as it was: {}", error.what()));
    }
  }
}

std::vector<std::string> ours_in_cli_cache(
    os::Files& files, os::FileProbe& probe, const os::Environment& environment,
    const std::function<bool(const std::string& path, std::string_view bytes)>& wanted) {
  std::vector<std::string> paths;
  for (const std::string& name : probe.names_in(cli_cache_folder(environment))) {
    if (!name.ends_with(".json")) continue;
    const std::string path = cli_cache_folder(environment) + "/" + name;
    try {
      const auto bytes = files.read(path);
      if (!bytes || !aws::is_our_cli_cache_entry(*bytes)) continue;
      if (wanted(path, *bytes)) paths.push_back(path);
    } catch (const Error&) {
    }
  }
  return paths;
}

void expire_in_cli_cache(os::Files& files, const std::string& path) {
  files.update(path, [](base::WipedString now) {
    return aws::is_our_cli_cache_entry(now) ? aws::expired_cli_cache_entry() : now;
  });
}

}  // namespace app
