#pragma once

#include "os/files.h"
#include "os/interrupt.h"
#include "os/replacement.h"
#include "support/child.h"
#include "support/error.h"
#include "support/scratch.h"
#include "support/vectors.h"

#include <filesystem>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <sys/stat.h>

#define SKIP_WITHOUT_TRACING() \
  if (!support::can_trace()) GTEST_SKIP() << "SKIPPED: no process may be traced here"

namespace os {

constexpr const char* lock_suffix = ".aws-session-token.lock";

inline mode_t mode_of(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

inline base::WipedString add_new(const base::WipedString& old) { return old + "new\n"; }

struct FilesTest : testing::Test {
  support::ScratchFolder folder;
  Interrupt interrupt;
  SystemFiles files{interrupt};
  std::string file = folder / "credentials";

  // As one text: what happened, and what the update had to say beside it.
  std::string update(const std::string& path, const Files::Edit& edit = add_new) {
    std::string text = "done";
    const std::string error = support::error_of([&] {
      const UpdateReport report = files.update(path, edit);
      if (report.tightened) text += ", tightened";
      if (report.unlocked) text += ", unlocked";
    });
    return error == "nothing was thrown" ? text : error;
  }
};

}  // namespace os
