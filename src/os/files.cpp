#include "os/files.h"

#include "base/error.h"
#include "os/descriptor.h"
#include "os/file_lock.h"
#include "os/io_error.h"
#include "os/overwrite.h"
#include "os/private_folder.h"
#include "os/replacement.h"
#include "os/snapshot.h"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace os {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

// The file that the path finally leads to, which need not exist yet. Links are resolved by hand so
// that a dangling link keeps meaning the place that it points to.
std::string resolve_links(const std::string& path) {
  constexpr int max_chain = 40;  // the kernel's own limit
  std::filesystem::path current = path;
  for (int i = 0; i <= max_chain; ++i) {
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

bool replace(const std::string& target, std::string_view bytes, const Snapshot& old,
             const FileLock& lock) {
  Replacement replacement(target, lock.held());
  replacement.fill(bytes, old);
  return replacement.commit(old);
}

bool put_in_place(const std::string& target, std::string_view bytes, Snapshot& old) {
  if (old.is_lease_broken()) return false;
  old.release_lease();
  return overwrite(target, bytes, old);
}

Error kept_busy(const std::string& path, std::string_view by) {
  return {ErrorKind::failed,
          fmt::format("cannot replace {}: another program {}", path, by),
          {fmt::format("the file was left to it; see which one with: fuser -v {}", path)}};
}

}  // namespace

std::optional<WipedString> SystemFiles::read(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return read_pipe(path);
  remove_stray(path);
  TimeLimit timeout(interrupt_, timeout_.reader);
  Snapshot snapshot = take_snapshot(path, false, timeout);
  if (snapshot.lease != Lease::refused) {
    return snapshot.exists ? std::optional(std::move(snapshot.bytes)) : std::nullopt;
  }
  // A file that somebody never closes is read as it is.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && is_missing(errno)) return std::nullopt;
  if (!fd) throw io_error("read", path, errno);
  return read_all(fd.get(), 0, path);
}

// A pipe, as in `AWS_CONFIG_FILE=<(...)`, and /dev/null. Other devices may never end.
// What came from it is given again to whoever reads it again.
WipedString SystemFiles::read_pipe(const std::string& path) {
  if (const auto known = pipes_.find(path); known != pipes_.end()) {
    return WipedString(known->second.reveal());
  }
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!fd || fstat(fd.get(), &status) != 0) throw io_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) throw io_error("read", path, EISDIR);
  const bool is_null = S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
  if (is_null) return {};
  if (!S_ISFIFO(status.st_mode)) {
    throw Error(ErrorKind::failed, fmt::format("{} is a device, not a file", path),
                {"name a file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE"});
  }
  WipedString bytes;
  TimeLimit timeout(interrupt_, timeout_.pipe);
  for (;;) {
    if (timeout.over()) {
      throw Error(ErrorKind::failed, fmt::format("nothing comes from {}, which is a pipe", path),
                  {"see whether what should write to it is running"});
    }
    pollfd waiting = {fd.get(), POLLIN, 0};
    if (poll(&waiting, 1, 0) == 0) {
      timeout.pause();
    } else if (!read_some(fd.get(), bytes, path)) {
      pipes_.insert_or_assign(path, base::Secret(bytes));
      return bytes;
    }
  }
}

// What a killed update left beside the file may hold keys.
void SystemFiles::remove_stray(const std::string& path) {
  try {
    const std::string target = resolve_links(path);
    const std::string stray = target + temporary_suffix;
    struct stat status = {};
    if (lstat(stray.c_str(), &status) != 0) return;
    Folders folders(target);
    const FileLock lock(target, folders, TimeLimit(interrupt_, {}));
    if (lock.held()) unlink(stray.c_str());
  } catch (const Error&) {  // the file can be read all the same
  }
}

UpdateReport SystemFiles::update(const std::string& path, const Edit& edit) {
  const std::string target = resolve_links(path);
  Folders folders(target);
  const FileLock lock(target, folders, TimeLimit(interrupt_, timeout_.lock),
                      FileLock::Stopped::give_up);
  if (lock.busy()) throw lock.busy_error();
  UpdateReport report;
  report.unlocked = !lock.held();
  TimeLimit timeout(interrupt_, timeout_.writer);
  for (bool again = false;; again = true) {
    if (again) timeout.pause();
    Snapshot old = take_snapshot(target, again, timeout);
    if (old.lease == Lease::refused) throw kept_busy(target, "keeps it open for writing");
    const WipedString bytes = edit(old.bytes);
    const bool is_loose = (old.status.st_mode & 0077) != 0;
    const bool stays = old.exists && !is_loose && bytes == old.bytes;
    if (stays && old.is_current(target)) return report;
    report.in_place = old.exists && is_mount_point(target);
    if (report.in_place ? put_in_place(target, bytes, old) : replace(target, bytes, old, lock)) {
      report.tightened = old.exists && is_loose;
      return report;
    }
    if (timeout.over()) throw kept_busy(target, "keeps changing it");
  }
}

std::unique_ptr<Files::Lock> SystemFiles::lock(const std::string& path,
                                               std::chrono::milliseconds timeout) {
  struct Held : Lock {
    Held(const std::string& name, TimeLimit timeout)
        : folders(name), file_lock(name, folders, timeout) {}
    Folders folders;
    FileLock file_lock;
  };
  auto held = std::make_unique<Held>(path, TimeLimit(interrupt_, timeout));
  if (held->file_lock.busy()) return nullptr;
  return held;
}

Writability SystemFiles::check_writable(const std::string& path) {
  const std::string target = resolve_links(path);
  if (is_mount_point(target)) {
    if (faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) {
      throw io_error("write", target, errno);
    }
  }
  std::string folder = folder_of(target);
  // A folder that does not exist will be made in the one above.
  while (access(folder.c_str(), F_OK) != 0 && errno == ENOENT && folder != folder_of(folder)) {
    folder = folder_of(folder);
  }
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw io_error("write into", folder, errno);
  }
  struct statx status = {};
  if (statx(AT_FDCWD, target.c_str(), 0, STATX_BASIC_STATS, &status) != 0) return Writability::free;
  if ((status.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0) {
    throw io_error("replace", target, EPERM);
  }
  if (const auto error = FileLock::stopped_holder(target)) throw *error;
  return is_open_for_writing(target) ? Writability::in_use : Writability::free;
}

// Nobody but root can put another folder in the place of ours: root owns the two above, and the
// sticky bit protects what is in them.
std::string SystemFiles::private_temporary_folder(bool make) {
  for (const char* above : {"/dev/shm", "/tmp"}) {
    const std::string folder = fmt::format("{}/aws-session-token-{}", above, geteuid());
    struct stat status = {};
    if (stat(above, &status) != 0 || status.st_uid != 0) continue;
    if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) continue;
    if (make) mkdir(folder.c_str(), 0700);
    if (lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
        status.st_uid == geteuid() && (status.st_mode & 0077) == 0 &&
        access(folder.c_str(), W_OK | X_OK) == 0) {
      return folder;
    }
  }
  return "";
}

std::optional<std::string> SystemFiles::private_folder_problem(const std::string& folder) {
  return os::private_folder_problem(folder);
}

bool SystemFiles::is_private_memory(const std::string& folder) {
  struct stat status = {};
  struct statfs system = {};
  return stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == geteuid() && (status.st_mode & 0077) == 0 &&
         statfs(folder.c_str(), &system) == 0 && system.f_type == TMPFS_MAGIC;
}

}  // namespace os
