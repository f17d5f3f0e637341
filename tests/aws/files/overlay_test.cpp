#include "aws/files/overlay.h"

#include "aws/model/lookalike.h"
#include "support/error.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <random>

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

constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr std::string_view temporary_key =
    "aws_access_key_id = ASIAEXAMPLE000000001\n"
    "aws_secret_access_key = tEmPoRaRy00000000000000000000000000000001\n"
    "aws_session_token = FwoGZXIvYXdzEXAMPLE==\n";

std::string with_secret(std::string_view text) {
  std::string result(text);
  for (std::size_t at = result.find('@'); at != std::string::npos; at = result.find('@', at)) {
    result.replace(at, 1, secret);
  }
  return result;
}

bool tells_secret(const Overlay& result) {
  return result.config.find(secret) != std::string::npos ||
         result.credentials.find(secret) != std::string::npos;
}

TEST(Overlay, WhatTheClientsKnowGoesAlong) {
  const std::string config =
      "[default]\nregion = eu-west-1\noutput = json\n"
      "[profile sso]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
      "[profile of-machine]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
      "credential_source = Ec2InstanceMetadata\n"
      "[profile helper]\ncredential_process = \"/opt/my tool/get\" --account 123456789012\n"
      "s3 =\n  addressing_style = path\n  max_concurrent_requests = 20\nservices = local\n"
      "[sso-session s]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\n"
      "[services local]\nsts =\n  endpoint_url = http://localhost:4566\n";
  const std::string credentials = fmt::format("[other-tool]\n{}", temporary_key);
  const Overlay result = overlay(shared_config(config, credentials), {});
  EXPECT_EQ(std::string(result.config), config);
  EXPECT_EQ(std::string(result.credentials), credentials);
}

TEST(Overlay, NothingElseGoesAlong) {
  EXPECT_EQ(
      config_of("# c\r\n[ default ]\r\nregion: v # d\r\nkey = x\r\nsts =\n  nested = x\n[broken\r\n"
                "[unknown x]\nregion = y\n[plugins]\na = b\n[profile a]\noutput = \xff\n"
                "s3 =\n  endpoint_url = x\n  addressing_style = auto\n",
                {}),
      "[default]\nregion = v\n[profile a]\ns3 =\n  addressing_style = auto\n");
  EXPECT_EQ(config_of("[default]\nregion = lost\n[profile default]\nregion = won\n", {}),
            "[default]\nregion = won\n");
}

TEST(Overlay, ANameThatTheClientsDisagreeAboutStaysAsItIsSpelled) {
  EXPECT_EQ(config_of("[profile \"my own\"]\nregion = x\n[profile my own]\noutput = json\n", {}),
            "[profile \"my own\"]\nregion = x\noutput = json\n");
}

TEST(Overlay, ALongTermKeyNeverGoesAlong) {
  const std::vector<std::string> files = {
      // In a profile of either file, of any name and by any spelling.
      "[profile x]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = @\n",
      "[ profile  \"odd name\" ]\nAWS_Secret_Access_Key: @\n",
      "[default]\naws_secret_access_key=@\n[profile default]\nregion = x\n",
      "[default]\naws_secret_access_key\t=\t@ # old\n", "[unknown]\naws_secret_access_key = @\n",
      "[profile x\naws_secret_access_key = @\n", "aws_secret_access_key = @\n",
      // Twice, and with what is no session token.
      "[default]\naws_secret_access_key = a\naws_secret_access_key = @\n",
      "[default]\naws_access_key_id = ASIAEXAMPLE000000001\naws_secret_access_key = @\n"
      "aws_session_token =\n",
      "[default]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = @\n"
      "aws_session_token = FwoGZXIvYXdzEXAMPLE==\n",
      "[default]\naws_access_key_id = @\naws_secret_access_key = AKIAEXAMPLE000000001\n"
      "aws_session_token = FwoGZXIvYXdzEXAMPLE==\n",
      // In comments.
      "# @\n", "[default]\n;aws_secret_access_key = @\nregion = x ; @\n", "[default] # @\n",
      // On continuation lines, nested, or as another setting's value.
      "[default]\nregion = x\n  @\n", "[default]\naws_secret_access_key =\n  @\n",
      "[default]\ns3 =\n  aws_secret_access_key = @\n  addressing_style = @\n",
      "[default]\ns3 =\n  @\n", "[services x]\naws_secret_access_key = @\n",
      "[services x]\nsts = @\n  endpoint_url = http://@\n", "[default]\nregion = @\n",
      "[default]\nrole_session_name = me-@\n", "[default]\nsession_tags = key=@\n",
      "[default]\noutput = json\x0b@\n", "[profile a]\nunheard_of = @\n",
      // In the arguments of a program, or as a name.
      "[profile a]\ncredential_process = /bin/tool --secret @\n",
      "[profile a]\ncredential_process = /bin/sh -c \"SECRET=@ tool\"\n",
      "[profile @]\nregion = x\n", "[sso-session @]\nsso_region = x\n",
      "[profile a]\nsource_profile = @\n", "[profile a]\nservices = @\n"};
  for (const std::string& file : files) {
    const std::string text = with_secret(file);
    EXPECT_FALSE(tells_secret(overlay(shared_config(text, text), {}))) << text;
    EXPECT_FALSE(tells_secret(overlay(shared_config(text, text), process("default")))) << text;
  }
}

