#include "base/secret.h"

#include "base/error.h"

#include <cstring>
#include <new>
#include <sodium.h>

namespace base {

void wipe(void* memory, std::size_t size) noexcept { sodium_memzero(memory, size); }

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
