#include "app/settings.h"

#include "support/doors.h"
#include "support/error.h"

#include <gtest/gtest.h>

namespace app {
namespace {

constexpr const char* path = "/home/u/.config/aws-session-token/config";

std::string error_of_settings(const std::string& text) {
  support::FakeFiles files;
  files.contents[path] = text;
  return support::error_of([&] { read_settings(support::FakeEnvironment(), files); });
}

TEST(Settings, AreTheBuiltInOnesWithoutAFile) {
  support::FakeFiles files;
  const Settings settings = read_settings(support::FakeEnvironment(), files);
  EXPECT_EQ(settings.username, "");
  EXPECT_EQ(settings.role, "AdminRole");
  EXPECT_EQ(settings.profile, "session_token");
}

TEST(Settings, StandInTheFolderThatXdgNames) {
  support::FakeFiles files;
  support::FakeEnvironment environment;
  environment.variables["XDG_CONFIG_HOME"] = "/xdg";
  files.contents["/xdg/aws-session-token/config"] =
      "[settings]\nusername = jo\nduration = max\nsession_duration = 2h\nrole =\n"
      "[key work]\nstore = sealed\n";
  const Settings settings = read_settings(environment, files);
  EXPECT_EQ(settings.username, "jo");
  EXPECT_EQ(settings.duration, "max");
  EXPECT_EQ(settings.session_duration, base::Seconds{7200});
  EXPECT_EQ(settings.role, "AdminRole");  // an empty value sets nothing
}

TEST(Settings, AreNeverSilentlyIgnored) {
  EXPECT_EQ(error_of_settings("# mine\n[settings]\nusrname = jo\n"),
            "1 /home/u/.config/aws-session-token/config, line 3: there is no setting usrname\n"
            "hint: did you mean username?");
  EXPECT_EQ(error_of_settings("[settings]\nduration = soon\n"),
            "1 /home/u/.config/aws-session-token/config, line 2: duration cannot be `soon`\n"
            "hint: it takes 45m, 12h, a number of seconds, or max");
  EXPECT_EQ(error_of_settings("[setings]\nusername = jo\n"),
            "1 /home/u/.config/aws-session-token/config, line 1: there is no section [setings]\n"
            "hint: the settings stand in [settings]");
}

}  // namespace
}  // namespace app
