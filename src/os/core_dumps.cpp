#include "os/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace os {
namespace {

rlim_t limit_before = RLIM_INFINITY;

void limit_core_to(rlim_t bytes) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit_before = limit.rlim_cur;
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

void forbid_core_dumps() {
  limit_core_to(0);
  prctl(PR_SET_DUMPABLE, 0);
}

void restore_core_limit() { limit_core_to(limit_before); }

}  // namespace os
