#pragma once

#include "base/secret.h"
#include "os/descriptor.h"
#include "os/time_limit.h"

#include <string>
#include <sys/stat.h>
#include <utility>

namespace os {

// What the system answers to the request for a read lease (fcntl(2), F_SETLEASE). While we hold
// one, a program that opens the file for writing waits until we give it up (45 s at most), and we
// are told: so we never read while a program is halfway through writing in place, and none writes
// unnoticed.
enum class Lease {
  held,
  refused,     // somebody has the file open for writing
  impossible,  // the file is another user's, or the file system has no leases
};

// The open file of a lease that is held, which is given up at the end. Closing the file would not
// always be enough: a child of this process has it open too, until it starts its program.
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
  // A program waits to open the file for writing, or has done so after waiting too long.
  bool is_broken() const;

 private:
  Descriptor fd_;
};

// A file as it was read, by which a writer that does not take our lock is noticed.
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
  // The path still leads to these bytes, as far as can be seen, and nobody is about to write.
  bool is_current(const std::string& path) const;
  // The path leads to the very file that was read, and that was not written since. It may have been
  // renamed.
  bool is_file_at(const std::string& path) const;
};

// Reads the file once no writer is halfway through it. Where there are no leases, a file that is
// empty, ends inside a line or was seen to change (`changed`: before this call) is read until two
// readings agree. When the time limit passes, the result is what was read last; if a writer still
// has the file open, that is Lease::refused and no bytes. Throws Error{failed}, Interrupted.
Snapshot take_snapshot(const std::string& path, bool changed, TimeLimit& timeout);

// Whether any program has the file open for writing, as far as a lease can tell.
bool is_open_for_writing(const std::string& path);

// Reads to the end; `size` is what is expected. Both throw Error{failed}, also for more than 64
// MiB.
base::WipedString read_all(int fd, std::size_t size, const std::string& path);
// Appends what there is. False at the end.
bool read_some(int fd, base::WipedString& bytes, const std::string& path);

}  // namespace os
