#include "os/private_folder.h"

#include "support/child.h"
#include "support/scratch.h"

#include <filesystem>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

namespace os {
namespace {

namespace fs = std::filesystem;
using support::write_file;

constexpr const char* fine = "fine";

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

// Everything is done as an ordinary user: root may do all of it.
struct PrivateFolder : testing::Test {
  support::ScratchFolder home;
  std::string cache = home / "cache";
  std::string folder = cache + "/ours";
  std::string file = folder + "/sessions";

  void SetUp() override {
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms(0700));
    write_file(file, "");
    fs::permissions(file, fs::perms(0600));
    give({home.path(), cache, folder, file}, 65534);
  }
  static void give(std::initializer_list<std::string> paths, uid_t owner) {
    if (geteuid() != 0) return;
    for (const std::string& path : paths) ASSERT_EQ(lchown(path.c_str(), owner, owner), 0);
  }
  std::string problem() const { return problem_of(folder); }
  static std::string problem_of(const std::string& path) {
    return support::in_child([&] {
      support::become_ordinary_user();
      return private_folder_problem(path).value_or(fine);
    });
  }
};

TEST_F(PrivateFolder, MayBeUsedWhenItIsOurs) { EXPECT_EQ(problem(), fine); }

TEST_F(PrivateFolder, NeedNotExist) {
  fs::remove_all(cache);
  EXPECT_EQ(problem(), fine);
  EXPECT_FALSE(fs::exists(cache)) << "it is not made by being checked";
}

TEST_F(PrivateFolder, IsClosedWhenItIsOpenToOthers) {
  fs::permissions(folder, fs::perms(0755));
  EXPECT_EQ(problem(), fine);
  EXPECT_EQ(mode_of(folder), 0700u);
}

TEST_F(PrivateFolder, MayLieBehindALinkOfOurs) {
  fs::rename(cache, home / "elsewhere");
  fs::create_symlink("elsewhere", cache);
  give({cache}, 65534);
  EXPECT_EQ(problem(), fine);
}

TEST_F(PrivateFolder, OthersCanWriteOnTheWay) {
  for (const std::string& open : {cache, home.path().string()}) {
    fs::permissions(open, fs::perms(0777));
    EXPECT_EQ(problem(), fmt::format("others can write to {}", open));
    fs::permissions(open, fs::perms(01777));
    EXPECT_EQ(problem(), fine) << "sticky, as /tmp";
    fs::permissions(open, fs::perms(0755));
  }
}

TEST_F(PrivateFolder, BelongsToAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can make somebody else's folder";
  give({folder}, 1);
  EXPECT_EQ(problem(), folder + " belongs to another user");
  give({folder}, 65534);
  give({cache}, 1);
  EXPECT_EQ(problem(), cache + " belongs to another user");
  fs::remove_all(folder);
  fs::permissions(cache, fs::perms(01777));
  EXPECT_EQ(problem(), cache + " belongs to another user");
}

TEST_F(PrivateFolder, LiesBehindALinkOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can make somebody else's link";
  fs::rename(folder, cache + "/elsewhere");
  fs::create_symlink("elsewhere", folder);
  give({folder}, 1);
  EXPECT_EQ(problem(), folder + " is a link of another user's");
}

// Root would leave there what its owner cannot use.
TEST_F(PrivateFolder, IsNotMadeByRootInSomebodysHome) {
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: only for root";
  fs::remove_all(cache);
  EXPECT_EQ(private_folder_problem(folder), home.path().string() + " belongs to another user");
  EXPECT_FALSE(fs::exists(cache));
}

TEST_F(PrivateFolder, HoldsAFileThatIsNotToBeTrusted) {
  fs::remove(file);
  fs::create_symlink("/etc/passwd", file);
  give({file}, 65534);
  EXPECT_EQ(problem(), file + " is a link");
  fs::remove(file);
  fs::create_directory(file);
  give({file}, 65534);
  EXPECT_EQ(problem(), file + " is not a regular file");
  fs::remove(file);
  write_file(file, "");
  give({file}, 65534);
  fs::permissions(file, fs::perms(0644));
  EXPECT_EQ(problem(), "others can use " + file);
  fs::permissions(file, fs::perms(0));
  EXPECT_EQ(problem(), fmt::format("cannot read {}: Permission denied", file));
  if (geteuid() != 0) return;
  fs::permissions(file, fs::perms(0600));
  give({file}, 0);
  EXPECT_EQ(problem(), file + " belongs to another user");
}

TEST_F(PrivateFolder, CannotBeMade) {
  EXPECT_EQ(problem_of("/aws-session-token-test/ours"), "cannot write to /: Permission denied");
  fs::remove_all(folder);
  fs::permissions(cache, fs::perms(0500));
  EXPECT_EQ(problem(), fmt::format("cannot write to {}: Permission denied", cache));
  EXPECT_EQ(problem_of("/dev/null/ours"), "/dev/null is not a folder");
}

TEST_F(PrivateFolder, LosesThePageThatAKilledProcessLeft) {
  const std::string old_page = folder + "/sign-in-abc123.html";
  const std::string new_page = folder + "/sign-in-abc124.html";
  for (const std::string& page : {old_page, new_page}) {
    write_file(page, "a secret");
    fs::permissions(page, fs::perms(0600));
  }
  give({old_page, new_page}, 65534);
  const utimbuf times = {.actime = 1, .modtime = 1};
  ASSERT_EQ(utime(old_page.c_str(), &times), 0);
  EXPECT_EQ(problem(), fine);
  EXPECT_FALSE(fs::exists(old_page));
  EXPECT_TRUE(fs::exists(new_page)) << "a browser may be about to read it";
}

}  // namespace
}  // namespace os
