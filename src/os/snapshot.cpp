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

// NFS and SMB also answer EAGAIN when the server has not delegated the file to this machine, which
// may be always.
bool is_remote(int fd) {
  struct statfs fs = {};
  if (fstatfs(fd, &fs) != 0) return false;
  const auto type = static_cast<unsigned>(fs.f_type);
  return type == NFS_SUPER_MAGIC || type == CIFS_SUPER_MAGIC || type == SMB2_SUPER_MAGIC;
}

Lease take_lease(int fd, const struct stat& status) {
  // Without a name (the memfd of an `exec`) nobody new can open it, and whoever made it has it
  // open.
  if (status.st_nlink == 0) return Lease::impossible;
  // The signal that comes when the lease is broken would be SIGIO, which kills. SIGURG is ignored
  // unless a program asks for it; this one asks the lease, at the moments that matter.
  if (fcntl(fd, F_SETSIG, SIGURG) != 0) return Lease::impossible;
  if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) return Lease::held;
  return errno == EAGAIN && !is_remote(fd) ? Lease::refused : Lease::impossible;
}

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// All but the time of the last change of name, owner and mode.
bool same_contents(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         same(a.st_mtim, b.st_mtim);
}

Snapshot read_once(const std::string& path) {
  Snapshot snapshot;
  // Without O_NONBLOCK a FIFO in the file's place would hold us for ever.
  Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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
  snapshot.lease = take_lease(fd.get(), snapshot.status);
  if (snapshot.lease == Lease::refused) return snapshot;
  // Once more: it may have been written between the first time and the lease.
  if (fstat(fd.get(), &snapshot.status) != 0) throw io_error("read", path, errno);
  snapshot.bytes = read_all(fd.get(), static_cast<std::size_t>(snapshot.status.st_size), path);
  if (snapshot.lease == Lease::held) snapshot.leased = LeasedFile(std::move(fd));
  return snapshot;
}

bool equal(const Snapshot& a, const Snapshot& b) {
  return a.exists == b.exists && a.lease == b.lease && a.bytes == b.bytes &&
         (!a.exists || same_contents(a.status, b.status));
}

// A writer may be half-way in it, and only time can tell.
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
  // Longer than a program takes from truncating a file to closing it, on a busy machine.
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

WipedString read_all(int fd, std::size_t expected, const std::string& path) {
  // Every byte of room is touched twice, when it is made and when it is wiped: little more than the
  // file needs, at every start of a program that is called again and again.
  constexpr std::size_t least = 4096;
  WipedString bytes;
  bytes.reserve(expected + least);  // outgrown buffers would have to be overwritten, too
  for (;;) {
    const std::size_t size = bytes.size();
    const std::size_t step = size < expected ? expected - size : std::max(least, size - expected);
    bytes.resize(size + step);
    const ssize_t count = ::read(fd, bytes.data() + size, step);
    if (count < 0 && errno != EINTR) throw io_error("read", path, errno);
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return bytes;
  }
}

}  // namespace os
