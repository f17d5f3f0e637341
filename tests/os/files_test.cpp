#include "os/files.h"

#include "os/interrupt.h"
#include "support/child.h"
#include "support/error.h"
#include "support/scratch.h"
#include "support/vectors.h"

#include <csignal>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

constexpr const char* lock_suffix = ".aws-session-token.lock";
constexpr const char* temporary_suffix = ".aws-session-token.tmp";

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

WipedString add_new(const WipedString& old) { return old + "new\n"; }

struct FilesTest : testing::Test {
  support::ScratchFolder folder;
  Interrupt interrupt;
  SystemFiles files{interrupt};
  std::string file = folder / "credentials";

  // As one text: what happened, and what the update had to say beside it.
  std::string update(const std::string& path, const Files::Edit& edit = add_new) {
    std::string text = "done";
    const std::string error = error_of([&] {
      const UpdateReport report = files.update(path, edit);
      if (report.tightened) text += ", tightened";
      if (report.unlocked) text += ", unlocked";
    });
    return error == "nothing was thrown" ? text : error;
  }
};

struct FilesRead : FilesTest {};

TEST_F(FilesRead, GivesEveryByte) {
  const std::string bytes = std::string("\0\r\n\xff", 4) + std::string(200'000, 'x') + "end";
  write_file(file, bytes);
  const auto read = files.read(file);
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::string_view(*read) == bytes);
  write_file(file, "");
  EXPECT_EQ(files.read(file), WipedString());
}

TEST_F(FilesRead, GivesNothingForAMissingFile) {
  EXPECT_FALSE(files.read(file));
  EXPECT_FALSE(files.read(folder / "no/folder"));
  write_file(file, "");
  EXPECT_FALSE(files.read(file + "/below a file"));
}

TEST_F(FilesRead, SaysThatAFolderIsNoFile) {
  EXPECT_EQ(error_of([&] { files.read(folder.path()); }),
            fmt::format("1 cannot read {}: Is a directory\n"
                        "hint: a folder stands where the file should be",
                        folder.path().string()));
}

struct FilesUpdate : FilesTest {};

TEST_F(FilesUpdate, CreatesAFileForTheOwnerOnly) {
  const std::string path = folder / "a/b/credentials";
  const mode_t before = umask(0);
  EXPECT_EQ(update(path), "done");
  umask(before);
  EXPECT_EQ(read_file(path), "new\n");
  EXPECT_EQ(mode_of(path), 0600u);
  EXPECT_EQ(mode_of(folder / "a/b"), 0700u);
  EXPECT_EQ(mode_of(folder / "a"), 0700u);
  EXPECT_EQ(support::ScratchFolder::names_in(folder / "a/b"), Names{"credentials"});
}

TEST_F(FilesUpdate, CreatesAFileThatTheOwnerCanReadWhateverTheUmask) {
  const mode_t before = umask(0777);
  EXPECT_EQ(update(file), "done");
  umask(before);
  EXPECT_EQ(mode_of(file), 0600u);
}

