#include "os/talk.h"

#include <cstdio>

namespace os {
namespace {

void print(std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

}  // namespace

void StderrTalk::note(std::string_view line) {
  if (!quiet_) print(line);
}

void StderrTalk::detail(std::string_view line) {
  if (verbose_) print(line);
}

}  // namespace os
