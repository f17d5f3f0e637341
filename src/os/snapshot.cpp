#include "os/snapshot.h"

#include "os/io_error.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

// NFS and SMB also answer EAGAIN when the server has not delegated the file to this machine, and it
// may never do so.
bool is_remote(int fd) {
  struct statfs fs = {};
  if (fstatfs(fd, &fs) != 0) return false;
  const auto type = static_cast<unsigned>(fs.f_type);
  return type == NFS_SUPER_MAGIC || type == CIFS_SUPER_MAGIC || type == SMB2_SUPER_MAGIC;
}

Lease take_lease(int fd, const struct stat& status) {
  // A file without a name (the memfd of an `exec`) is still open for writing where it was made, and
  // nobody writes to it.
  if (status.st_nlink == 0) return Lease::impossible;
  // By default the signal that tells of a broken lease is SIGIO, which kills. SIGURG is ignored
  // unless a program asks for it; here the lease itself is asked at the moments that matter.
  if (fcntl(fd, F_SETSIG, SIGURG) != 0) return Lease::impossible;
  if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) return Lease::held;
  return errno == EAGAIN && !is_remote(fd) ? Lease::refused : Lease::impossible;
}

// Far more than any shared file has, and little enough to be read at once.
constexpr std::size_t max_file_size = std::size_t{64} << 20;

[[noreturn]] void throw_too_large(const std::string& path) {
  throw Error(ErrorKind::failed, fmt::format("{} is larger than 64 MiB", path),
              {"it can hardly be a shared file of AWS clients"});
}

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// Ignores the time of the last change of name, owner or mode (st_ctim).
bool same_contents(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         same(a.st_mtim, b.st_mtim);
}

Snapshot read_once(const std::string& path) {
  Snapshot snapshot;
  // Without O_NONBLOCK, opening a FIFO in the file's place might wait forever.
  Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    if (is_missing(errno)) return snapshot;
    throw io_error("read", path, errno);
  }
  if (fstat(fd.get(), &snapshot.status) != 0) throw io_error("read", path, errno);
  if (!S_ISREG(snapshot.status.st_mode)) {
    throw Error(ErrorKind::failed, fmt::format("{} is not a regular file", path),
                {"move it away, or name another file with AWS_SHARED_CREDENTIALS_FILE"});
  }
  snapshot.exists = true;
  snapshot.lease = take_lease(fd.get(), snapshot.status);
  if (snapshot.lease == Lease::refused) return snapshot;
  // Once more, since it may have been written before the lease was held.
  if (fstat(fd.get(), &snapshot.status) != 0) throw io_error("read", path, errno);
  snapshot.bytes = read_all(fd.get(), static_cast<std::size_t>(snapshot.status.st_size), path);
  if (snapshot.lease == Lease::held) snapshot.leased = LeasedFile(std::move(fd));
  return snapshot;
}

bool equal(const Snapshot& a, const Snapshot& b) {
  return a.exists == b.exists && a.lease == b.lease && a.bytes == b.bytes &&
         (!a.exists || same_contents(a.status, b.status));
}

// A writer may be halfway through it, which only time can tell.
bool is_doubtful(const Snapshot& snapshot, bool changed) {
  if (snapshot.lease == Lease::held) return false;
  if (snapshot.lease == Lease::refused || changed) return true;
  return snapshot.exists && !snapshot.bytes.ends_with('\n');
}

}  // namespace

LeasedFile::~LeasedFile() {
  if (fd_) fcntl(fd_.get(), F_SETLEASE, F_UNLCK);
}

bool LeasedFile::is_broken() const { return fcntl(fd_.get(), F_GETLEASE) != F_RDLCK; }

bool Snapshot::is_current(const std::string& path) const {
  struct stat now = {};
  if (stat(path.c_str(), &now) != 0) return !exists;
  return exists && same_contents(now, status) && same(now.st_ctim, status.st_ctim) &&
         !is_lease_broken();
}

bool Snapshot::is_file_at(const std::string& path) const {
  struct stat now = {};
  return stat(path.c_str(), &now) == 0 && same_contents(now, status);
}

Snapshot take_snapshot(const std::string& path, bool changed, TimeLimit& timeout) {
  // Longer than a program takes from truncating a file to closing it, even on a busy machine.
  constexpr auto doubt = std::chrono::milliseconds(100);
  constexpr auto retry = std::chrono::milliseconds(5);
  Snapshot last = read_once(path);
  while (is_doubtful(last, changed) && !timeout.over()) {
    const bool refused = last.lease == Lease::refused;
    timeout.pause(refused ? retry : doubt);
    Snapshot next = read_once(path);
    const bool settled = !refused && equal(last, next);
    last = std::move(next);
    if (settled) break;
  }
  return last;
}

bool is_open_for_writing(const std::string& path) {
  LeasedFile leased(Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)));
  struct stat status = {};
  return leased.fd() >= 0 && fstat(leased.fd(), &status) == 0 && S_ISREG(status.st_mode) &&
         take_lease(leased.fd(), status) == Lease::refused;
}

bool read_some(int fd, WipedString& bytes, const std::string& path) {
  constexpr std::size_t step = 4096;
  const std::size_t size = bytes.size();
  if (size > max_file_size) throw_too_large(path);
  bytes.resize(size + step);
  const ssize_t count = ::read(fd, bytes.data() + size, step);
  const int code = errno;
  bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0 && code != EINTR && code != EAGAIN) throw io_error("read", path, code);
  return count != 0;
}

WipedString read_all(int fd, std::size_t expected, const std::string& path) {
  if (expected > max_file_size) throw_too_large(path);
  WipedString bytes;
  bytes.reserve(expected + 2 * std::size_t{4096});  // a buffer that is outgrown must be wiped too
  while (bytes.size() < expected) {
    const std::size_t size = bytes.size();
    bytes.resize(expected);
    const ssize_t count = ::read(fd, bytes.data() + size, expected - size);
    const int code = errno;
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && code != EINTR) throw io_error("read", path, code);
    if (count == 0) return bytes;
  }
  while (read_some(fd, bytes, path)) {
  }
  return bytes;
}

}  // namespace os
