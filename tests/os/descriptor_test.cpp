#include "os/descriptor.h"

#include "support/child.h"

#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace os {
namespace {

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

TEST(Descriptor, ClosesWhatItOwnsOnce) {
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  {
    Descriptor first(fd);
    Descriptor second(std::move(first));
    EXPECT_FALSE(first);  // NOLINT: moved from, which is none
    EXPECT_EQ(second.get(), fd);
    first = std::move(second);
    EXPECT_EQ(first.get(), fd);
    EXPECT_TRUE(is_open(fd));
    first = Descriptor();
    EXPECT_FALSE(is_open(fd));
  }
  EXPECT_FALSE(Descriptor());
}

TEST(StandardDescriptors, AreHeldWhereTheyWereClosed) {
  EXPECT_EQ(support::in_child([] {
              for (int fd = 0; fd <= 2; ++fd) close(fd);
              hold_standard_descriptors();
              std::string result = "next: " + std::to_string(open("/dev/null", O_RDONLY) > 2);
              char byte = 0;
              if (read(0, &byte, 1) < 0 && errno == EBADF) result += ", no input";
              for (const int fd : {1, 2}) {
                if (write(fd, "x", 1) < 0 && errno == EBADF) result += ", no output";
              }
              return result;
            }),
            "next: 1, no input, no output, no output");
}

TEST(StandardDescriptors, AreLeftAsTheyAreWhereTheyAreOpen) {
  EXPECT_EQ(support::in_child([]() -> std::string {
              int ends[2] = {};
              if (pipe(ends) != 0) return "no pipe";
              dup2(ends[0], 0);
              dup2(ends[1], 1);
              hold_standard_descriptors();
              char byte = 0;
              return write(1, "x", 1) == 1 && read(0, &byte, 1) == 1 ? "open" : "closed";
            }),
            "open");
}

}  // namespace
}  // namespace os
