#include "os/talk.h"

#include "base/text.h"

#include <cstdio>

namespace os {
namespace {

void print(std::string_view line) { std::fprintf(stderr, "%s\n", base::printable(line).c_str()); }

}  // namespace

void StderrTalk::note(std::string_view line) {
  if (!quiet_) print(line);
}

void StderrTalk::detail(std::string_view line) {
  if (verbose_) print(line);
}

}  // namespace os
