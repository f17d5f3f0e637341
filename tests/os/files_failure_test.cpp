#include "files_fixture.h"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

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
            fmt::format("1 cannot lock a file in {0}: Permission denied\n"
                        "hint: check the owner and mode with: ls -ld {0}",
                        folder.path().string()));
  fs::permissions(folder.path(), fs::perms(0700));
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesPermissions, SeesBeforeAnUpdateThatTheFolderIsReadOnly) {
  const std::string refusal = fmt::format(
      "1 cannot write into {0}: Permission denied\n"
      "hint: check the owner and mode with: ls -ld {0}",
      folder.path().string());
  EXPECT_EQ(as_user([&] {
              fs::permissions(folder.path(), fs::perms(0500));
              return error_of([&] { files.check_writable(folder / "not/there/credentials"); });
            }),
            refusal);
  EXPECT_EQ(as_user([&] { return error_of([&] { files.check_writable(file); }); }), refusal);
  fs::permissions(folder.path(), fs::perms(0700));
  EXPECT_EQ(as_user([&] { return error_of([&] { files.check_writable(file); }); }),
            "nothing was thrown");
  EXPECT_EQ(folder.names(), Names{});
}

TEST_F(FilesPermissions, NamesTheFileThatCannotBeRead) {
  const std::string refusal = fmt::format(
      "1 cannot read {0}: Permission denied\n"
      "hint: check the owner and mode with: ls -ld {0}",
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

// Root's file in somebody's folder would be of no use to them.
TEST_F(FilesPermissions, GivesANewFileToTheOwnerOfTheFolder) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can give a file away";
  EXPECT_EQ(update(file), "done");
  EXPECT_EQ(update(folder / "made/for/credentials"), "done");
  EXPECT_EQ(as_user([&] { return update(file) + ", " + update(folder / "made/for/credentials"); }),
            "done, done");
  EXPECT_EQ(read_file(folder / "made/for/credentials"), "new\nnew\n");
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
                  "hint: raise the limit on file sizes (ulimit -f); the file was not changed\n"
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
                                "hint: free some space, then try again; the file was not changed\n"
                                "old\ncredentials",
                                file, temporary_suffix));
}

