#include "files_fixture.h"

#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace os {
namespace {

namespace fs = std::filesystem;
using base::WipedString;
using support::error_of;
using support::read_file;
using support::write_file;
using Names = std::set<std::string>;

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
                        "hint: there is a folder where the file should be",
                        folder.path().string()));
}

// As in AWS_CONFIG_FILE=<(...): the files are looked into more than once.
TEST_F(FilesRead, GivesWhatCameFromAPipeAgain) {
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const pid_t writer = fork();
  if (writer == 0) {
    std::ofstream(pipe) << "[default]\n";
    _exit(0);
  }
  EXPECT_EQ(files.read(pipe), "[default]\n");
  waitpid(writer, nullptr, 0);
  EXPECT_EQ(files.read(pipe), "[default]\n");
}

struct FilesUpdate : FilesTest {};

TEST_F(FilesRead, RemovesWhatAKilledUpdateLeft) {
  write_file(file, "now\n");
  write_file(file + temporary_suffix, "a secret of before");
  EXPECT_EQ(*files.read(file), "now\n");
  EXPECT_EQ(folder.names(), Names{"credentials"});
  fs::create_symlink("credentials", folder / "link");
  write_file(file + temporary_suffix, "a secret of before");
  EXPECT_EQ(*files.read(folder / "link"), "now\n");
  EXPECT_EQ(folder.names(), (Names{"credentials", "link"}));
}

TEST_F(FilesRead, LeavesTheTemporaryFileOfAnUpdateThatIsAtWork) {
  write_file(file, "old\n");
  const auto edit = [&](const WipedString& old) {
    write_file(file + temporary_suffix, "being written");
    EXPECT_EQ(*files.read(file), "old\n");
    EXPECT_TRUE(fs::exists(file + temporary_suffix));
    return add_new(old);
  };
  EXPECT_EQ(update(file, edit).substr(0, 4), "done");
}

TEST_F(FilesRead, TakesAPipeAndNoDevice) {
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  std::thread writer([&] { write_file(file, "through a pipe\n"); });
  EXPECT_EQ(*files.read(file), "through a pipe\n");
  writer.join();
  EXPECT_EQ(*files.read("/dev/null"), "");
  for (const char* device : {"/dev/zero", "/dev/urandom"}) {
    EXPECT_EQ(error_of([&] { files.read(device); }),
              fmt::format("1 {} is a device, not a file\n"
                          "hint: name a file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE",
                          device));
  }
}

TEST_F(FilesRead, DoesNotWaitForAPipeForEver) {
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  SystemFiles hasty(interrupt, {.pipe = std::chrono::milliseconds(30)});
  EXPECT_EQ(error_of([&] { hasty.read(file); }),
            fmt::format("1 nothing comes from {}, which is a pipe\n"
                        "hint: see whether what should write to it is running",
                        file));
}

TEST_F(FilesRead, HasALimit) {
  write_file(file, "");
  fs::resize_file(file, (std::uintmax_t{64} << 20) + 1);
  EXPECT_EQ(error_of([&] { files.read(file); }),
            fmt::format("1 {} is larger than 64 MiB\n"
                        "hint: it can hardly be a shared file of AWS clients",
                        file));
}

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

TEST_F(FilesUpdate, LeavesAFileThatTheEditDoesNotChange) {
  const auto same = [](WipedString bytes) { return bytes; };
  write_file(file, "old\n");
  chmod(file.c_str(), 0600);
  struct stat before = {}, after = {};
  stat(file.c_str(), &before);
  files.update(file, same);
  stat(file.c_str(), &after);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_EQ(after.st_ctim.tv_sec, before.st_ctim.tv_sec);
  EXPECT_EQ(after.st_ctim.tv_nsec, before.st_ctim.tv_nsec);
  EXPECT_EQ(folder.names(), Names{"credentials"});
  chmod(file.c_str(), 0640);
  EXPECT_TRUE(files.update(file, same).tightened);
  EXPECT_EQ(mode_of(file), 0600u);
}

// Somebody who takes no lock: the edit sees what he wrote.
TEST_F(FilesUpdate, RunsTheEditAgainWhenTheFileThatStaysWasReplaced) {
  write_file(file, "old\n");
  chmod(file.c_str(), 0600);
  int runs = 0;
  files.update(file, [&](WipedString bytes) {
    if (++runs == 1) {
      write_file(file + ".other", "his\n");
      fs::rename(file + ".other", file);
    }
    return bytes == "his\n" ? WipedString("ours\n") : bytes;
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(read_file(file), "ours\n");
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

TEST_F(FilesUpdate, RefusesWhatIsNotARegularFile) {
  const std::string refusal = fmt::format(
      "1 {} is not a regular file\n"
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
                        "hint: there is a file where the folder should be: {}",
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

}  // namespace
}  // namespace os
