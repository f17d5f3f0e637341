#include "app/commands/get.h"

#include "app/commands/aws_cli_cache.h"
#include "app/commands/link.h"
#include "app/commands/target_profiles.h"
#include "app/config/file_warnings.h"
#include "app/config/profile_pattern.h"
#include "app/config/requested_roles.h"
#include "app/config/settings.h"
#include "aws/files/session_profile.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* greeting = "\nAWS Session Token Generator\nHit Enter on Role for Default\n\n";

bool asks_for_several(const SessionRequest& request) {
  return request.all || request.profiles.size() + request.roles.size() > 1;
}

std::string pattern_of(const GetRequest& request, const Settings& settings) {
  if (!request.target_profile.empty()) return request.target_profile;
  return asks_for_several(request.session) ? "{name}-session" : settings.profile;
}

// One role was asked for, so that it is got anew, straight, unless what is there may be kept.
SessionUse use_for(const SessionRequest& request, const Settings& settings, bool link) {
  SessionUse use;
  if (names_no_role(request) && !request.quiet) use.greeting = greeting;
  use.asks_username_and_role = true;
  use.cached_by_arn = link;
  if (link || asks_for_several(request)) return use;
  use.prefers_direct = true;
  use.takes_cached =
      request.min_ttl.value_or(settings.min_ttl.value_or(base::Seconds{0})).count() > 0;
  return use;
}

// A link is written under the locks of both.
void require_two_files(const SharedFilePaths& paths) {
  if (paths.config != paths.credentials) return;
  throw Error(ErrorKind::failed,
              "one file is both the shared config file and the shared credentials file; a link "
              "needs the two",
              {"set AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to another file"});
}

}  // namespace

GetReport Get::run(const GetRequest& request) {
  const SharedFilePaths paths = shared_file_paths(environment_);
  const aws::SharedConfig shared = read_shared_config(files_, paths);
  try {
    return run(request, paths, shared);
  } catch (const Error& error) {
    // What a broken line hides may be what was missed. The files are as they were read.
    if (error.kind() == ErrorKind::failed) {
      warn_of_problems(shared.config(), aws::FileKind::config,
                       display_path(environment_, paths.config), {}, messages_);
      warn_of_problems(shared.credentials(), aws::FileKind::credentials,
                       display_path(environment_, paths.credentials), {}, messages_);
    }
    throw;
  }
}

GetReport Get::run(const GetRequest& given, const SharedFilePaths& paths,
                   const aws::SharedConfig& shared) {
  GetRequest request = given;
  Settings settings = read_settings(environment_, files_);
  if (request.session.no_input) {
    request.session = sessions_.with_role_of_environment(std::move(request.session), shared);
  } else if (const auto profile = role_profile_of_environment(shared, environment_)) {
    settings.role = *profile;  // the one that the question offers
  }
  const std::string pattern = pattern_of(request, settings);
  std::vector<std::string> profiles;
  const aws::Writing writing = request.link ? aws::Writing::link : aws::Writing::keys;
  const auto name_targets = [&](std::span<const Target> targets) {
    profiles = target_profiles(targets, pattern);
    for (const std::string& profile : profiles) {
      aws::require_writable_target(shared, profile, request.overwrite, writing);
    }
  };
  std::vector<std::string> processes;
  const auto before_code = [&](std::span<const Target> targets) {
    name_targets(targets);
    if (request.aws_cli_cache) {
      require_cacheable(request.session, targets, files_, environment_, shared);
    }
    if (!request.link) return;
    processes = link_processes(request.session, shared, environment_, targets);
  };
  check_writable(paths.credentials);
  if (request.link) {
    require_two_files(paths);
    check_writable(paths.config);
  }
  // One profile is known before anything is asked.
  if (const Target one; !has_placeholder(pattern)) name_targets({&one, 1});
  const std::vector<TargetSession> sessions =
      sessions_.obtain(request.session, use_for(request.session, settings, request.link), settings,
                       shared, before_code);
  request.link ? write_links(sessions, profiles, processes, paths, request.overwrite)
               : write(sessions, profiles, paths, request.overwrite);
  if (request.aws_cli_cache) {
    store_in_cli_cache(files_, environment_, shared, sessions, messages_);
  }
  std::vector<std::string> config_sections;
  for (const std::string& profile : profiles) config_sections.push_back("profile " + profile);
  warn_of_problems(shared.config(), aws::FileKind::config, display_path(environment_, paths.config),
                   config_sections, messages_);

  GetReport report;
  report.credentials_file = display_path(environment_, paths.credentials);
  if (request.link) report.config_file = display_path(environment_, paths.config);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    GetResult& result = report.results.emplace_back();
    result.profile = profiles[i];
    result.role_arn = sessions[i].target.role_arn;
    result.lifetime = sessions[i].lifetime;
    result.cached = sessions[i].cached;
    if (const Session* session = sessions[i].session()) {
      result.expiration = session->credentials.expiration;
    } else {
      result.error = *sessions[i].error();
    }
  }
  return report;
}

