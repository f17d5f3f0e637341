#pragma once

#include "base/secret.h"
#include "os/descriptor.h"
#include "os/time_limit.h"

#include <string>
#include <sys/stat.h>
#include <utility>

namespace os {

// What the system says to a read lease (fcntl(2), F_SETLEASE). While one is held, whoever opens the
// file for writing waits until it is given up (45 s at most), and we are told that he waits: so a
// program that writes in place is never met half-way, and never writes unnoticed.
enum class Lease {
  held,
  refused,     // somebody has the file open for writing
  impossible,  // another one's file, or a file system without leases
};

// The open file of a lease that is held; gives it up at the end. Closing would not always do: a
// child of this process may have the file open too, until it starts its program.
class LeasedFile {
 public:
  LeasedFile() = default;
  explicit LeasedFile(Descriptor fd) : fd_(std::move(fd)) {}
  LeasedFile(LeasedFile&&) = default;
  LeasedFile& operator=(LeasedFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~LeasedFile();

  int fd() const { return fd_ ? fd_.get() : -1; }
  // Somebody waits to write; or did not wait any longer.
  bool is_broken() const;

 private:
  Descriptor fd_;
};

// A file as it was read, to notice a writer that does not take our lock.
struct Snapshot {
  bool exists = false;
  struct stat status = {};
  base::WipedString bytes;
  Lease lease = Lease::impossible;
  LeasedFile leased;

  // A writer that comes from now on is not noticed before is_current() is asked again.
  void release_lease() {
    leased = LeasedFile();
    lease = Lease::impossible;
  }
  bool is_lease_broken() const { return lease == Lease::held && leased.is_broken(); }
  // The path still means these bytes, as far as can be seen, and nobody is about to write.
  bool is_current(const std::string& path) const;
  // The path means the very file that was read, unwritten. Its name may be another.
  bool is_file_at(const std::string& path) const;
};

// Reads the file when no writer is half-way in it; until then it waits. Where there are no leases a
// file that is empty, ends inside a line or was seen to change (`changed`: before this call) is
// read until two looks see the same. When the patience is over, the result is what was seen last,
// with Lease::refused and nothing read if a writer has the file open still. Throws Error{failed},
// Interrupted.
Snapshot take_snapshot(const std::string& path, bool changed, TimeLimit& timeout);

// By anybody, as far as a lease can tell.
bool is_open_for_writing(const std::string& path);

// To the end. The size is the file's, as far as it has one.
base::WipedString read_all(int fd, std::size_t size, const std::string& path);

}  // namespace os
