#include "cli/output.h"

#include "base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/core.h>

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

void print_document(base::JsonWriter& json) { print(json.take() + "\n"); }

int print_error(const base::Error& error) {
  std::fprintf(stderr, "aws-session-token: error: %s\n", aws::shown(error.what()).c_str());
  for (const std::string& hint : error.hints()) {
    std::fprintf(stderr, "aws-session-token: hint: %s\n", aws::shown(hint).c_str());
  }
  return static_cast<int>(error.kind());
}

}  // namespace cli
