#pragma once

#include <string_view>
#include <unistd.h>
#include <utility>

namespace os {

// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

// Writes all of it. False, with errno, where that fails.
bool write_all(int fd, std::string_view bytes);

// Occupies standard input, output and error where they are closed (`<&-`). Otherwise the next file
// opened would get the number, and a credentials file might receive what is meant for standard
// error.
void hold_standard_descriptors();

}  // namespace os
