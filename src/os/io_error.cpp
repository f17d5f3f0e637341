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

// What a person can do about it; empty when that is not known.
std::string hint_for(int code, const std::string& path) {
  switch (code) {
    case EACCES:
    case EPERM:
      return fmt::format("look at the owner and mode with: ls -ld {}", existing(path));
    case EROFS:
      return "the file system is read-only; name another file with AWS_SHARED_CREDENTIALS_FILE";
    case ENOSPC:
    case EDQUOT:
      return "make room, then try again; the old file is as it was";
    case EFBIG:
      return "raise the limit on file sizes (ulimit -f); the old file is as it was";
    case EISDIR:
      return "a folder stands where the file should be";
    case ENOTDIR:
      return fmt::format("a file stands where the folder should be: {}", folder_of(path));
    case EBUSY:
      return "it is a mount of its own, as in a container: mount the folder that it lies in";
    case ENOENT:
      return fmt::format("{} is a link to nothing, or was taken away meanwhile", folder_of(path));
    default:
      return {};
  }
}

}  // namespace

// The system's reason as a sentence of its own.
base::Error io_error(std::string_view doing, const std::string& path, int code) {
  std::vector<std::string> hints;
  if (std::string hint = hint_for(code, path); !hint.empty()) hints.push_back(std::move(hint));
  if (code == EPERM) {
    hints.push_back(
        fmt::format("if they allow it, look at the attributes with: lsattr -d {}", existing(path)));
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
