#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace base {

// Overwrites `size` bytes in a way that the compiler may not leave out (libsodium's
// sodium_memzero).
void wipe(void* memory, std::size_t size) noexcept;

// Makes libsodium usable; called by everything here that needs it. Throws Error{failed} when the
// library cannot start, which it does only where the system has no source of randomness.
void start_sodium();

// A secret of any bytes, in libsodium's guarded memory: between inaccessible pages, locked out of
// swap where the limits allow it, left out of core dumps, overwritten when freed. Move-only;
// `reveal()` is the only way in, and there is deliberately no stream operator and no formatter.
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

  // A second copy in guarded memory: said in words, so that none is made unseen.
  Secret clone() const { return Secret(reveal()); }
  // Valid until the secret is moved from, which leaves it empty, or destroyed.
  std::string_view reveal() const noexcept { return {memory_.get(), size_}; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  struct Free {
    void operator()(char* memory) const noexcept;
  };
  std::unique_ptr<char, Free> memory_;
  std::size_t size_ = 0;
};

// Memory of megabytes lies in huge pages where the system has them: a fault for each page of 4 KiB
// costs more than all that is done with a large file. Throws std::bad_alloc.
inline constexpr std::size_t huge_page = std::size_t{2} * 1024 * 1024;
void* allocate_huge_pages(std::size_t size);
void free_huge_pages(void* memory, std::size_t size) noexcept;

// For buffers that a secret passes through: files read, requests sent, responses received.
template <typename T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    if (is_huge(count)) return static_cast<T*>(allocate_huge_pages(count * sizeof(T)));
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe(memory, count * sizeof(T));
    if (is_huge(count)) return free_huge_pages(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  bool operator==(const WipingAllocator&) const noexcept { return true; }

 private:
  static bool is_huge(std::size_t count) { return count >= huge_page / sizeof(T); }
};

// A string whose heap memory is overwritten when it is freed or outgrown. Up to 15 bytes lie in the
// object itself and are not: no AWS secret is that short, and a token code is worth nothing once
// it was sent.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

}  // namespace base
