#include "os/overwrite.h"

#include "os/descriptor.h"
#include "os/io_error.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace os {
namespace {

// Returns false, with errno set, when not all of it could be written.
bool write_from_start(int fd, std::string_view bytes) {
  return lseek(fd, 0, SEEK_SET) == 0 && write_all(fd, bytes) &&
         ftruncate(fd, static_cast<off_t>(bytes.size())) == 0;
}

}  // namespace

bool is_mount_point(const std::string& path) {
  struct statx status = {};
  return statx(AT_FDCWD, path.c_str(), 0, STATX_BASIC_STATS, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool overwrite(const std::string& path, std::string_view bytes, const Snapshot& old) {
  // The lease must have been given up by now: opening the file would break our own.
  const Descriptor fd(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == EWOULDBLOCK) return false;  // somebody else's lease
  if (!fd) throw io_error("write", path, errno);
  if (!old.is_current(path)) return false;
  // A file system that cannot reserve room says so with EOPNOTSUPP; there the write itself tells.
  if (bytes.size() > old.bytes.size() &&
      fallocate(fd.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes.size())) != 0 &&
      errno != EOPNOTSUPP) {
    throw io_error("write", path, errno);
  }
  if (fchmod(fd.get(), old.status.st_mode & 0700) != 0) {
    throw io_error("set the mode of", path, errno);
  }
  if (!write_from_start(fd.get(), bytes) || fsync(fd.get()) != 0) {
    const int code = errno;
    write_from_start(fd.get(), old.bytes);
    throw io_error("write", path, code);
  }
  return true;
}

}  // namespace os