// What would keep us from writing is said before anything is asked.
void Get::check_writable(const std::string& path) {
  if (files_.check_writable(path) != os::Writability::in_use) return;
  messages_.note(
      fmt::format("{} is open for writing in another program; it must be closed before the session "
                  "is written",
                  display_path(environment_, path)));
}

void Get::write(std::span<const TargetSession> sessions, const std::vector<std::string>& profiles,
                const SharedFilePaths& paths, bool overwrite) {
  std::vector<aws::SectionEdit> edits;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (const Session* session = sessions[i].session()) {
      edits.push_back(aws::session_profile(profiles[i], session->credentials, session->role_arn));
    }
  }
  if (edits.empty()) return;
  aws::SharedFile written;
  const os::UpdateReport report = files_.update(paths.credentials, [&](base::WipedString bytes) {
    const aws::SharedFile credentials(std::move(bytes));
    // Somebody may have put a key of theirs there while the questions were asked.
    const aws::SharedConfig now(read_shared_file(files_, paths.config), credentials);
    for (const aws::SectionEdit& edit : edits) {
      aws::require_writable_target(now, edit.profile, overwrite);
    }
    written = aws::SharedFile(aws::edited(credentials, aws::FileKind::credentials, edits));
    return written.bytes();
  });
  const std::string file = display_path(environment_, paths.credentials);
  tell_of_update(report, file);
  warn_of_problems(written, aws::FileKind::credentials, file, profiles, messages_);
}

// The keys go first, then the link comes, under the locks of both files: the config file's, then
// the credentials file's, which is how nobody waits in a circle. Between the two the profile has
// neither: a client that reads it then says so, while keys beside a link would win and not be
// renewed. A `get` without --link may write keys just then: they go afterwards, when whoever comes
// finds the link.
void Get::write_links(std::span<const TargetSession> sessions,
                      const std::vector<std::string>& profiles,
                      const std::vector<std::string>& processes, const SharedFilePaths& paths,
                      bool overwrite) {
  std::vector<aws::SectionEdit> links;
  std::vector<std::string> linked;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (sessions[i].error() != nullptr) continue;
    links.push_back(aws::linked_profile(profiles[i], processes[i]));
    linked.push_back(profiles[i]);
  }
  if (links.empty()) return;
  aws::SharedFile written;
  const os::UpdateReport report = files_.update(paths.config, [&](base::WipedString bytes) {
    const aws::SharedFile config(std::move(bytes));
    remove_keys(config, linked, paths, overwrite);
    written = aws::SharedFile(aws::edited(config, aws::FileKind::config, links));
    return written.bytes();
  });
  remove_keys(written, linked, paths, true);
  tell_of_update(report, display_path(environment_, paths.config));
}

// Takes the sessions out of the credentials file, which stays untouched where there are none.
void Get::remove_keys(const aws::SharedFile& config, const std::vector<std::string>& profiles,
                      const SharedFilePaths& paths, bool overwrite) {
  const auto require_targets = [&](const aws::SharedFile& credentials) {
    const aws::SharedConfig now(config, credentials);
    for (const std::string& profile : profiles) {
      aws::require_writable_target(now, profile, overwrite, aws::Writing::link);
    }
  };
  if (!files_.read(paths.credentials)) return require_targets(aws::SharedFile());
  std::vector<aws::SectionEdit> removals;
  for (const std::string& profile : profiles) {
    removals.push_back(aws::session_removal(profile));
    removals.back().remove.insert(removals.back().remove.end(),
                                  {"aws_security_token", "autoawsume"});
  }
  files_.update(paths.credentials, [&](base::WipedString bytes) {
    const aws::SharedFile credentials(std::move(bytes));
    require_targets(credentials);
    return aws::edited(credentials, aws::FileKind::credentials, removals);
  });
}

void Get::tell_of_update(const os::UpdateReport& report, const std::string& file) {
  if (report.tightened) {
    messages_.note(fmt::format("{} could be read by others; now only by you", file));
  }
  if (report.in_place) {
    messages_.note(
        fmt::format("{} is a mount point and cannot be replaced; it was written in place", file));
  }
  if (report.unlocked) {
    messages_.note(
        fmt::format("the file system of {} has no locks; the update went on without", file));
  }
}

}  // namespace app
