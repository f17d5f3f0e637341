#include "os/file_probe.h"

#include "support/scratch.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace os {
namespace {

namespace fs = std::filesystem;

TEST(FileProbe, TellsModeAndOwnerAndFollowsLinks) {
  const support::ScratchFolder folder;
  std::ofstream(folder / "credentials") << "x";
  fs::permissions(folder / "credentials", fs::perms(0640));
  fs::create_symlink("credentials", folder / "link");
  for (const char* name : {"credentials", "link"}) {
    const auto facts = SystemFileProbe().status(folder / name);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->mode, 0640u);
    EXPECT_TRUE(facts->is_file && facts->ours && facts->strays.empty());
  }
  EXPECT_FALSE(SystemFileProbe().status(folder.path())->is_file);
  EXPECT_FALSE(SystemFileProbe().status(folder / "none"));
  EXPECT_FALSE(SystemFileProbe().status(folder / "credentials/none"));
}

// The two names of os/replacement; others' files and our lock are none.
TEST(FileProbe, FindsWhatAKilledUpdateLeft) {
  const support::ScratchFolder folder;
  for (const char* name :
       {"credentials", "credentials.aws-session-token.tmp", "credentials.aws-session-token.17.tmp",
        "credentials.aws-session-token.lock", "credentials.tmp", "config.aws-session-token.tmp"}) {
    std::ofstream(folder / name) << "x";
  }
  const auto facts = SystemFileProbe().status(folder / "credentials");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->strays, (std::vector{folder / "credentials.aws-session-token.17.tmp",
                                        folder / "credentials.aws-session-token.tmp"}));
}

}  // namespace
}  // namespace os
