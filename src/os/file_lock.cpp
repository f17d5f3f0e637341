#include "os/file_lock.h"

#include "os/io_error.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace os {

using base::Error;
using base::ErrorKind;

void Folders::make() { make_above(file_); }

void Folders::make_above(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return;
  for (bool above = false;; above = true) {
    if (mkdir(folder.c_str(), 0700) == 0) return made_.push_back(folder);
    if (errno == EEXIST) return;
    if (errno != ENOENT || above) throw io_error("make the folder", folder, errno);
    make_above(folder);
  }
}

Folders::~Folders() {
  // rmdir() takes away what is empty, and nothing else.
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) rmdir(folder->c_str());
}

FileLock::FileLock(const std::string& target, Folders& folders, TimeLimit timeout)
    : path_(target + ".aws-session-token.lock") {
  for (int vanished = 0;;) {
    folders.make();
    Descriptor fd(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) {
      // Another process that failed may have removed the folder again that it had made.
      if (errno == ENOENT && ++vanished < 10) continue;
      // The lock can hardly be what is wrong, even where one was left: it is made and removed here.
      if (errno == EACCES || errno == EPERM)
        throw io_error("lock a file in", folder_of(path_), errno);
      throw io_error("lock", path_, errno);
    }
    if (!wait_for(fd.get(), timeout)) {
      if (!busy_) unlink(path_.c_str());
      return;
    }
    if (is_still_named(fd.get())) {
      fd_ = std::move(fd);
      return;
    }
  }
}

FileLock::~FileLock() {
  if (held()) unlink(path_.c_str());
}

// False on a file system without locks, and when another process does not let go.
bool FileLock::wait_for(int fd, TimeLimit& timeout) {
  // Not a waiting flock(): a signal just before it would be seen only after it.
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    if (timeout.over()) {
      busy_ = true;
      return false;
    }
    timeout.pause();
  }
  return true;
}

Error FileLock::busy_error() const {
  return {ErrorKind::failed,
          fmt::format("another aws-session-token has held {} for long", path_),
          {fmt::format("see which one with: fuser -v {}", path_)}};
}

bool FileLock::is_still_named(int fd) const {
  struct stat locked = {};
  struct stat named = {};
  return fstat(fd, &locked) == 0 && stat(path_.c_str(), &named) == 0 &&
         locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

}  // namespace os
