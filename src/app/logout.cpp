#include "app/logout.h"

#include "app/session_cache.h"
#include "app/state_folder.h"
#include "aws/session_profile.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/format.h>

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
std::vector<std::string> ours_in(const aws::SharedFile& file,
                                 const std::vector<std::string>& wanted, bool all) {
  std::vector<std::string> names;
  for (const aws::Section& section : file.sections()) {
    const bool asked_for = all || contains(wanted, section.name);
    if (asked_for && is_ours(section) && !contains(names, section.name)) {
      names.emplace_back(section.name);
    }
  }
  return names;
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

void require_ours(const std::vector<std::string>& named, const std::vector<std::string>& written,
                  const std::vector<CachedSession>& cached) {
  for (const std::string& profile : named) {
    const bool is_cached =
        std::any_of(cached.begin(), cached.end(),
                    [&](const CachedSession& session) { return session.profile == profile; });
    if (is_cached || contains(written, profile)) continue;
    throw base::Error(
        base::ErrorKind::failed,
        fmt::format("profile {} is none that this tool wrote; it is left alone", profile),
        {"see what there is with: aws-session-token status"});
  }
}

}  // namespace

LogoutReport Logout::run(const LogoutRequest& request) {
  const SharedFilePaths paths = shared_file_paths(environment_);
  SessionCache cache(files_, state_folder(environment_, files_));
  std::vector<std::string> wanted = request.profiles;
  if (wanted.empty()) wanted = {read_settings(environment_, files_).profile};
  const aws::SharedFile credentials = read_shared_file(files_, paths.credentials);
  LogoutReport report;
  report.profiles = ours_in(credentials, wanted, request.all);
  require_ours(request.profiles, report.profiles, cache.all());

  if (!report.profiles.empty()) {
    files_.update(paths.credentials, [&](base::WipedString bytes) {
      const aws::SharedFile now(std::move(bytes));
      report.profiles = ours_in(now, wanted, request.all);
      std::vector<aws::SectionEdit> edits;
      for (const std::string& name : report.profiles) edits.push_back(aws::session_removal(name));
      return aws::edited(now, aws::FileKind::credentials, edits);
    });
  }
  const bool whole_cache = request.all || request.profiles.empty();
  const std::vector<std::string> ids = access_key_ids(credentials, report.profiles);
  report.cached = cache.remove([&](const CachedSession& session) {
    return whole_cache || contains(ids, session.credentials.access_key_id) ||
           (!session.profile.empty() && contains(wanted, session.profile));
  });
  return report;
}

}  // namespace app
