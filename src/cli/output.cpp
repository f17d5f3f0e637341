#include "cli/output.h"

#include "base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>

namespace cli {

void print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  throw base::Error(base::ErrorKind::failed,
                    fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

void print_secret(std::string_view text) {
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  print(text);
}

}  // namespace cli
