#include "app/config/settings.h"

#include "app/config/role_choice.h"
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

// As the XDG Base Directory Specification says.
TEST(Settings, DoNotStandInARelativeFolder) {
  support::FakeEnvironment environment;
  environment.variables["XDG_CONFIG_HOME"] = "xdg";
  EXPECT_EQ(settings_path(environment), path);
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

TEST(Settings, ALimitIsNotEmpty) {
  for (const std::string name : {"duration", "session_duration"}) {
    EXPECT_EQ(error_of_settings("[settings]\n" + name + " =\n"),
              "1 /home/u/.config/aws-session-token/config, line 2: " + name +
                  " is empty\nhint: give it a value, or remove the line");
  }
}

TEST(Settings, AreToldByTheirPlaceWhereTheyCanNeverWork) {
  const std::string place = "1 /home/u/.config/aws-session-token/config, line 3: ";
  EXPECT_EQ(error_of_settings("[settings]\n\nusername = jane doe\n"),
            place +
                "username cannot be `jane doe`\n"
                "hint: the user name `jane doe` has a character that AWS does not allow: only "
                "ASCII letters, digits and _+=,.@-");
  EXPECT_EQ(error_of_settings("[settings]\n# long\nduration = 5m\n"),
            place +
                "duration cannot be `5m`\n"
                "hint: the duration of 5 min is too short for AssumeRole: AWS allows 15 min to "
                "12 h");
}

// What it means depends on the profiles that there are when it is wanted.
TEST(Settings, TellTheirRoleByItsPlaceWhenItIsWanted) {
  support::FakeFiles files;
  files.contents[path] = "[settings]\nrole = your role\n";
  const Settings settings = read_settings(support::FakeEnvironment(), files);
  const aws::SharedConfig shared{aws::SharedFile(base::WipedString()),
                                 aws::SharedFile(base::WipedString())};
  EXPECT_EQ(support::error_of([&] { choose_role(shared, settings); }),
            "1 /home/u/.config/aws-session-token/config, line 2: role cannot be `your role`\n"
            "hint: `your role` is neither a role nor a profile with a role_arn\n"
            "hint: give a role's name, /path/NAME, ACCOUNT:NAME or ARN\n"
            "hint: see your profiles with: aws configure list-profiles");
}

}  // namespace
}  // namespace app
