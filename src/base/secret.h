#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace base {

// Overwrites `size` bytes in a way that the compiler cannot optimize away (sodium_memzero).
void wipe(void* memory, std::size_t size) noexcept;

// Initializes libsodium; everything that uses it calls this first. Throws Error{failed} when the
// library cannot start, which happens only where the system has no source of randomness.
void start_sodium();

// A secret of any bytes, in libsodium's guarded memory: between inaccessible pages, kept out of
// swap where the limits allow it, left out of core dumps, overwritten when freed. It can be moved
// but not copied; `reveal()` is the only way to read it, and there is deliberately no stream
// operator and no formatter.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view value);
  Secret(Secret&& other) noexcept
      : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
  Secret& operator=(Secret&& other) noexcept {
    memory_ = std::move(other.memory_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  // A second copy in guarded memory. It has a name of its own so that no copy is made unnoticed.
  Secret clone() const { return Secret(reveal()); }
  // Valid until the secret is destroyed or moved from, which leaves it empty.
  std::string_view reveal() const noexcept { return {memory_.get(), size_}; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  struct Free {
    void operator()(char* memory) const noexcept;
  };
  std::unique_ptr<char, Free> memory_;
  std::size_t size_ = 0;
};

// For buffers that a secret passes through: files read, requests sent, responses received. Memory
// is overwritten before it is freed.
template <typename T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  bool operator==(const WipingAllocator&) const noexcept { return true; }
};

// A string whose heap memory is overwritten when it is freed or outgrown. A string of up to 15
// bytes lies in the object itself and is not overwritten: no AWS secret is that short, and a token
// code is worth nothing once it has been sent.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

}  // namespace base
