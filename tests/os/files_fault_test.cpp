#include "files_fixture.h"

#include <array>
#include <cerrno>
#include <sys/syscall.h>

namespace os {
namespace {

namespace fs = std::filesystem;
using base::WipedString;
using support::Verdict;
using Names = std::set<std::string>;

// An update, one system call of which is the last or fails, starting from a file that is there, or
// from nothing, not even its folder.
struct FilesFault : testing::TestWithParam<bool> {
  support::ScratchFolder scratch;
  Interrupt interrupt;
  SystemFiles files{interrupt};
  std::string folder = scratch / "aws";
  std::string file = folder + "/credentials";
  bool exists = GetParam();
  std::string before = exists ? "old\n" : "nothing";
  std::string after = exists ? "old\nnew\n" : "new\n";

  void start_anew() {
    fs::remove_all(folder);
    if (!exists) return;
    fs::create_directory(folder);
    support::write_file(file, before);
    fs::permissions(file, fs::perms(0600));
  }
  std::string present() {
    if (!fs::exists(file)) return "nothing";
    EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
    return support::read_file(file);
  }
  Names names() { return fs::exists(folder) ? support::ScratchFolder::names_in(folder) : Names{}; }
  std::string update() {
    const std::string error = support::error_of(
        [&] { files.update(file, [](const WipedString& old) { return old + "new\n"; }); });
    return error == "nothing was thrown" ? "done" : error;
  }
  void expect_next_update_to_mend() {
    const std::string expected = present() == "nothing" ? "new\n" : present() + "new\n";
    EXPECT_EQ(update(), "done");
    EXPECT_EQ(present(), expected);
    EXPECT_EQ(names(), Names{"credentials"});
  }
};

TEST_P(FilesFault, KilledBeforeAnySystemCallLeavesTheOldFileOrTheNewOne) {
  SKIP_WITHOUT_TRACING();
  int points = 0;
  int replaced = 0;
  for (bool finished = false; !finished; ++points) {
    start_anew();
    int call = 0;
    const std::string end = support::in_traced_child(
        [&] { return update(); },
        [&](long) { return Verdict{call++ == points ? Verdict::kill : Verdict::go}; });
    SCOPED_TRACE("killed at system call " + std::to_string(points));
    finished = end == "done";
    if (!finished) {
      EXPECT_EQ(end, "killed by signal 9");
    }
    const std::string found = present();
    EXPECT_TRUE(found == (finished ? after : before) || found == after) << found;
    replaced += found == after && !finished;
    for (const std::string& name : names()) EXPECT_TRUE(name.starts_with("credentials")) << name;
    expect_next_update_to_mend();
    if (HasFailure()) return;
  }
  std::printf("killed at each of %d system calls; the new file was there after %d of them\n",
              points - 1, replaced);
  EXPECT_GT(points, 10);
  EXPECT_GT(replaced, 0);
}

// The calls by which a file is dealt with; a failing close() loses nothing.
constexpr std::array file_calls = {
    SYS_openat, SYS_read,       SYS_write,  SYS_fsync, SYS_renameat2, SYS_fchmod,   SYS_fchown,
    SYS_fstat,  SYS_newfstatat, SYS_unlink, SYS_mkdir, SYS_flock,     SYS_readlink, SYS_fcntl};

TEST_P(FilesFault, FailureOfAnySystemCallLeavesTheOldFileAndNothingElse) {
  SKIP_WITHOUT_TRACING();
  std::set<long> tried;
  std::set<long> refused;
  int points = 0;
  for (;; ++points) {
    start_anew();
    int call = 0;
    long failed = -1;
    const std::string end = support::in_traced_child(
        [&] { return update(); },
        [&](long number) {
          if (std::find(file_calls.begin(), file_calls.end(), number) == file_calls.end() ||
              call++ != points) {
            return Verdict{};
          }
          failed = number;
          return Verdict{Verdict::fail, EIO};
        });
    if (failed == -1) break;
    SCOPED_TRACE("failed system call " + std::to_string(failed) + ", the update: " + end);
    tried.insert(failed);
    if (end == "done") {
      EXPECT_EQ(present(), after);
    } else {
      refused.insert(failed);
      EXPECT_EQ(present(), before);
      EXPECT_TRUE(end.starts_with("1 cannot ") && end.ends_with(": Input/output error")) << end;
    }
    // What cannot be removed stays, until the next update.
    if (failed != SYS_unlink) {
      EXPECT_EQ(names(), present() == "nothing" ? Names{} : Names{"credentials"});
    }
    expect_next_update_to_mend();
    if (HasFailure()) return;
  }
  std::printf("failed each of %d system calls\n", points);
  for (const long number : {SYS_openat, SYS_write, SYS_fsync, SYS_renameat2, SYS_fchmod}) {
    EXPECT_TRUE(refused.count(number)) << "no failure of system call " << number << " was an error";
  }
}

TEST_P(FilesFault, SystemWithoutLocksIsUpdatedAndSaidSo) {
  SKIP_WITHOUT_TRACING();
  start_anew();
  const std::string end = support::in_traced_child(
      [&]() -> std::string {
        const UpdateReport report =
            files.update(file, [](const WipedString& old) { return old + "new\n"; });
        return report.unlocked ? "unlocked" : "locked";
      },
      [](long number) {
        return number == SYS_flock ? Verdict{Verdict::fail, ENOLCK} : Verdict{};
      });
  EXPECT_EQ(end, "unlocked");
  EXPECT_EQ(present(), after);
  EXPECT_EQ(names(), Names{"credentials"});
}

// A power failure must not find the name on contents that are not on the disk yet.
TEST_P(FilesFault, ContentsAreFlushedBeforeTheRenameAndTheFolderAfterIt) {
  SKIP_WITHOUT_TRACING();
  start_anew();
  std::string order;
  support::in_traced_child([&] { return update(); },
                           [&](long number) {
                             if (number == SYS_write) order += "write ";
                             if (number == SYS_fsync) order += "fsync ";
                             if (number == SYS_renameat2) order += "rename ";
                             return Verdict{};
                           });
  EXPECT_EQ(order, "write fsync rename fsync ");
}

INSTANTIATE_TEST_SUITE_P(From, FilesFault, testing::Values(true, false),
                         [](const auto& test) { return test.param ? "AFile" : "Nothing"; });

}  // namespace
}  // namespace os
