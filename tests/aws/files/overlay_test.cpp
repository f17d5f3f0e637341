#include "aws/files/overlay.h"

#include "support/error.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

SharedConfig shared_config(std::string_view config, std::string_view credentials) {
  return {SharedFile(base::WipedString(config)), SharedFile(base::WipedString(credentials))};
}

std::string config_of(std::string_view config, const OverlayPlan& plan) {
  return std::string(overlay(shared_config(config, ""), plan).config);
}

std::string credentials_of(std::string_view credentials, const OverlayPlan& plan) {
  return std::string(overlay(shared_config("", credentials), plan).credentials);
}

OverlayPlan process(const std::string& profile) {
  OverlayPlan plan;
  plan.processes[profile] = "/bin/p";
  return plan;
}

TEST(Overlay, APlanOfNothingLeavesTheFilesToTheByte) {
  const std::string text = "# c\r\n[ odd ]\r\nkey: v\r\n  nested\r\n[broken\r\n\xff";
  EXPECT_EQ(config_of(text, {}), text);
  EXPECT_EQ(credentials_of(text, {}), text);
}

TEST(Overlay, AProcessTakesThePlaceOfRoleAndKeysInBothFiles) {
  const Overlay result = overlay(
      shared_config("[profile a]\nrole_arn = r\nsource_profile = b\nmfa_serial = m\n"
                    "region = x\ns3 =\n  addressing_style = path\n[profile b]\nregion = y\n",
                    "[a]\naws_access_key_id = i\naws_secret_access_key = s\nexternal_id = e\n"
                    "aws_session_token = t\n[b]\naws_access_key_id = i\n"),
      process("a"));
  EXPECT_EQ(result.config,
            "[profile a]\ncredential_process = /bin/p\nregion = x\n"
            "s3 =\n  addressing_style = path\n[profile b]\nregion = y\n");
  EXPECT_EQ(result.credentials, "[a]\n[b]\naws_access_key_id = i\n");
}

TEST(Overlay, AProfileOfTheCredentialsFileComesIntoTheConfigFile) {
  const Overlay result =
      overlay(shared_config("", "[a]\nrole_arn = r\nsource_profile = b\n"), process("a"));
  EXPECT_EQ(result.config, "[profile a]\ncredential_process = /bin/p\n");
  EXPECT_EQ(result.credentials, "[a]\n");
}

TEST(Overlay, TheDefaultProfileKeepsItsHeader) {
  EXPECT_EQ(config_of("[default]\nrole_arn = r\n", process("default")),
            "[default]\ncredential_process = /bin/p\n");
  EXPECT_EQ(config_of("", process("default")), "[default]\ncredential_process = /bin/p\n");
}

TEST(Overlay, TheSpellingsOfANameBecomeOneSection) {
  EXPECT_EQ(config_of("[profile a]\nrole_arn = r\n[profile \"a\"]\nrole_arn = s\n", process("a")),
            "[profile a]\ncredential_process = /bin/p\n");
}

TEST(Overlay, KeysAreLeftOutHoweverOftenTheyStand) {
  OverlayPlan plan;
  plan.without_keys = {"a"};
  EXPECT_EQ(credentials_of("[a]\nAWS_SECRET_ACCESS_KEY: one\nregion = x\n"
                           "aws_secret_access_key = two\n  more\n[a]\naws_access_key_id = i\n",
                           plan),
            "[a]\nregion = x\n");
}

TEST(Overlay, ARegionIsGivenOnlyToAProfileThatHasNone) {
  OverlayPlan plan = process("a");
  plan.regions["a"] = "eu-west-1";
  EXPECT_EQ(config_of("", plan), "[profile a]\ncredential_process = /bin/p\nregion = eu-west-1\n");
  EXPECT_EQ(config_of("[profile a]\nregion = x\n", plan),
            "[profile a]\ncredential_process = /bin/p\nregion = x\n");
}

TEST(Overlay, AnEmptyProcessLeavesNothingInThePlace) {
  OverlayPlan plan;
  plan.processes["a"] = "";
  EXPECT_EQ(config_of("[profile a]\nrole_arn = r\noutput = json\n", plan),
            "[profile a]\noutput = json\n");
  EXPECT_EQ(config_of("", plan), "");
}

TEST(AssumableProfiles, AreThoseOfALongTermKey) {
  const auto chains = assumable_profiles(shared_config(
      "[profile key]\nrole_arn = r\nsource_profile = source\n"
      "[profile chained]\nrole_arn = r\nsource_profile = key\n"
      "[profile env]\nrole_arn = r\ncredential_source = Environment\n"
      "[profile unnamed]\nrole_arn = r\n"
      "[profile machine]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n"
      "[profile web]\nrole_arn = r\nweb_identity_token_file = f\n"
      "[profile of-sso]\nrole_arn = r\nsource_profile = sso\n[profile sso]\nsso_session = s\n"
      "[profile of-session]\nrole_arn = r\nsource_profile = session\n"
      "[profile loop]\nrole_arn = r\nsource_profile = loop\n"
      "[profile lost]\nrole_arn = r\nsource_profile = nowhere\n"
      "[profile no-role]\nregion = x\n",
      "[source]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"
      "[session]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n"));
  std::vector<std::string> names;
  for (const Chain& chain : chains) names.push_back(chain.roles.back().profile);
  EXPECT_EQ(names, (std::vector<std::string>{"chained", "env", "key", "unnamed"}));
}

TEST(CredentialProcess, PlainWordsStandAsTheyAreAndOthersInQuotes) {
  const std::vector<std::string> words = {"/opt/my tools/p", "--name=a@b,c+d=e", "", "it's (a) *",
                                          "gr\xc3\xbc\xc3\x9f"};
  EXPECT_EQ(credential_process(words),
            "\"/opt/my tools/p\" --name=a@b,c+d=e \"\" \"it's (a) *\" "
            "\"gr\xc3\xbc\xc3\x9f\"");
  EXPECT_EQ(credential_process_words(credential_process(words)), words);
  EXPECT_EQ(credential_process_words("  a  \"b c"), (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(credential_process_words(" "), std::vector<std::string>{});
}

TEST(CredentialProcess, WhatTheClientsReadInDifferentWaysIsRefused) {
  for (const char sign : std::string("#;$~|`\"\\\n\x7f")) {
    const std::vector<std::string> words = {std::string("a") + sign};
    EXPECT_THROW(credential_process(words), base::Error) << sign;
  }
}

}  // namespace
}  // namespace aws
