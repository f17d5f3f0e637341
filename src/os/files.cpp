#include "os/files.h"

#include "base/error.h"
#include "os/descriptor.h"

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <vector>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

constexpr mode_t owner_only = 0600;

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

// What a person can do about it.
std::string hint_for(int code, const std::string& path) {
  switch (code) {
    case EACCES:
    case EPERM: {
      const bool exists = access(path.c_str(), F_OK) == 0;
      return fmt::format("look at the owner and mode with: ls -ld {}",
                         exists ? path : folder_of(path));
    }
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
    default:
      return {};
  }
}

// The system's reason as a sentence of its own.
Error io_error(std::string_view doing, const std::string& path, int code) {
  std::vector<std::string> hints;
  if (std::string hint = hint_for(code, path); !hint.empty()) hints.push_back(std::move(hint));
  return {ErrorKind::failed, fmt::format("cannot {} {}: {}", doing, path, std::strerror(code)),
          std::move(hints)};
}

bool is_missing(int code) { return code == ENOENT || code == ENOTDIR; }

WipedString read_all(int fd, const std::string& path) {
  WipedString bytes;
  for (;;) {
    constexpr std::size_t step = std::size_t{64} * 1024;
    const std::size_t size = bytes.size();
    bytes.resize(size + step);
    const ssize_t count = ::read(fd, bytes.data() + size, step);
    if (count < 0 && errno != EINTR) throw io_error("read", path, errno);
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return bytes;
  }
}

