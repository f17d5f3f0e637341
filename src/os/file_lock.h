#pragma once

#include "base/error.h"
#include "os/descriptor.h"
#include "os/time_limit.h"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace os {

// The folders above a file. Those that had to be made are removed again at the end if they are
// still empty, so that a failure leaves none behind.
class Folders {
 public:
  explicit Folders(const std::string& file) : file_(file) {}
  ~Folders();
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;

  // A folder that root makes in somebody else's becomes theirs. Throws Error{failed}.
  void make();

 private:
  void make_above(const std::string& path);

  std::string file_;
  std::vector<std::string> made_;  // from the outermost
};

// Who has a lock.
struct LockHolder {
  pid_t pid = 0;
  bool stopped = false;  // by Ctrl-Z, say
};

// The lock that our own processes take for a file. It is a file beside the target, because the
// target itself is replaced. The holder removes it; whoever waited for it then sees that its name
// is gone and starts anew. Its name is long because a `credentials.lock` may be another program's,
// with rules of its own. A lock file that a killed process left is not locked: the system released
// it.
class FileLock {
 public:
  // What to do while another process holds the lock but is stopped.
  enum class Stopped { wait, give_up };

  // Throws Error{failed}, Interrupted. Whether the lock was taken must be asked with held().
  FileLock(const std::string& target, Folders& folders, TimeLimit timeout,
           Stopped stopped = Stopped::wait);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // False on a file system without locks, and when the time limit passed.
  bool held() const { return static_cast<bool>(fd_); }
  // Another process holds it.
  bool busy() const { return busy_; }
  // The error to throw then.
  base::Error busy_error() const;

  // The error to throw when the lock of `target` is held by a process that is stopped; nothing
  // otherwise. Waits for nobody and changes nothing.
  static std::optional<base::Error> stopped_holder(const std::string& target);

 private:
  bool wait_for(int fd, TimeLimit& timeout, Stopped stopped);
  // Nothing where that cannot be told.
  std::optional<bool> is_still_named(int fd) const;

  std::string path_;
  Descriptor fd_;
  bool busy_ = false;
};

}  // namespace os