// A temporary key under a long-term key's secret is none.
TEST(Overlay, ASecretThatIsKnownAsLongTermIsNotTakenForATemporaryOne) {
  const std::string credentials = with_secret(
      "[a]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = @\n"
      "[b]\naws_access_key_id = ASIAEXAMPLE000000001\naws_secret_access_key = @\n"
      "aws_session_token = FwoGZXIvYXdzEXAMPLE==\n"
      "[c]\naws_access_key_id = ASIAEXAMPLE000000001\naws_secret_access_key = x\n"
      "aws_session_token = @\n");
  EXPECT_EQ(credentials_of(credentials, {}), "[a]\n[b]\n[c]\n");
}

TEST(Overlay, WithoutKeysNoTemporaryKeyStaysEither) {
  OverlayPlan plan;
  plan.without_keys = true;
  const std::string section = fmt::format("[odd name]\n{}region = x\n", temporary_key);
  EXPECT_EQ(credentials_of(section, plan), "[odd name]\nregion = x\n");
  EXPECT_EQ(config_of("[profile odd name]\n" + section.substr(11), plan),
            "[profile odd name]\nregion = x\n");
}

// The secret stands at every place of files that are made of all that the readers know.
TEST(Overlay, TheSecretIsNotToldWhereverItStands) {
  const std::vector<std::string> pieces = {"[default]",
                                           "[profile a]",
                                           "[profile \"b c\"]",
                                           "[ profile d ]",
                                           "[a]",
                                           "[sso-session s]",
                                           "[services s]",
                                           "[plugins]",
                                           "[broken",
                                           "]",
                                           "\n",
                                           "\n",
                                           "\n",
                                           "\r\n",
                                           "\n  ",
                                           "\n\t",
                                           " ",
                                           "=",
                                           " = ",
                                           ": ",
                                           "#",
                                           " # ",
                                           "; ",
                                           "\"",
                                           "'",
                                           "\\",
                                           ",",
                                           "/",
                                           "region",
                                           "s3",
                                           "sts",
                                           "addressing_style",
                                           "endpoint_url",
                                           "credential_process",
                                           "role_arn",
                                           "source_profile",
                                           "aws_access_key_id = ASIAEXAMPLE000000001\n",
                                           "aws_session_token = FwoGZXIvYXdz\n",
                                           "aws_access_key_id",
                                           "aws_secret_access_key",
                                           "AWS_SECRET_ACCESS_KEY",
                                           "AKIAEXAMPLE000000001",
                                           "eu-west-1",
                                           "/usr/bin/tool --key ",
                                           "https://",
                                           "\xff",
                                           "\xe2\x80\xa8",
                                           "\x0b",
                                           "\xef\xbb\xbf"};
  // Known from a profile of its own, so that a session token beside it is not believed.
  const std::string known = with_secret(
      "\n[known]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = @\n");
  std::mt19937 random(14);
  const auto any = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t i = any(14) + 1; i > 0; --i) text += pieces[any(pieces.size())];
    text.insert(any(text.size() + 1), secret);
    const OverlayPlan plan = any(2) == 0 ? OverlayPlan{} : process("a");
    const bool in_config = any(2) == 0;
    const SharedConfig shared =
        in_config ? shared_config(text, known) : shared_config("", text + known);
    ASSERT_FALSE(tells_secret(overlay(shared, plan))) << text;
  }
}

// As above, of a secret that stands nowhere else; all but beside a session token.
TEST(Overlay, ASecretIsKnownByItsLook) {
  std::mt19937 random(15);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  int missed = 0;
  for (int round = 0; round < 10000; ++round) {
    std::string text;
    while (text.size() < 40) {
      text += alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(random)];
    }
    missed += may_hold_secret("--key=" + text + "x") ? 0 : 1;
  }
  EXPECT_LE(missed, 1);
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
  EXPECT_EQ(result.credentials, "[a]\n[b]\n");
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
  EXPECT_EQ(credentials_of("[a]\nAWS_SECRET_ACCESS_KEY: one\nregion = x\n"
                           "aws_secret_access_key = two\n  more\n[a]\naws_access_key_id = i\n",
                           {}),
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

// Whether a command prints a long-term key is known before it runs only from a role with a device.
TEST(AssumableProfiles, AreThoseOfACommandThatCanOnlyPrintALongTermKey) {
  const auto chains = assumable_profiles(
      shared_config("[profile vault]\ncredential_process = vault\n"
                    "[profile a]\nrole_arn = r\nsource_profile = vault\nmfa_serial = m\n"
                    "[profile b]\nrole_arn = r\nsource_profile = vault\n"
                    "[profile other]\ncredential_process = other\n"
                    "[profile c]\nrole_arn = r\nsource_profile = other\n"
                    "[profile link]\ncredential_process = tool credential-process d\n"
                    "[profile d]\nrole_arn = r\nsource_profile = link\nmfa_serial = m\n",
                    ""));
  std::vector<std::string> names;
  for (const Chain& chain : chains) names.push_back(chain.roles.back().profile);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
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