// Beyond the limit on file sizes (ulimit -f) the system sends SIGXFSZ, which kills. Held back while
// one exists, write() says EFBIG instead.
class NoFileSizeSignal {
 public:
  NoFileSizeSignal() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~NoFileSizeSignal() {
    const timespec at_once = {};
    while (sigtimedwait(&signal_, nullptr, &at_once) == SIGXFSZ) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoFileSizeSignal(const NoFileSizeSignal&) = delete;
  NoFileSizeSignal& operator=(const NoFileSizeSignal&) = delete;

 private:
  sigset_t signal_ = {};
  sigset_t before_ = {};
};

void write_all(int fd, std::string_view bytes, const std::string& path) {
  const NoFileSizeSignal no_signal;
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw io_error("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// The file that the path means at last, which need not be there yet. Links are resolved by hand so
// that a link to nothing keeps meaning the place that it points to.
std::string resolve_links(const std::string& path) {
  constexpr int longest_chain = 40;  // the kernel's own limit
  std::filesystem::path current = path;
  for (int i = 0; i <= longest_chain; ++i) {
    std::array<char, PATH_MAX> target = {};
    const ssize_t length = readlink(current.c_str(), target.data(), target.size() - 1);
    if (length < 0) {
      if (errno == EINVAL || is_missing(errno)) return current;
      throw io_error("follow", current, errno);
    }
    current = current.parent_path() / std::filesystem::path(target.data(), target.data() + length);
  }
  throw Error(ErrorKind::failed, fmt::format("{} is a symbolic link that leads in a circle", path),
              {"remove the link, or let it point to the real file"});
}

void make_folder(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path();
  if (parent.empty() || mkdir(parent.c_str(), 0700) == 0 || errno == EEXIST) return;
  if (errno != ENOENT) throw io_error("make the folder", parent, errno);
  make_folder(parent);
  if (mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST) {
    throw io_error("make the folder", parent, errno);
  }
}

// A lock on a file beside the target, for the target itself is replaced. It is removed again by its
// holder; whoever waited for it then sees that its name is gone, and starts anew. Hence the long
// name: a `credentials.lock` may be another program's, whose rules are not these.
class FileLock {
 public:
  FileLock(const std::string& target, const Interrupt& interrupt)
      : path_(target + ".aws-session-token.lock") {
    for (;;) {
      Descriptor fd(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, owner_only));
      if (!fd) throw io_error("lock", path_, errno);
      if (!wait_for(fd.get(), interrupt)) {
        unlink(path_.c_str());
        return;
      }
      if (is_still_named(fd.get())) {
        fd_ = std::move(fd);
        return;
      }
    }
  }
  ~FileLock() {
    if (held()) unlink(path_.c_str());
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool held() const { return static_cast<bool>(fd_); }

 private:
  // False on a file system without locks: the caller is told, and compares before it replaces.
  static bool wait_for(int fd, const Interrupt& interrupt) {
    constexpr int pause_ms = 10;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return false;
      // Not a waiting flock(): a signal just before it would be seen only after it.
      pollfd wake = {interrupt.descriptor(), POLLIN, 0};
      poll(&wake, 1, pause_ms);
      interrupt.throw_if_pending();
    }
    return true;
  }
  bool is_still_named(int fd) const {
    struct stat locked = {};
    struct stat named = {};
    return fstat(fd, &locked) == 0 && stat(path_.c_str(), &named) == 0 &&
           locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
  }

  std::string path_;
  Descriptor fd_;
};

// The file as it was read, to notice a writer that takes no lock.
struct Snapshot {
  bool exists = false;
  struct stat status = {};
  WipedString bytes;
};

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool is_unchanged(const Snapshot& before, const std::string& path) {
  struct stat now = {};
  if (stat(path.c_str(), &now) != 0) return !before.exists;
  return before.exists && now.st_ino == before.status.st_ino &&
         now.st_size == before.status.st_size && same(now.st_mtim, before.status.st_mtim) &&
         same(now.st_ctim, before.status.st_ctim);
}

Snapshot take_snapshot(const std::string& path) {
  Snapshot snapshot;
  // Without O_NONBLOCK a FIFO in the file's place would hold us for ever.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    if (is_missing(errno)) return snapshot;
    throw io_error("read", path, errno);
  }
  if (fstat(fd.get(), &snapshot.status) != 0) throw io_error("read", path, errno);
  if (!S_ISREG(snapshot.status.st_mode)) {
    throw Error(ErrorKind::failed, fmt::format("{} is no ordinary file", path),
                {"move it away, or name another file with AWS_SHARED_CREDENTIALS_FILE"});
  }
  snapshot.exists = true;
  snapshot.bytes = read_all(fd.get(), path);
  return snapshot;
}

// The new contents under a name of their own, until commit() gives them the target's.
class Replacement {
 public:
  Replacement(const std::string& target, bool locked)
      : target_(target),
        // Under the lock nobody else uses the name, so one left by a killed process is cleared
        // away.
        path_(locked ? target + ".aws-session-token.tmp"
                     : fmt::format("{}.aws-session-token.{}.tmp", target, getpid())) {
    unlink(path_.c_str());
    fd_ = Descriptor(
        open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, owner_only));
    if (!fd_) throw io_error("write", path_, errno);
  }
  ~Replacement() {
    if (!committed_) unlink(path_.c_str());
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  void fill(std::string_view bytes, const Snapshot& old) {
    if (old.exists) {
      const bool foreign = old.status.st_uid != geteuid() || old.status.st_gid != getegid();
      if (foreign && fchown(fd_.get(), old.status.st_uid, old.status.st_gid) != 0 &&
          old.status.st_uid != geteuid()) {
        throw io_error("keep the owner of", target_, errno);
      }
    }
    // Even for a new file: the umask has had its say.
    if (fchmod(fd_.get(), old.exists ? old.status.st_mode & 0700 : owner_only) != 0) {
      throw io_error("set the mode of", path_, errno);
    }
    write_all(fd_.get(), bytes, path_);
    if (fsync(fd_.get()) != 0) throw io_error("write", path_, errno);
  }

  void commit() {
    if (rename(path_.c_str(), target_.c_str()) != 0) throw io_error("replace", target_, errno);
    committed_ = true;
    const Descriptor fd(open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // The new file is in place; only its surviving a power failure is not certain yet.
    if (fd) fsync(fd.get());
  }

 private:
  std::string target_;
  std::string path_;
  Descriptor fd_;
  bool committed_ = false;
};

}  // namespace

std::optional<WipedString> SystemFiles::read(const std::string& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (is_missing(errno)) return std::nullopt;
    throw io_error("read", path, errno);
  }
  return read_all(fd.get(), path);
}

UpdateReport SystemFiles::update(const std::string& path, const Edit& edit) {
  const std::string target = resolve_links(path);
  make_folder(target);
  const FileLock lock(target, interrupt_);
  UpdateReport report;
  report.unlocked = !lock.held();
  for (;;) {
    const Snapshot old = take_snapshot(target);
    const WipedString bytes = edit(old.bytes);
    Replacement replacement(target, lock.held());
    replacement.fill(bytes, old);
    if (!is_unchanged(old, target)) continue;
    replacement.commit();
    report.tightened = old.exists && (old.status.st_mode & 0077) != 0;
    return report;
  }
}

bool SystemFiles::is_private_memory(const std::string& folder) {
  struct stat status = {};
  struct statfs system = {};
  return stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == geteuid() && (status.st_mode & 0077) == 0 &&
         statfs(folder.c_str(), &system) == 0 && system.f_type == TMPFS_MAGIC;
}

}  // namespace os
