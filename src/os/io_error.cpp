#include "os/io_error.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/core.h>
#include <unistd.h>
#include <vector>

namespace os {
namespace {

std::string existing(const std::string& path) {
  return access(path.c_str(), F_OK) == 0 ? path : folder_of(path);
}

// What a person can do about it; empty where that is unknown.
std::string hint_for(int code, const std::string& path) {
  switch (code) {
    case EACCES:
    case EPERM:
      return fmt::format("check the owner and mode with: ls -ld {}", existing(path));
    case EROFS:
      return "the file system is read-only; name another file with AWS_SHARED_CREDENTIALS_FILE";
    case ENOSPC:
    case EDQUOT:
      return "free some space, then try again; the file was not changed";
    case EFBIG:
      return "raise the limit on file sizes (ulimit -f); the file was not changed";
    case EISDIR:
      return "there is a folder where the file should be";
    case ENOTDIR:
      return fmt::format("there is a file where the folder should be: {}", folder_of(path));
    case EBUSY:
      return "it is a mount of its own, as in a container: mount its folder instead";
    case ENOENT:
      return fmt::format("{} is a dangling link, or was removed meanwhile", folder_of(path));
    default:
      return {};
  }
}

}  // namespace

base::Error io_error(std::string_view doing, const std::string& path, int code) {
  std::vector<std::string> hints;
  if (std::string hint = hint_for(code, path); !hint.empty()) hints.push_back(std::move(hint));
  if (code == EPERM) {
    hints.push_back(
        fmt::format("if they allow it, check the attributes with: lsattr -d {}", existing(path)));
  }
  return {base::ErrorKind::failed,
          fmt::format("cannot {} {}: {}", doing, path, std::strerror(code)), std::move(hints)};
}

bool is_missing(int code) { return code == ENOENT || code == ENOTDIR; }

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

}  // namespace os
