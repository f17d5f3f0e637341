#include "app/config/state_folder.h"

#include "support/doors.h"

#include <gtest/gtest.h>

namespace app {
namespace {

struct StateFolderTest : testing::Test {
  struct Files : support::FakeFiles {
    std::string memory;
    bool is_private_memory(const std::string& folder) override { return folder == memory; }
  };
  support::FakeEnvironment environment;
  Files files;
  std::string path() { return state_folder(environment, files); }
};

TEST_F(StateFolderTest, IsInMemoryWhereItCanBe) {
  environment.variables["XDG_RUNTIME_DIR"] = "/run/user/1000";
  files.memory = "/run/user/1000";
  EXPECT_EQ(path(), "/run/user/1000/aws-session-token");
  EXPECT_TRUE(find_state_folder(environment, files).in_memory);
}

TEST_F(StateFolderTest, IsInTheCacheElsewhere) {
  EXPECT_EQ(path(), "/home/u/.cache/aws-session-token");
  environment.variables["XDG_RUNTIME_DIR"] = "/run/user/0";
  environment.variables["XDG_CACHE_HOME"] = "/scratch/u";
  EXPECT_EQ(path(), "/scratch/u/aws-session-token");
  EXPECT_FALSE(find_state_folder(environment, files).in_memory);
}

TEST_F(StateFolderTest, IgnoresRelativePaths) {
  environment.variables["XDG_RUNTIME_DIR"] = "run";
  environment.variables["XDG_CACHE_HOME"] = "cache";
  files.memory = "run";
  EXPECT_EQ(path(), "/home/u/.cache/aws-session-token");
}

TEST_F(StateFolderTest, IsNoneWhereNothingMayBeKept) {
  files.state_problem = "/home/u/.cache belongs to another user";
  const StateFolder folder = find_state_folder(environment, files);
  EXPECT_EQ(folder.path, "");
  EXPECT_EQ(folder.problem,
            "no session is kept for the next command: /home/u/.cache belongs to another user; "
            "another place can be named with XDG_CACHE_HOME");
}

}  // namespace
}  // namespace app
