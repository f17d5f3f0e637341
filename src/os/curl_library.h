#pragma once

// These macros check the arguments of variadic functions, which are called through pointers here.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

namespace os {

// The functions of libcurl that are used here, found at run time. libcurl gets an allocator that
// overwrites what it frees.
class Curl {
 public:
  // Opens the library at the first call. Throws Error{failed} where it is not installed.
  static const Curl& instance();

  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;

 private:
  Curl();
  void open_library();
  template <typename Function>
  void load(Function& function, const char* name);

  void* library_ = nullptr;
};

}  // namespace os
