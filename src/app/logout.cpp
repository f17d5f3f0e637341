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

// Removes the sections of ours whose profile is among `wanted`, or every one where `all` is set.
// Returns their names.
std::vector<std::string> remove_from(os::Files& files, const std::string& path,
                                     const std::vector<std::string>& wanted, bool all,
                                     std::vector<std::string>& access_key_ids) {
  const auto ours = [&](const aws::SharedFile& file) {
    std::vector<std::string> names;
    for (const aws::Section& section : file.sections()) {
      if (!is_ours(section) || !(all || contains(wanted, section.name))) continue;
      if (!contains(names, section.name)) names.emplace_back(section.name);
      if (const auto id = section.find("aws_access_key_id")) {
        access_key_ids.emplace_back(id->value);
      }
    }
    return names;
  };
  std::vector<std::string> removed = ours(read_shared_file(files, path));
  if (removed.empty()) return removed;
  files.update(path, [&](base::WipedString bytes) {
    const aws::SharedFile file(std::move(bytes));
    removed = ours(file);
    std::vector<aws::SectionEdit> edits;
    for (const std::string& name : removed) edits.push_back(aws::session_removal(name));
    return aws::edited(file, edits);
  });
  return removed;
}

}  // namespace

LogoutReport Logout::run(const LogoutRequest& request) {
  const SharedFilePaths paths = shared_file_paths(environment_);
  std::vector<std::string> wanted = request.profiles;
  if (wanted.empty()) wanted = {read_settings(environment_, files_).profile};

  const bool whole_cache = request.all || request.profiles.empty();
  SessionCache cache(files_, state_folder(environment_, files_));
  LogoutReport report;
  std::vector<std::string> ids;
  report.profiles = remove_from(files_, paths.credentials, wanted, request.all, ids);
  std::vector<std::string> roles;
  report.cached = cache.remove([&](const CachedSession& session) {
    return whole_cache || contains(ids, session.credentials.access_key_id) ||
           (!session.profile.empty() && contains(wanted, session.profile));
  });
  for (const std::string& profile : request.profiles) {
    if (contains(report.profiles, profile) || report.cached > 0) continue;
    throw base::Error(base::ErrorKind::failed,
                      fmt::format("profile {} is none that this tool wrote; it is left alone", profile),
                      {"see what there is with: aws-session-token status"});
  }
  return report;
}

}  // namespace app
