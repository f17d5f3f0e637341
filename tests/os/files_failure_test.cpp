#include "files_fixture.h"

#include <fmt/ranges.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

namespace os {
namespace {

namespace fs = std::filesystem;
using base::WipedString;
using support::error_of;
using support::in_child;
using support::read_file;
using support::write_file;
using Names = std::set<std::string>;

// What is not allowed to an ordinary user; root may do all of it.
struct FilesPermissions : FilesTest {
  void SetUp() override {
    if (geteuid() == 0) {
      ASSERT_EQ(chown(folder.path().c_str(), 65534, 65534), 0);
    }
  }
  std::string as_user(const support::ChildWork& work) {
    return in_child([&] {
      support::become_ordinary_user();
      return work();
    });
  }
};

TEST_F(FilesPermissions, NamesTheFolderThatIsReadOnly) {
  EXPECT_EQ(as_user([&] {
              write_file(file, "old\n");
              fs::permissions(folder.path(), fs::perms(0500));
              return update(file);
            }),
            fmt::format("1 cannot lock {}{}: Permission denied\n"
                        "hint: look at the owner and mode with: ls -ld {}",
                        file, lock_suffix, folder.path().string()));
  fs::permissions(folder.path(), fs::perms(0700));
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesPermissions, NamesTheFileThatCannotBeRead) {
  const std::string refusal = fmt::format(
      "1 cannot read {0}: Permission denied\n"
      "hint: look at the owner and mode with: ls -ld {0}",
      file);
  EXPECT_EQ(as_user([&] {
              write_file(file, "old\n");
              fs::permissions(file, fs::perms(0));
              return error_of([&] { files.read(file); });
            }),
            refusal);
  EXPECT_EQ(as_user([&] { return update(file); }), refusal);
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesPermissions, RefusesAFileThatBelongsToSomebodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can make somebody else's file";
  write_file(file, "old\n");
  fs::permissions(file, fs::perms(0644));
  EXPECT_EQ(as_user([&] { return update(file); }),
            fmt::format("1 cannot keep the owner of {0}: Operation not permitted\n"
                        "hint: it belongs to another user; name a file of your own with "
                        "AWS_SHARED_CREDENTIALS_FILE",
                        file));
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesPermissions, KeepsTheOwnerWhenRootUpdates) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can keep somebody else's file his";
  as_user([&] {
    write_file(file, "old\n");
    return "";
  });
  EXPECT_EQ(update(file), "done, tightened");
  struct stat status = {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 65534u);
  EXPECT_EQ(status.st_gid, 65534u);
}

struct FilesFailure : FilesTest {
  WipedString old = "old\n";
  void SetUp() override {
    write_file(file, old);
    fs::permissions(file, fs::perms(0600));
  }
  static WipedString large(const WipedString&) { return WipedString(1'000'000, 'x'); }
};

TEST_F(FilesFailure, LimitOnFileSizesIsAnErrorAndNoDeath) {
  EXPECT_EQ(
      in_child([&] {
        const rlimit limit = {100'000, 100'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        return update(file, large) + "\nthen: " + update(file);
      }),
      fmt::format("1 cannot write {}{}: File too large\n"
                  "hint: raise the limit on file sizes (ulimit -f); the old file is as it was\n"
                  "then: done",
                  file, temporary_suffix));
  EXPECT_EQ(read_file(file), "old\nnew\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesFailure, FullDiskLeavesTheOldFile) {
  const std::string result = in_child([&]() -> std::string {
    if (!support::own_mounts() ||
        mount("none", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
      return "cannot mount";
    }
    write_file(file, "old\n");
    const std::string said = update(file, large);
    return fmt::format("{}\n{}{}", said, read_file(file), fmt::join(folder.names(), " "));
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result, fmt::format("1 cannot write {}{}: No space left on device\n"
                                "hint: make room, then try again; the old file is as it was\n"
                                "old\ncredentials",
                                file, temporary_suffix));
}

TEST_F(FilesFailure, FileThatIsAMountOfItsOwnIsNamedAsThat) {
  const std::string result = in_child([&]() -> std::string {
    write_file(folder / "outside", "old\n");
    if (!support::own_mounts() ||
        mount((folder / "outside").c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0) {
      return "cannot mount";
    }
    return update(file);
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result, fmt::format("1 cannot replace {}: Device or resource busy\n"
                                "hint: it is a mount of its own, as in a container: mount the "
                                "folder that it lies in",
                                file));
  EXPECT_EQ(folder.names(), (Names{"credentials", "outside"}));
}

}  // namespace
}  // namespace os
