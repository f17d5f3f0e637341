#pragma once

#include "base/error.h"
#include "os/descriptor.h"
#include "os/time_limit.h"

#include <string>
#include <vector>

namespace os {

// The folders above a file. Those that had to be made go again at the end if nothing came to lie in
// them: a failure leaves none behind.
class Folders {
 public:
  explicit Folders(const std::string& file) : file_(file) {}
  ~Folders();
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;

  // Throws Error{failed}.
  void make();

 private:
  void make_above(const std::string& path);

  std::string file_;
  std::vector<std::string> made_;  // from the outermost
};

// The lock that our own processes take on a file beside the target, for the target itself is
// replaced. It is removed again by its holder; whoever waited for it then sees that its name is
// gone, and starts anew. Hence the long name: a `credentials.lock` may be another program's, whose
// rules are not these. A file that a killed process left is no lock: the system let go of it.
class FileLock {
 public:
  // Throws Error{failed}, Interrupted. Whether it is held is to be asked.
  FileLock(const std::string& target, Folders& folders, TimeLimit timeout);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // False on a file system without locks, and where the patience was over.
  bool held() const { return static_cast<bool>(fd_); }
  // Another process has it.
  bool busy() const { return busy_; }
  // What to say of that.
  base::Error busy_error() const;

 private:
  bool wait_for(int fd, TimeLimit& timeout);
  bool is_still_named(int fd) const;

  std::string path_;
  Descriptor fd_;
  bool busy_ = false;
};

}  // namespace os