// As development containers mount a single file: nothing can take its place.
TEST_F(FilesFailure, FileThatIsAMountPointIsWrittenInPlace) {
  const std::string outside = folder / "outside";
  const std::string result = in_child([&]() -> std::string {
    write_file(outside, "old\n");
    if (!support::own_mounts() ||
        mount(outside.c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0) {
      return "cannot mount";
    }
    files.check_writable(file);
    const bool told =
        files.update(file, [](const WipedString&) { return WipedString("longer than before\n"); })
            .in_place;
    const std::string longer = read_file(file);
    update(file, [](const WipedString&) { return WipedString("short\n"); });
    return fmt::format("{}{}{}{:o}", told ? "told\n" : "", longer, read_file(file), mode_of(file));
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result, "told\nlonger than before\nshort\n600");
  EXPECT_EQ(read_file(outside), "short\n");
  EXPECT_EQ(folder.names(), (Names{"credentials", "outside"}));
}

TEST_F(FilesFailure, FileThatIsAMountPointIsLeftAsItIsByAFullDisk) {
  const std::string result = in_child([&]() -> std::string {
    const std::string disk = folder / "disk";
    fs::create_directory(disk);
    if (!support::own_mounts() || mount("none", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
      return "cannot mount";
    }
    write_file(disk + "/outside", "old\n");
    if (mount((disk + "/outside").c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0) {
      return "cannot mount";
    }
    return update(file, large) + "\n" + read_file(file);
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result,
            fmt::format("1 cannot write {}: No space left on device\n"
                        "hint: free some space, then try again; the file was not changed\nold\n",
                        file));
}

// Fails the first system call of that number, as if the system said `error`.
struct FilesRefusal : FilesFailure {
  std::string update_refused(long number, int error, const std::string& path) {
    bool refused = false;
    return support::in_traced_child([&] { return update(path); },
                                    [&](long call) {
                                      if (call != number || std::exchange(refused, true)) {
                                        return support::Verdict{};
                                      }
                                      return support::Verdict{support::Verdict::fail, error};
                                    });
  }
};

TEST_F(FilesRefusal, IsSaidWithAHintAndLosesNothing) {
  SKIP_WITHOUT_TRACING();
  struct Case {
    long call;
    int error;
    std::string said;
  };
  const std::string temporary = file + temporary_suffix;
  const std::string lock = file + lock_suffix;
  const std::string here = folder.path();
  const std::string room = "free some space, then try again; the file was not changed";
  const std::string attributes = fmt::format(
      "hint: check the owner and mode with: ls -ld {0}\n"
      "hint: if they allow it, check the attributes with: lsattr -d {0}",
      file);
  const Case cases[] = {
      {SYS_write, EDQUOT, "write " + temporary + ": Disk quota exceeded\nhint: " + room},
      {SYS_fsync, EDQUOT, "write " + temporary + ": Disk quota exceeded\nhint: " + room},
      {SYS_fsync, ENOSPC, "write " + temporary + ": No space left on device\nhint: " + room},
      {SYS_renameat2, ENOSPC, "replace " + file + ": No space left on device\nhint: " + room},
      {SYS_renameat2, EPERM, "replace " + file + ": Operation not permitted\n" + attributes},
      {SYS_renameat2, EROFS,
       "replace " + file +
           ": Read-only file system\nhint: the file system is read-only; name another file with "
           "AWS_SHARED_CREDENTIALS_FILE"},
      {SYS_flock, ENOLCK, "done, unlocked"},
      {SYS_flock, EOPNOTSUPP, "done, unlocked"},
      {SYS_readlink, EIO, "follow " + file + ": Input/output error"},
  };
  for (const Case& test : cases) {
    write_file(file, old);
    const bool works = test.said.starts_with("done");
    EXPECT_EQ(update_refused(test.call, test.error, file),
              works ? test.said : "1 cannot " + test.said);
    EXPECT_EQ(read_file(file), works ? "old\nnew\n" : "old\n");
    EXPECT_EQ(folder.names(), Names{"credentials"});
  }
}

// Where it can never be told whether the lock still has its name, trying again does not help.
TEST_F(FilesRefusal, OfTheLocksStatusEndsTheUpdate) {
  SKIP_WITHOUT_TRACING();
  int calls = 0;
  EXPECT_EQ(support::in_traced_child([&] { return update(file); },
                                     [&](long call) {
                                       if (call != SYS_newfstatat) return support::Verdict{};
                                       if (++calls > 200) {
                                         return support::Verdict{support::Verdict::kill, 0};
                                       }
                                       return support::Verdict{support::Verdict::fail, EACCES};
                                     })
                .substr(0, 14),
            "1 cannot lock ");
  EXPECT_EQ(read_file(file), "old\n");
}

TEST_F(FilesRefusal, LeavesNoFolderThatWasMadeForNothing) {
  SKIP_WITHOUT_TRACING();
  for (const long call : {SYS_write, SYS_fsync, SYS_renameat2}) {
    EXPECT_EQ(update_refused(call, EIO, folder / "a/b/file").substr(0, 9), "1 cannot ");
    EXPECT_EQ(folder.names(), Names{"credentials"}) << call;
  }
  fs::create_directory(folder / "a");
  update_refused(SYS_write, EIO, folder / "a/b/file");
  EXPECT_EQ(support::ScratchFolder::names_in(folder / "a"), Names{}) << "a was there before";
  EXPECT_TRUE(fs::exists(folder / "a"));
}

// Between making the folder and the lock in it another process may take the folder away again.
TEST_F(FilesRefusal, MakesTheFolderAgainThatWasTakenAway) {
  SKIP_WITHOUT_TRACING();
  const std::string path = folder / "aws/credentials";
  bool made = false;
  EXPECT_EQ(support::in_traced_child([&] { return update(path); },
                                     [&](long call) {
                                       if (call == SYS_openat && !std::exchange(made, true)) {
                                         fs::remove(folder / "aws");
                                       }
                                       return support::Verdict{};
                                     }),
            "done");
  EXPECT_EQ(read_file(path), "new\n");
}

TEST_F(FilesFailure, FolderThatIsALinkToNothingIsNamed) {
  fs::create_symlink("nowhere", folder / "aws");
  EXPECT_EQ(update(folder / "aws/credentials"),
            fmt::format("1 cannot lock {0}/aws/credentials{1}: No such file or directory\n"
                        "hint: {0}/aws is a dangling link, or was removed meanwhile",
                        folder.path().string(), lock_suffix));
  EXPECT_EQ(folder.names(), (Names{"aws", "credentials"}));
}

TEST_F(FilesFailure, ReadOnlyFileSystemIsNamed) {
  const std::string result = in_child([&]() -> std::string {
    const std::string path = folder.path();
    if (!support::own_mounts() || mount(path.c_str(), path.c_str(), nullptr, MS_BIND, "") != 0 ||
        mount("", path.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, "") != 0) {
      return "cannot mount";
    }
    return update(file);
  });
  if (result == "cannot mount") GTEST_SKIP() << "SKIPPED: no file system may be mounted here";
  EXPECT_EQ(result, fmt::format("1 cannot lock {}{}: Read-only file system\n"
                                "hint: the file system is read-only; name another file with "
                                "AWS_SHARED_CREDENTIALS_FILE",
                                file, lock_suffix));
  EXPECT_EQ(read_file(file), "old\n");
}

// chattr +i, as some keep their dotfiles.
TEST_F(FilesFailure, ImmutableFileIsNamedAndLeft) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  int flags = 0;
  ASSERT_EQ(ioctl(fd, FS_IOC_GETFLAGS, &flags), 0);
  const int immutable = flags | FS_IMMUTABLE_FL;
  if (ioctl(fd, FS_IOC_SETFLAGS, &immutable) != 0) {
    close(fd);
    GTEST_SKIP() << "SKIPPED: no file may be made immutable here";
  }
  const std::string foreseen = error_of([&] { files.check_writable(file); });
  const std::string said = update(file);
  ioctl(fd, FS_IOC_SETFLAGS, &flags);
  close(fd);
  EXPECT_EQ(foreseen, said);
  EXPECT_EQ(said, fmt::format("1 cannot replace {0}: Operation not permitted\n"
                              "hint: check the owner and mode with: ls -ld {0}\n"
                              "hint: if they allow it, check the attributes with: lsattr -d {0}",
                              file));
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

}  // namespace
}  // namespace os
