#include "os/file_lock.h"

#include "os/io_error.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace os {

using base::Error;
using base::ErrorKind;

namespace {

std::string lock_of(const std::string& target) { return target + ".aws-session-token.lock"; }

// A folder that root has just made belongs to whoever owns the folder above: its owner could not
// use it otherwise.
void give_to_owner_above(const std::string& folder) {
  struct stat above = {};
  struct stat made = {};
  if (geteuid() != 0 || stat(folder_of(folder).c_str(), &above) != 0 || above.st_uid == 0) return;
  const Descriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd || fstat(fd.get(), &made) != 0 || made.st_uid != 0) return;
  if (fchown(fd.get(), above.st_uid, above.st_gid) != 0) throw io_error("give away", folder, errno);
}

bool is_stopped(pid_t pid) {
  std::FILE* const file = std::fopen(fmt::format("/proc/{}/stat", pid).c_str(), "re");
  if (file == nullptr) return false;
  char line[512] = {};
  const bool read = std::fgets(line, sizeof line, file) != nullptr;
  std::fclose(file);
  // The name in parentheses may contain anything.
  const char* const state = read ? std::strrchr(line, ')') : nullptr;
  return state != nullptr && std::strlen(state) > 2 && std::strchr("Tt", state[2]) != nullptr;
}

// As /proc/locks has it; nothing where it names nobody, as for a process of another container.
std::optional<LockHolder> holder_of(int fd) {
  struct stat status = {};
  std::FILE* const file = std::fopen("/proc/locks", "re");
  if (file == nullptr) return std::nullopt;
  std::optional<LockHolder> holder;
  char line[256] = {};
  while (fstat(fd, &status) == 0 && std::fgets(line, sizeof line, file) != nullptr) {
    int pid = 0;
    unsigned major_number = 0, minor_number = 0;
    unsigned long inode = 0;
    // "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF"; those that wait have an arrow there.
    if (std::sscanf(line, "%*u: FLOCK ADVISORY WRITE %d %x:%x:%lu", &pid, &major_number,
                    &minor_number, &inode) == 4 &&
        pid > 0 && inode == status.st_ino && makedev(major_number, minor_number) == status.st_dev) {
      holder = LockHolder{pid, is_stopped(pid)};
      break;
    }
  }
  std::fclose(file);
  return holder;
}

Error held_by(const std::string& lock, const std::optional<LockHolder>& holder) {
  if (holder && holder->stopped) {
    return {ErrorKind::failed,
            fmt::format("another aws-session-token, process {}, is stopped and holds {}",
                        holder->pid, lock),
            {fmt::format("let it go on with: kill -CONT {}; or end it with: kill -9 {}",
                         holder->pid, holder->pid)}};
  }
  const std::string who = holder ? fmt::format(", process {},", holder->pid) : "";
  return {ErrorKind::failed,
          fmt::format("another aws-session-token{} has held {} for too long", who, lock),
          {holder ? fmt::format("wait for it, or end it with: kill {}", holder->pid)
                  : fmt::format("find it with: fuser -v {}", lock)}};
}

}  // namespace

void Folders::make() { make_above(file_); }

void Folders::make_above(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return;
  for (bool above = false;; above = true) {
    if (mkdir(folder.c_str(), 0700) == 0) {
      made_.push_back(folder);
      return give_to_owner_above(folder);
    }
    if (errno == EEXIST) return;
    if (errno != ENOENT || above) throw io_error("make the folder", folder, errno);
    make_above(folder);
  }
}

Folders::~Folders() {
  // rmdir() removes a folder only when it is empty.
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) rmdir(folder->c_str());
}

FileLock::FileLock(const std::string& target, Folders& folders, TimeLimit timeout, Stopped stopped)
    : path_(lock_of(target)) {
  constexpr int max_tries = 10;
  for (int vanished = 0, untold = 0;;) {
    folders.make();
    Descriptor fd(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) {
      // Another process that failed may have removed the folder that it had made.
      if (errno == ENOENT && ++vanished < max_tries) continue;
      // The lock file itself is hardly what is wrong, since it is made and removed here.
      if (errno == EACCES || errno == EPERM)
        throw io_error("lock a file in", folder_of(path_), errno);
      throw io_error("lock", path_, errno);
    }
    if (!wait_for(fd.get(), timeout, stopped)) {
      if (!busy_) unlink(path_.c_str());
      return;
    }
    const auto named = is_still_named(fd.get());
    if (named.value_or(false)) {
      fd_ = std::move(fd);
      return;
    }
    if (!named && ++untold == max_tries) throw io_error("lock", path_, errno);
  }
}

FileLock::~FileLock() {
  if (held()) unlink(path_.c_str());
}

// False on a file system without locks, and when another process does not release it.
bool FileLock::wait_for(int fd, TimeLimit& timeout, Stopped stopped) {
  constexpr int steps_between_checks = 50;
  // Not with a flock() that waits: it would not notice a signal that comes just before it.
  for (int step = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; ++step) {
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    busy_ = timeout.over();
    if (stopped == Stopped::give_up && step % steps_between_checks == 0 && !busy_) {
      const auto holder = holder_of(fd);
      busy_ = holder && holder->stopped;
    }
    if (busy_) return false;
    timeout.pause();
  }
  return true;
}

Error FileLock::busy_error() const {
  const Descriptor fd(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return held_by(path_, fd ? holder_of(fd.get()) : std::nullopt);
}

std::optional<Error> FileLock::stopped_holder(const std::string& target) {
  const std::string lock = lock_of(target);
  const Descriptor fd(open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const auto holder = fd ? holder_of(fd.get()) : std::nullopt;
  if (!holder || !holder->stopped) return std::nullopt;
  return held_by(lock, holder);
}

std::optional<bool> FileLock::is_still_named(int fd) const {
  struct stat locked = {};
  struct stat named = {};
  if (fstat(fd, &locked) != 0) return std::nullopt;
  if (stat(path_.c_str(), &named) != 0) {
    return errno == ENOENT ? std::optional(false) : std::nullopt;
  }
  return locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

}  // namespace os
