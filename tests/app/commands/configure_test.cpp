#include "app/commands/configure.h"

#include "support/doors.h"
#include "support/error.h"

#include <gtest/gtest.h>

namespace app {
namespace {

constexpr const char* path = "/home/u/.config/aws-session-token/config";

std::string error_of_writing(const std::string& name, const std::string& value) {
  support::FakeFiles files;
  files.contents["/home/u/.aws/config"] =
      "[profile my/role]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = k\n"
      "[profile 123456]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = k\n"
      "[profile later]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = nowhere\n"
      "[profile k]\naws_access_key_id = AKIA\naws_secret_access_key = S\n";
  const std::string error =
      support::error_of([&] { write_setting(support::FakeEnvironment(), files, name, value); });
  EXPECT_EQ(files.contents.contains(path), error == "nothing was thrown");
  return error;
}

TEST(Configure, RefusesWhatCanNeverWork) {
  EXPECT_EQ(error_of_writing("username", "jane doe"),
            "2 username cannot be `jane doe`\n"
            "hint: the user name `jane doe` has a character that AWS does not allow: only ASCII "
            "letters, digits and _+=,.@-");
  EXPECT_EQ(error_of_writing("username", std::string(129, 'a')),
            "2 username cannot be `" + std::string(129, 'a') +
                "`\nhint: the user name has 129 characters: AWS allows 1 to 128");
  EXPECT_EQ(error_of_writing("serial_number", "123456"),
            "2 serial_number cannot be what looks like an MFA code\n"
            "hint: the serial number of the MFA device has 6 characters: AWS allows 9 to 256");
  EXPECT_EQ(error_of_writing("profile", "my session"),
            "2 profile cannot be `my session`\n"
            "hint: it takes letters, digits and _ . / % @ : + - only, 128 at most");
  EXPECT_EQ(error_of_writing("duration", "13h"),
            "2 duration cannot be `13h`\n"
            "hint: the duration of 13 h is too long for AssumeRole: AWS allows 15 min to 12 h");
  EXPECT_EQ(error_of_writing("session_duration", "5m"),
            "2 session_duration cannot be `5m`\n"
            "hint: the duration of 5 min is too short for GetSessionToken: AWS allows 15 min to "
            "36 h");
  // Six digits are no MFA code here.
  EXPECT_EQ(error_of_writing("session_duration", "172800"),
            "2 session_duration cannot be `172800`\n"
            "hint: the duration of 48 h is too long for GetSessionToken: AWS allows 15 min to 36 "
            "h");
  EXPECT_EQ(error_of_writing("region", "eu central"),
            "2 region cannot be `eu central`\nhint: a region looks like eu-central-1");
}

TEST(Configure, TakesARoleAsTheOptionDoes) {
  EXPECT_EQ(error_of_writing("role", "arn:aws:iam::123456789012:user/jo"),
            "2 role cannot be `arn:aws:iam::123456789012:user/jo`\n"
            "hint: `arn:aws:iam::123456789012:user/jo` is not the ARN of a role: it names a user\n"
            "hint: a role's ARN looks like arn:aws:iam::123456789012:role/AdminRole");
  EXPECT_EQ(error_of_writing("role", "AKIAIOSFODNN7EXAMPLE"),
            "2 role cannot be what looks like an access key ID\n"
            "hint: this looks like an access key ID, not like a role\n"
            "hint: if a role really has that name, put `role/` before it");
  EXPECT_EQ(error_of_writing("role", "your role"),
            "2 role cannot be `your role`\n"
            "hint: `your role` is neither a role nor a profile with a role_arn\n"
            "hint: give a role's name, /path/NAME, ACCOUNT:NAME or ARN\n"
            "hint: see your profiles with: aws configure list-profiles");
  for (const char* role :
       {"my/role", "123456", "later", "LongRole", "/team/Admin", "123456789012:A"}) {
    EXPECT_EQ(error_of_writing("role", role), "nothing was thrown") << role;
  }
}

TEST(Configure, TakesWhateverMayWork) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"username", "jo+x@example.com"},
                                                        {"serial_number", "GAHT12345678"},
                                                        {"profile", "{name}-session"},
                                                        {"duration", "max"},
                                                        {"duration", "12h"},
                                                        {"session_duration", "36h"},
                                                        {"region", "xx-new-1"},
                                                        {"source_profile", "my key"},
                                                        {"min_ttl", "0"},
                                                        {"username", ""},
                                                        {"role", ""}}) {
    EXPECT_EQ(error_of_writing(name, value), "nothing was thrown") << name << " " << value;
  }
}

}  // namespace
}  // namespace app
