#include "app/commands/logout.h"

#include "app/commands/aws_cli_cache.h"
#include "app/config/state_folder.h"
#include "app/sessions/session_cache.h"
#include "aws/files/cli_cache.h"
#include "aws/files/session_profile.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace app {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_ours(const aws::Section& section) {
  const auto manager = section.find("manager");
  return manager && manager->value == aws::manager;
}

// The profiles of ours among `wanted`, or all of them.
std::vector<std::string> ours_in(const aws::SharedFile& file, aws::FileKind kind,
                                 const std::vector<std::string>& wanted, bool all) {
  std::vector<std::string> names;
  for (const aws::Section& section : file.sections()) {
    const std::string_view profile = aws::profile_of(section.name, kind);
    const bool asked_for = !profile.empty() && (all || contains(wanted, profile));
    if (asked_for && is_ours(section) && !contains(names, profile)) names.emplace_back(profile);
  }
  return names;
}

// Sessions in the credentials file, links in the config file.
void remove_ours(os::Files& files, const std::string& path, aws::FileKind kind,
                 const std::vector<std::string>& wanted, bool all) {
  files.update(path, [&](base::WipedString bytes) {
    const aws::SharedFile now(std::move(bytes));
    std::vector<aws::SectionEdit> edits;
    for (const std::string& name : ours_in(now, kind, wanted, all)) {
      edits.push_back(kind == aws::FileKind::config ? aws::link_removal(name)
                                                    : aws::session_removal(name));
    }
    return aws::edited(now, kind, edits);
  });
}

std::vector<std::string> access_key_ids(const aws::SharedFile& file,
                                        const std::vector<std::string>& profiles) {
  std::vector<std::string> ids;
  for (const aws::Section& section : file.sections()) {
    const auto id = section.find("aws_access_key_id");
    if (id && contains(profiles, section.name)) ids.emplace_back(id->value);
  }
  return ids;
}

int others_of_ours(const aws::SharedFile& credentials, const aws::SharedFile& config,
                   const std::vector<std::string>& meant) {
  std::set<std::string> others;
  for (const std::string& name : ours_in(credentials, aws::FileKind::credentials, {}, true)) {
    others.insert(name);
  }
  for (const std::string& name : ours_in(config, aws::FileKind::config, {}, true)) {
    others.insert(name);
  }
  for (const std::string& name : meant) others.erase(name);
  return static_cast<int>(others.size());
}

void require_ours(const std::vector<std::string>& named, const std::vector<std::string>& written,
                  const std::vector<CachedSession>& cached) {
  for (const std::string& profile : named) {
    const bool is_cached =
        std::any_of(cached.begin(), cached.end(),
                    [&](const CachedSession& session) { return session.profile == profile; });
    if (is_cached || contains(written, profile)) continue;
    throw base::Error(
        base::ErrorKind::failed,
        fmt::format("profile {} is none that this tool wrote; it was left unchanged", profile),
        {"see what there is with: aws-session-token status"});
  }
}

}  // namespace

LogoutReport Logout::run(const LogoutRequest& request) {
  const SharedFilePaths paths = shared_file_paths(environment_);
  SessionCache cache(files_, state_folder(environment_, files_));
  std::vector<std::string> wanted = request.profiles;
  if (wanted.empty()) wanted = {default_profile(environment_, files_)};
  const aws::SharedFile credentials = read_shared_file(files_, paths.credentials);
  const aws::SharedFile config = read_shared_file(files_, paths.config);
  LogoutReport report;
  report.profiles = ours_in(credentials, aws::FileKind::credentials, wanted, request.all);
  const auto links = ours_in(config, aws::FileKind::config, wanted, request.all);
  const std::vector<std::string> ids = access_key_ids(credentials, report.profiles);
  const bool has_sessions = !report.profiles.empty();
  for (const std::string& link : links) {
    if (!contains(report.profiles, link)) report.profiles.push_back(link);
  }
  const bool whole_cache = request.all || request.profiles.empty();
  const std::vector<std::string> in_cli_cache = wanted_in_cli_cache(
      whole_cache, wanted, ids, aws::SharedConfig(config, credentials), report.profiles);
  require_ours(request.profiles, report.profiles, cache.all());
  report.left = others_of_ours(credentials, config, report.profiles);
  if (has_sessions) {
    remove_ours(files_, paths.credentials, aws::FileKind::credentials, wanted, request.all);
  }
  if (!links.empty()) remove_ours(files_, paths.config, aws::FileKind::config, wanted, request.all);
  report.cached = cache.remove([&](const CachedSession& session) {
    return whole_cache || contains(ids, session.credentials.access_key_id) ||
           (!session.profile.empty() && contains(wanted, session.profile));
  });
  for (const std::string& path : in_cli_cache) expire_in_cli_cache(files_, path);
  return report;
}

// Of the AWS CLI's cache: all of ours, or those of the profiles' names and of the keys that go.
// Names that have only these are added to the `found`.
std::vector<std::string> Logout::wanted_in_cli_cache(bool all,
                                                     const std::vector<std::string>& names,
                                                     const std::vector<std::string>& access_key_ids,
                                                     const aws::SharedConfig& shared,
                                                     std::vector<std::string>& found) {
  std::vector<std::string> named;
  for (const std::string& name : names) {
    named.push_back(cli_cache_path(environment_, shared, name));
  }
  const auto is_wanted = [&](const std::string& path, std::string_view bytes) {
    return all || contains(named, path) ||
           std::any_of(access_key_ids.begin(), access_key_ids.end(), [&](const std::string& id) {
             return aws::is_our_cli_cache_entry(bytes, id);
           });
  };
  std::vector<std::string> paths = ours_in_cli_cache(files_, probe_, environment_, is_wanted);
  for (std::size_t i = 0; i < names.size() && !all; ++i) {
    if (contains(paths, named[i]) && !contains(found, names[i])) found.push_back(names[i]);
  }
  return paths;
}

}  // namespace app
