#include "os/private_folder.h"

#include "os/io_error.h"

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <grp.h>
#include <pwd.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace os {
namespace {

namespace fs = std::filesystem;
using Problem = std::optional<std::string>;

Problem system_problem(std::string_view doing, const std::string& path) {
  return fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno));
}

// Distributions give each user a group of their own, which may write where the umask lets it.
bool is_own_group(gid_t group) {
  const passwd* const user = getpwuid(geteuid());
  if (user == nullptr || user->pw_gid != group) return false;
  const std::string name = user->pw_name;
  const struct group* const entry = getgrgid(group);
  if (entry == nullptr || entry->gr_name != name) return false;
  for (char** member = entry->gr_mem; *member != nullptr; ++member) {
    if (*member != name) return false;
  }
  return true;
}

// A folder on the way: others must not be able to rename what is in it.
Problem way_problem(const std::string& folder, const struct stat& status) {
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return fmt::format("{} belongs to another user", folder);
  }
  const bool is_sticky = (status.st_mode & S_ISVTX) != 0;
  const bool is_open = (status.st_mode & S_IWOTH) != 0 ||
                       ((status.st_mode & S_IWGRP) != 0 && !is_own_group(status.st_gid));
  if (is_open && !is_sticky) return fmt::format("others can write to {}", folder);
  return std::nullopt;
}

// Follows the path from the root, link by link. `reached` becomes the innermost folder that exists,
// with links resolved; `whole` tells whether that is the path itself.
Problem walk(const std::string& path, std::string& reached, bool& whole) {
  constexpr int max_links = 40;  // the kernel's own limit
  fs::path rest = fs::path(path).lexically_normal().relative_path();
  fs::path current = "/";
  int links = 0;
  for (;;) {
    struct stat status = {};
    if (lstat(current.c_str(), &status) != 0) return system_problem("reach", current);
    reached = current;
    whole = rest.empty();
    if (whole) return std::nullopt;  // judged by the caller
    if (auto problem = way_problem(current, status)) return problem;
    const fs::path next = current / *rest.begin();
    fs::path after;
    for (auto part = std::next(rest.begin()); part != rest.end(); ++part) after /= *part;
    if (lstat(next.c_str(), &status) != 0) {
      if (errno == ENOENT) return std::nullopt;
      return system_problem("reach", next);
    }
    if (S_ISLNK(status.st_mode)) {
      if (status.st_uid != geteuid() && status.st_uid != 0) {
        return fmt::format("{} is a link of another user's", next.string());
      }
      std::array<char, PATH_MAX> target = {};
      const ssize_t length = readlink(next.c_str(), target.data(), target.size() - 1);
      if (length < 0 || ++links > max_links) return system_problem("follow", next);
      const fs::path resolved =
          (current / fs::path(target.data(), target.data() + length) / after).lexically_normal();
      rest = resolved.relative_path();
      current = "/";
    } else if (!S_ISDIR(status.st_mode)) {
      return fmt::format("{} is not a folder", next.string());
    } else {
      current = next;
      rest = after;
    }
  }
}

// A page that signs in to the console stays for some seconds (os/browser).
bool is_stale_page(const std::string& name, const struct stat& status) {
  constexpr std::time_t max_age = 60;
  return name.starts_with("sign-in-") && name.ends_with(".html") && S_ISREG(status.st_mode) &&
         std::time(nullptr) - status.st_mtime > max_age;
}

Problem entries_problem(const std::string& folder) {
  DIR* const entries = opendir(folder.c_str());
  if (entries == nullptr) return system_problem("read", folder);
  Problem problem;
  while (const dirent* entry = readdir(entries)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = folder + "/" + name;
    struct stat status = {};
    if (lstat(path.c_str(), &status) == 0 && is_stale_page(name, status)) {
      unlink(path.c_str());
      continue;
    }
    problem = private_file_problem(path);
    if (problem) break;
  }
  closedir(entries);
  return problem;
}

}  // namespace

Problem private_file_problem(const std::string& file) {
  struct stat status = {};
  if (lstat(file.c_str(), &status) != 0) {
    return errno == ENOENT ? std::nullopt : system_problem("look at", file);
  }
  if (S_ISLNK(status.st_mode)) return fmt::format("{} is a link", file);
  if (!S_ISREG(status.st_mode)) return fmt::format("{} is not a regular file", file);
  if (status.st_uid != geteuid()) return fmt::format("{} belongs to another user", file);
  if ((status.st_mode & 0077) != 0) return fmt::format("others can use {}", file);
  if (faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0) return system_problem("read", file);
  return std::nullopt;
}

Problem private_folder_problem(const std::string& folder) {
  std::string reached;
  bool whole = false;
  if (auto problem = walk(folder, reached, whole)) return problem;
  if (!whole) {
    if (faccessat(AT_FDCWD, reached.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
      return system_problem("write to", reached);
    }
    struct stat status = {};
    // Root leaves nothing in somebody else's folder, where its owner could not use it.
    if (stat(reached.c_str(), &status) != 0) return system_problem("reach", reached);
    return way_problem(reached, status);
  }
  struct stat status = {};
  if (lstat(reached.c_str(), &status) != 0) return system_problem("reach", reached);
  if (status.st_uid != geteuid()) return fmt::format("{} belongs to another user", reached);
  if ((status.st_mode & 0077) != 0 && chmod(reached.c_str(), 0700) != 0) {
    return system_problem("close to others", reached);
  }
  if (faccessat(AT_FDCWD, reached.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    return system_problem("write to", reached);
  }
  return entries_problem(reached);
}

}  // namespace os
