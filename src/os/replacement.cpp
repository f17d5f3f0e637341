#include "os/replacement.h"

#include "os/io_error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace os {
namespace {

// Beyond the limit on file sizes (ulimit -f) the system sends SIGXFSZ, which kills. While one of
// these exists the signal is blocked, and write() fails with EFBIG instead.
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

// The flags of renameat2() are not known to every kernel and file system (NFS).
bool is_unknown_call(int code) { return code == EINVAL || code == ENOSYS || code == ENOTSUP; }

int rename_with(unsigned flags, const std::string& from, const std::string& to) {
  return renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
}

}  // namespace

Replacement::Replacement(const std::string& target, bool locked)
    : target_(target),
      // Under the lock nobody else uses the name, and one left by a killed process is removed.
      path_(locked ? target + temporary_suffix
                   : fmt::format("{}.aws-session-token.{}.tmp", target, getpid())) {
  unlink(path_.c_str());
  fd_ = Descriptor(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd_) throw io_error("write", path_, errno);
}

Replacement::~Replacement() {
  if (!path_.empty()) unlink(path_.c_str());
}

void Replacement::set_owner(const Snapshot& old) {
  struct stat like = old.status;
  if (!old.exists) {
    // Where root makes a file in somebody's folder, they could not use it otherwise.
    if (geteuid() != 0 || stat(folder_of(target_).c_str(), &like) != 0 || like.st_uid == 0) return;
  }
  const bool foreign = like.st_uid != geteuid() || like.st_gid != getegid();
  if (foreign && fchown(fd_.get(), like.st_uid, like.st_gid) != 0 && like.st_uid != geteuid()) {
    throw base::Error(
        base::ErrorKind::failed,
        fmt::format("cannot keep the owner of {}: {}", target_, std::strerror(errno)),
        {"it belongs to another user; name a file of your own with AWS_SHARED_CREDENTIALS_FILE"});
  }
}

void Replacement::fill(std::string_view bytes, const Snapshot& old) {
  set_owner(old);
  // Needed for a new file too, since the umask may have removed bits.
  if (fchmod(fd_.get(), old.exists ? old.status.st_mode & 0700 : 0600) != 0) {
    throw io_error("set the mode of", path_, errno);
  }
  {
    const NoFileSizeSignal no_signal;
    if (!write_all(fd_.get(), bytes)) throw io_error("write", path_, errno);
  }
  if (fsync(fd_.get()) != 0) throw io_error("write", path_, errno);
  // While it is open for writing the next reader would be refused a lease.
  fd_.reset();
}

bool Replacement::commit(const Snapshot& old) {
  return old.is_current(target_) && (old.exists ? exchange(old) : create());
}

bool Replacement::create() {
  if (rename_with(RENAME_NOREPLACE, path_, target_) != 0) {
    if (errno == EEXIST) return false;
    if (!is_unknown_call(errno)) throw io_error("replace", target_, errno);
    if (rename(path_.c_str(), target_.c_str()) != 0) throw io_error("replace", target_, errno);
  }
  flush_folder();
  return true;
}

// Between the last check of a file and a rename() another program may replace it, or open it and
// write to what is then lost. After an exchange the old file still exists: it can be checked again,
// and put back.
bool Replacement::exchange(const Snapshot& old) {
  if (rename_with(RENAME_EXCHANGE, path_, target_) != 0) {
    if (errno == ENOENT) return false;
    if (is_unknown_call(errno)) return replace(old);
    throw io_error("replace", target_, errno);
  }
  const auto is_untouched = [&] { return old.is_file_at(path_) && !old.is_lease_broken(); };
  if (is_untouched()) {
    flush_folder();
    // Once more, for a program that had looked up the name but not opened the old file yet.
    if (is_untouched()) return true;
  }
  put_back();
  return false;
}

void Replacement::put_back() {
  if (rename(path_.c_str(), target_.c_str()) == 0) return;
  const std::string reason = std::strerror(errno);
  // It is not ours to remove: it is another program's work.
  const std::string saved = std::exchange(path_, "");
  throw base::Error(
      base::ErrorKind::failed,
      fmt::format("cannot put back {}, which another program changed: {}", target_, reason),
      {fmt::format("what it wrote is now {}: save it before you run this program again", saved)});
}

bool Replacement::replace(const Snapshot& old) {
  if (!old.is_current(target_)) return false;
  if (rename(path_.c_str(), target_.c_str()) != 0) throw io_error("replace", target_, errno);
  flush_folder();
  return true;
}

// The new file is in place without this, but might not survive a power failure.
void Replacement::flush_folder() const {
  const Descriptor fd(open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) fsync(fd.get());
}

}  // namespace os