TEST_F(FilesUpdate, ReplacesWhatTheEditMakesOfTheOldBytes) {
  const std::string long_text(300'000, 'x');
  write_file(file, long_text);
  fs::permissions(file, fs::perms(0600));
  EXPECT_EQ(update(file), "done");
  EXPECT_TRUE(read_file(file) == long_text + "new\n");
  EXPECT_EQ(update(file, [](const WipedString&) { return WipedString("short"); }), "done");
  EXPECT_EQ(read_file(file), "short");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesUpdate, KeepsTheModeOfTheOwnerAndTightensTheRest) {
  struct Case {
    unsigned before, after;
    const char* said;
  };
  for (const Case& test :
       {Case{0600, 0600, "done"}, Case{0400, 0400, "done"}, Case{0700, 0700, "done"},
        Case{0644, 0600, "done, tightened"}, Case{0440, 0400, "done, tightened"},
        Case{0602, 0600, "done, tightened"}}) {
    write_file(file, "old\n");
    fs::permissions(file, fs::perms(test.before));
    EXPECT_EQ(update(file), test.said) << std::oct << test.before;
    EXPECT_EQ(mode_of(file), test.after) << std::oct << test.before;
    fs::remove(file);
  }
}

TEST_F(FilesUpdate, FollowsASymbolicLinkAndLeavesIt) {
  fs::create_directory(folder / "real");
  const std::string real = folder / "real/file";
  write_file(real, "old\n");
  fs::permissions(real, fs::perms(0600));
  for (const std::string& target :
       {real, std::string("real/file"), std::string("./real/../real/file")}) {
    fs::remove(file);
    fs::create_symlink(target, file);
    write_file(real, "old\n");
    EXPECT_EQ(update(file), "done") << target;
    EXPECT_EQ(fs::read_symlink(file), target);
    EXPECT_EQ(read_file(real), "old\nnew\n") << target;
    EXPECT_EQ(support::ScratchFolder::names_in(folder / "real"), Names{"file"}) << target;
  }
  EXPECT_EQ(folder.names(), (Names{"credentials", "real"}));
}

TEST_F(FilesUpdate, FollowsALinkRelativeToItsOwnFolder) {
  fs::create_directories(folder / "a/b");
  write_file(folder / "a/real", "old\n");
  fs::permissions(folder / "a/real", fs::perms(0600));
  fs::create_symlink("../real", folder / "a/b/second");
  fs::create_symlink("a/b", folder / "short");
  fs::create_symlink("short/second", file);
  EXPECT_EQ(update(file), "done");
  EXPECT_EQ(read_file(folder / "a/real"), "old\nnew\n");
  EXPECT_TRUE(fs::is_symlink(file) && fs::is_symlink(folder / "a/b/second"));
}

TEST_F(FilesUpdate, CreatesWhatADanglingLinkPointsTo) {
  fs::create_symlink("new folder/real", file);
  EXPECT_EQ(update(file), "done");
  EXPECT_TRUE(fs::is_symlink(file));
  EXPECT_EQ(read_file(folder / "new folder/real"), "new\n");
  EXPECT_EQ(mode_of(folder / "new folder/real"), 0600u);
}

TEST_F(FilesUpdate, FollowsAsManyLinksAsTheSystemDoes) {
  std::string name = "real";
  for (int i = 1; i <= 41; ++i) {
    const std::string link = "link" + std::to_string(i);
    fs::create_symlink(name, folder / link);
    name = link;
  }
  EXPECT_EQ(update(folder / "link40"), "done");
  EXPECT_EQ(read_file(folder / "link40"), "new\n");
  EXPECT_EQ(update(folder / "link41"),
            fmt::format("1 {} is a symbolic link that leads in a circle\n"
                        "hint: remove the link, or let it point to the real file",
                        folder / "link41"));
}

TEST_F(FilesUpdate, RefusesALinkThatLeadsInACircle) {
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_EQ(update(folder / "a"),
            fmt::format("1 {} is a symbolic link that leads in a circle\n"
                        "hint: remove the link, or let it point to the real file",
                        folder / "a"));
  EXPECT_EQ(folder.names(), (Names{"a", "b"}));
}

TEST_F(FilesUpdate, RefusesWhatIsNoOrdinaryFile) {
  const std::string refusal = fmt::format(
      "1 {} is no ordinary file\n"
      "hint: move it away, or name another file with AWS_SHARED_CREDENTIALS_FILE",
      file);
  fs::create_directory(file);
  EXPECT_EQ(update(file), refusal);
  EXPECT_TRUE(fs::is_directory(file));
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(update(file), refusal);
  EXPECT_TRUE(fs::is_fifo(file));
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesUpdate, SaysThatAFileStandsWhereItsFolderShouldBe) {
  write_file(file, "old\n");
  EXPECT_EQ(update(file + "/below"),
            fmt::format("1 cannot lock {}/below{}: Not a directory\n"
                        "hint: a file stands where the folder should be: {}",
                        file, lock_suffix, file));
  EXPECT_EQ(read_file(file), "old\n");
}

TEST_F(FilesUpdate, LeavesEverythingWhenTheEditThrows) {
  const auto refuse = [](const WipedString&) -> WipedString {
    throw base::Error(base::ErrorKind::usage, "not this one", {"another"});
  };
  EXPECT_EQ(update(file, refuse), "2 not this one\nhint: another");
  EXPECT_EQ(folder.names(), Names{});
  write_file(file, "old\n");
  EXPECT_EQ(update(file, refuse), "2 not this one\nhint: another");
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesUpdate, ClearsAwayWhatAKilledProcessLeft) {
  write_file(file, "old\n");
  fs::permissions(file, fs::perms(0600));
  write_file(file + lock_suffix, "");
  write_file(file + temporary_suffix, "half of a fi");
  EXPECT_EQ(update(file), "done");
  EXPECT_EQ(read_file(file), "old\nnew\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
}

TEST_F(FilesUpdate, DoesNotWriteThroughALinkInThePlaceOfTheTemporaryFile) {
  write_file(folder / "precious", "precious\n");
  fs::create_symlink("precious", file + temporary_suffix);
  EXPECT_EQ(update(file), "done");
  EXPECT_EQ(read_file(folder / "precious"), "precious\n");
  EXPECT_FALSE(fs::is_symlink(file));
  EXPECT_EQ(folder.names(), (Names{"credentials", "precious"}));
}

TEST_F(FilesUpdate, LeavesTheLockFilesOfOtherProgramsAlone) {
  write_file(file + ".lock", "somebody's");
  EXPECT_EQ(update(file), "done");
  EXPECT_EQ(read_file(file + ".lock"), "somebody's");
}

TEST_F(FilesUpdate, ReadsAgainWhatAProgramWithoutTheLockWroteMeanwhile) {
  struct Case {
    const char* what;
    std::function<void()> meddle;
    const char* result;
  };
  const Case cases[] = {
      {"in place", [&] { write_file(file, "theirs\n"); }, "theirs\nnew\n"},
      {"appended", [&] { std::ofstream(file, std::ios::app) << "theirs\n"; }, "old\ntheirs\nnew\n"},
      {"replaced by one of the same size",
       [&] {
         write_file(folder / "other", "OLD\n");
         fs::rename(folder / "other", file);
       },
       "OLD\nnew\n"},
      {"removed", [&] { fs::remove(file); }, "new\n"},
  };
  for (const Case& test : cases) {
    write_file(file, "old\n");
    int calls = 0;
    update(file, [&](const WipedString& old) {
      if (++calls == 1) test.meddle();
      return add_new(old);
    });
    EXPECT_EQ(calls, 2) << test.what;
    EXPECT_EQ(read_file(file), test.result) << test.what;
    EXPECT_EQ(folder.names(), Names{"credentials"}) << test.what;
  }
  fs::remove(file);
  int calls = 0;
  update(file, [&](const WipedString& old) {
    if (++calls == 1) write_file(file, "created\n");
    return add_new(old);
  });
  EXPECT_EQ(read_file(file), "created\nnew\n");
}

TEST_F(FilesUpdate, LosesNothingAmongManyProcesses) {
  constexpr int writers = 6;
  constexpr int rounds = 15;
  const std::string stop = folder / "stop";
  write_file(file, "begin\nend\n");
  support::Child reader([&]() -> std::string {
    while (!fs::exists(stop)) {
      const auto bytes = files.read(file);
      if (!bytes || !bytes->starts_with("begin\n") || !bytes->ends_with("\nend\n")) return "torn";
    }
    return "whole";
  });
  std::deque<support::Child> children;
  for (int writer = 0; writer < writers; ++writer) {
    children.emplace_back([&, writer]() -> std::string {
      for (int round = 0; round < rounds; ++round) {
        files.update(file, [&](const WipedString& old) {
          const std::string line = fmt::format("{}-{}\n", writer, round);
          return WipedString(old).insert(old.size() - 4, line.c_str());
        });
      }
      return "done";
    });
  }
  for (support::Child& child : children) EXPECT_EQ(child.wait(), "done");
  write_file(stop, "");
  EXPECT_EQ(reader.wait(), "whole");
  const std::string result = "\n" + read_file(file);
  for (int i = 0; i < writers * rounds; ++i) {
    const std::string line = fmt::format("\n{}-{}\n", i / rounds, i % rounds);
    EXPECT_NE(result.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(std::count(result.begin(), result.end(), '\n'), 1 + 2 + writers * rounds);
  EXPECT_EQ(folder.names(), (Names{"credentials", "stop"}));
}

TEST_F(FilesUpdate, CanBeInterruptedWhileItWaitsForTheLock) {
  write_file(file, "old\n");
  const int held = open((file + lock_suffix).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(flock(held, LOCK_EX), 0);
  raise(SIGINT);
  EXPECT_EQ(update(file), "130 interrupted");
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(folder.names(), (Names{"credentials", std::string("credentials") + lock_suffix}));
  close(held);
}

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
                        "hint: look at the owner and mode with: ls -ld {0}",
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
