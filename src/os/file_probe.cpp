#include "os/file_probe.h"

#include "os/io_error.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace os {
namespace {

std::vector<std::string> names_of(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Files with the names that os/replacement gives its temporary files.
std::vector<std::string> strays_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  if (error) return {};
  const std::string prefix = target.filename().string() + ".aws-session-token.";
  std::vector<std::string> strays;
  for (const std::string& name : names_of(target.parent_path())) {
    if (!name.starts_with(prefix) || !name.ends_with("tmp")) continue;
    strays.push_back((target.parent_path() / name).string());
  }
  return strays;
}

}  // namespace

std::optional<FileStatus> SystemFileProbe::status(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw io_error("check", path, errno);
  }
  FileStatus facts;
  facts.mode = status.st_mode & 07777u;
  facts.is_file = S_ISREG(status.st_mode);
  facts.ours = status.st_uid == geteuid();
  facts.strays = strays_of(path);
  return facts;
}

std::vector<std::string> SystemFileProbe::names_in(const std::string& folder) {
  return names_of(folder);
}

}  // namespace os
