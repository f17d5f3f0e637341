#include "os/messages.h"

#include "os/screen.h"

#include <cstdio>
#include <unistd.h>

namespace os {

void StderrMessages::note(std::string_view line) {
  if (quiet_) return;
  progress({});
  std::fprintf(stderr, "%s\n", shown_(line).c_str());
}

void StderrMessages::detail(std::string_view line) {
  if (!verbose_) return;
  progress({});
  std::fprintf(stderr, "%s\n", shown_(line).c_str());
}

void StderrMessages::progress(std::string_view line) {
  if (quiet_ || (line.empty() && !in_progress_) || !is_screen(STDERR_FILENO)) return;
  in_progress_ = !line.empty();
  std::fprintf(stderr, "\r\033[K%s", shown_(line).c_str());
  std::fflush(stderr);
}

}  // namespace os
