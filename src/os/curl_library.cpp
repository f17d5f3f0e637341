#include "os/curl_library.h"

#include "base/error.h"
#include "base/secret.h"
#include "os/tls_key_log.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fmt/core.h>
#include <malloc.h>

namespace os {
namespace {

// libcurl's memory holds session tokens and is overwritten before it is freed.
void wiping_free(void* memory) {
  if (memory != nullptr) base::wipe(memory, malloc_usable_size(memory));
  std::free(memory);
}

void* wiping_realloc(void* old, std::size_t size) {
  if (old == nullptr) return std::malloc(size);
  void* fresh = std::malloc(size);
  if (fresh == nullptr) return nullptr;
  std::memcpy(fresh, old, std::min(size, malloc_usable_size(old)));
  wiping_free(old);
  return fresh;
}

[[noreturn]] void missing(const char* what) {
  throw base::Error(base::ErrorKind::failed,
                    fmt::format("libcurl cannot be used: {} is missing", what),
                    {"install it; on Debian: apt-get install libcurl4"});
}

}  // namespace

const Curl& Curl::instance() {
  static const Curl curl;
  return curl;
}

template <typename Function>
void Curl::load(Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(library_, name));
  if (function == nullptr) missing(name);
}

Curl::Curl() {
  open_library();
  decltype(&curl_global_init_mem) global_init_mem = nullptr;
  load(global_init_mem, "curl_global_init_mem");
  load(easy_init, "curl_easy_init");
  load(easy_cleanup, "curl_easy_cleanup");
  load(easy_setopt, "curl_easy_setopt");
  load(easy_getinfo, "curl_easy_getinfo");
  load(easy_strerror, "curl_easy_strerror");
  load(multi_init, "curl_multi_init");
  load(multi_cleanup, "curl_multi_cleanup");
  load(multi_add_handle, "curl_multi_add_handle");
  load(multi_remove_handle, "curl_multi_remove_handle");
  load(multi_perform, "curl_multi_perform");
  load(multi_poll, "curl_multi_poll");
  load(multi_setopt, "curl_multi_setopt");
  load(multi_info_read, "curl_multi_info_read");
  load(slist_append, "curl_slist_append");
  load(slist_free_all, "curl_slist_free_all");
  global_init_mem(CURL_GLOBAL_ALL, std::malloc, wiping_free, wiping_realloc, strdup, std::calloc);
}

void Curl::open_library() {
  withhold_tls_key_log();
  // Functions are bound lazily, since distributions' libcurl brings thirty libraries for protocols
  // that are not used here.
  for (const char* soname : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
    library_ = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
    if (library_ != nullptr) return;
  }
  missing("libcurl.so.4");
}

}  // namespace os
