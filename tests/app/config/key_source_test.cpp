#include "app/config/key_source.h"

#include "support/doors.h"
#include "support/error.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using support::error_of;
using Names = std::vector<std::string>;

constexpr const char* key = "aws_access_key_id = AKIA\naws_secret_access_key = S\n";

struct Site {
  support::FakeEnvironment environment;
  support::FakeMessages messages;
  Settings settings;
  std::string config;
  std::string credentials = "[default]\n" + std::string(key);

  SourceKey find(const std::string& named = "") {
    const aws::SharedConfig shared{aws::SharedFile(base::WipedString(config)),
                                   aws::SharedFile(base::WipedString(credentials))};
    return find_source_key(shared, environment, settings, named, nullptr, messages);
  }
};

// AWS_PROFILE may be meant for other programs: whatever it names, the search goes on.
TEST(KeySource, PassesOverAProfileOfAVariableThatLeadsToNoKey) {
  Site site;
  site.config =
      "[profile region]\nregion = eu-west-1\n"
      "[profile sso]\nsso_session = work\n"
      "[profile loop]\nrole_arn = R\nsource_profile = pool\n"
      "[profile pool]\nrole_arn = R\nsource_profile = loop\n"
      "[profile lost]\nrole_arn = R\nsource_profile = nowhere\n";
  for (const std::string profile : {"region", "sso", "loop", "lost"}) {
    site.environment.variables = {{"AWS_PROFILE", profile}};
    site.messages.notes.clear();
    EXPECT_EQ(site.find().profile, "default");
    EXPECT_EQ(site.messages.notes, Names{"AWS_PROFILE names " + profile +
                                         ", which leads to no long-term key: passed over"});
  }
  site.environment.variables = {{"AWS_DEFAULT_PROFILE", "nobody"}};
  site.messages.notes.clear();
  EXPECT_EQ(site.find().profile, "default");
  EXPECT_EQ(site.messages.notes,
            Names{"AWS_DEFAULT_PROFILE names nobody, which is no profile: passed over"});
}

TEST(KeySource, TakesNoTemporaryKeyOfTheEnvironment) {
  for (const std::string token : {"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"}) {
    Site site;
    site.environment.variables = {
        {"AWS_ACCESS_KEY_ID", "ASIA"}, {"AWS_SECRET_ACCESS_KEY", "S"}, {token, "T"}};
    EXPECT_EQ(site.find().profile, "default");
    site.config = "[profile role]\nrole_arn = R\ncredential_source = Environment\n";
    EXPECT_EQ(error_of([&] { site.find("role"); }),
              "1 the key in the environment is a temporary one\n"
              "hint: unset " +
                  token + " and set your long-term key");
  }
}

// What stands in the place of the ID may be the secret: it is neither sent nor repeated.
TEST(KeySource, TakesNoIdThatMayBeASecret) {
  const std::string secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const std::string hint =
      "hint: check whether the ID and the secret are swapped: an ID has about 20 characters, "
      "capital "
      "letters and digits, and begins with AKIA; a secret has 40";
  Site site;
  site.credentials = "[default]\naws_access_key_id = " + secret +
                     "\naws_secret_access_key = AKIAIOSFODNN7EXAMPLE\n";
  EXPECT_EQ(error_of([&] { site.find(); }),
            "1 the aws_access_key_id of profile default is not an access key ID\n" + hint);
  site.environment.variables = {{"AWS_ACCESS_KEY_ID", secret},
                                {"AWS_SECRET_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE"}};
  EXPECT_EQ(error_of([&] { site.find(); }),
            "1 AWS_ACCESS_KEY_ID in the environment is not an access key ID\n" + hint);
}

TEST(KeySource, NamesTheVariableWithAStrayCharacterAndNotWhatItHolds) {
  for (const std::string stray : {"SECRET ", "SECRET\n", "SECRET\r", "\"SECRET\"", "'SECRET'"}) {
    Site site;
    site.environment.variables = {{"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", stray}};
    EXPECT_EQ(error_of([&] { site.find(); }),
              "1 AWS_SECRET_ACCESS_KEY in the environment has a character that no AWS key has\n"
              "hint: check where it is set for quotes, spaces or a line end");
    site.environment.variables = {{"AWS_ACCESS_KEY_ID", stray}, {"AWS_SECRET_ACCESS_KEY", "S"}};
    EXPECT_EQ(error_of([&] { site.find(); }),
              "1 AWS_ACCESS_KEY_ID in the environment has a character that no AWS key has\n"
              "hint: check where it is set for quotes, spaces or a line end");
  }
}

TEST(KeySource, DoesNotPassOverHalfAKey) {
  Site site;
  site.credentials += "[half]\naws_access_key_id = AKIA\n";
  site.environment.variables = {{"AWS_PROFILE", "half"}};
  EXPECT_EQ(error_of([&] { site.find(); }),
            "1 profile half has no aws_secret_access_key\n"
            "hint: a key consists of an ID and a secret: create a new one in the IAM console if "
            "either is lost");
}

TEST(KeySource, MustFindAKeyInAProfileThatIsNamedOutright) {
  Site site;
  site.config = "[profile region]\nregion = eu-west-1\n";
  const std::string error =
      "1 profile region has no credentials\n"
      "hint: give it a key with: aws configure --profile region";
  EXPECT_EQ(error_of([&] { site.find("region"); }), error);
  site.settings.source_profile = "region";
  EXPECT_EQ(error_of([&] { site.find(); }), error);
}

}  // namespace
}  // namespace app
