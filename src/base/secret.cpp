#include "base/secret.h"

#include "base/error.h"

#include <cstring>
#include <new>
#include <sodium.h>
#include <sys/mman.h>

namespace base {

void wipe(void* memory, std::size_t size) noexcept { sodium_memzero(memory, size); }

namespace {

struct alignas(huge_page) HugePage {
  char bytes[huge_page];
};

std::size_t pages_of(std::size_t size) { return (size + huge_page - 1) / huge_page; }

}  // namespace

void* allocate_huge_pages(std::size_t size) {
  void* const memory = std::allocator<HugePage>().allocate(pages_of(size));
  madvise(memory, pages_of(size) * huge_page, MADV_HUGEPAGE);
  return memory;
}

void free_huge_pages(void* memory, std::size_t size) noexcept {
  std::allocator<HugePage>().deallocate(static_cast<HugePage*>(memory), pages_of(size));
}

void start_sodium() {
  static const bool started = sodium_init() >= 0;
  if (!started) throw Error(ErrorKind::failed, "the cryptographic library cannot start");
}

Secret::Secret(std::string_view value) : size_(value.size()) {
  if (value.empty()) return;
  start_sodium();
  memory_.reset(static_cast<char*>(sodium_malloc(value.size())));
  if (!memory_) throw std::bad_alloc();
  std::memcpy(memory_.get(), value.data(), value.size());
  sodium_mprotect_readonly(memory_.get());
}

void Secret::Free::operator()(char* memory) const noexcept { sodium_free(memory); }

}  // namespace base
