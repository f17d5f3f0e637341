#include "aws/files/profile.h"

#include "aws/files/shared_file_check.h"
#include "support/error.h"
#include "support/vectors.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace aws {
namespace {

using support::error_of;

SharedConfig shared(std::string_view config, std::string_view credentials = "") {
  return {SharedFile(base::WipedString(config)), SharedFile(base::WipedString(credentials))};
}

// "key B | arn of C as B | ...": where a chain starts and the profiles of its roles in order.
std::string text_of(const Chain& chain) {
  static const std::map<KeySource, std::string> names = {{KeySource::profile, "key"},
                                                         {KeySource::environment, "environment"},
                                                         {KeySource::unnamed, "unnamed"},
                                                         {KeySource::sso, "sso"},
                                                         {KeySource::web_identity, "web identity"},
                                                         {KeySource::credential_process, "process"},
                                                         {KeySource::instance, "instance"},
                                                         {KeySource::container, "container"}};
  std::string text = names.at(chain.source) + " " + chain.source_profile;
  for (const RoleStep& step : chain.roles) text += " | " + step.role_arn + " of " + step.profile;
  return text;
}

std::string chain_of(std::string_view profile, std::string_view config,
                     std::string_view credentials = "") {
  const SharedConfig both = shared(config, credentials);
  return text_of(resolve_chain(both, profile));
}

std::string chain_error(std::string_view profile, std::string_view config,
                        std::string_view credentials = "") {
  return error_of([&] { chain_of(profile, config, credentials); });
}

constexpr std::string_view key_pair = "aws_access_key_id = AKIA\naws_secret_access_key = s\n";
std::string key(std::string_view section) {
  return "[" + std::string(section) + "]\n" + std::string(key_pair);
}

// --- Published data ----------------------------------------------------------------------------

// The value with its continuation lines, as the SDKs hold it.
std::string full_value(const SharedConfig& both, std::string_view value, std::string_view name) {
  for (const SharedFile* file : {&both.config(), &both.credentials()}) {
    for (const Section& section : file->sections()) {
      for (const Property& property : section.properties()) {
        if (property.key != name || property.value.data() != value.data()) continue;
        std::string text(value);
        for (const std::string_view more : property.more) text.append("\n").append(more);
        return text;
      }
    }
  }
  return "(of no property)";
}

nlohmann::json all_profiles(const SharedConfig& both) {
  nlohmann::json result = nlohmann::json::object();
  for (const std::string& profile : both.profiles()) {
    result[profile] = nlohmann::json::object();
    for (const SharedFile* file : {&both.config(), &both.credentials()}) {
      for (const Section& section : file->sections()) {
        for (const Property& property : section.properties()) {
          if (const auto value = both.get(profile, property.key)) {
            result[profile][property.key] = full_value(both, *value, property.key);
          }
        }
      }
    }
  }
  return result;
}

TEST(SharedConfig, AgreesWithTheSdksOwnCases) {
  SKIP_WITHOUT_VECTORS();
  const auto cases = support::read_json(
      support::vectors() /
      "smithy-rs/aws/rust-runtime/aws-runtime/test-data/profile-parser-tests.json")["tests"];
  for (const auto& test : cases) {
    SCOPED_TRACE(test["name"].get<std::string>() + "\n" + test["input"].dump());
    const SharedConfig both =
        shared(test["input"].value("configFile", ""), test["input"].value("credentialsFile", ""));
    if (test["output"].contains("errorContaining")) {
      EXPECT_FALSE(problems(both.config(), FileKind::config).empty() &&
                   problems(both.credentials(), FileKind::credentials).empty());
    } else {
      EXPECT_EQ(all_profiles(both), test["output"]["config"]["profiles"]);
    }
  }
  EXPECT_EQ(cases.size(), 65u);
}

TEST(SharedConfig, AgreesWithTheGoSdksFiles) {
  SKIP_WITHOUT_VECTORS();
  const auto folder = support::vectors() / "aws-sdk-go-v2";
  const SharedConfig nested = shared("", support::read_file(folder / "nested_fields"));
  EXPECT_EQ(nested.profiles(), (std::vector<std::string>{"bar", "baz", "foo"}));
  EXPECT_EQ(nested.text("foo", "aws_access_key_id"), "");
  EXPECT_EQ(nested.get("foo", "aws_secret_access_key"), std::nullopt);
  EXPECT_EQ(nested.text("foo", "aws_session_token"), "valid");
  for (const char* name : {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}) {
    EXPECT_EQ(nested.text("bar", name), "valid") << name;
    EXPECT_EQ(nested.text("baz", name), "valid") << name;
  }
  const SharedConfig issue = shared("", support::read_file(folder / "issue_259"));
  EXPECT_EQ(issue.text("foo-profile", "aws_security_token"), "sectoken");
  EXPECT_EQ(issue.text("foo-profile", "x_security_token_expires"), "time");
  const SharedConfig leading = shared(support::read_file(folder / "leading_ws"));
  EXPECT_EQ(leading.text("leading-whitespace-error", "retry_mode"), "standard");
}

// What our errors say where the SDK for Rust has an error.
const std::map<std::string, std::string> chain_errors = {
    {"source profile and credential source both present",
     "1 profile A has both source_profile and credential_source\n"
     "hint: AWS allows one of them: remove the other"},
    {"partial credentials error (missing secret)",
     "1 profile B has no aws_secret_access_key\n"
     "hint: a key consists of an ID and a secret: create a new one in the IAM console if either is "
     "lost"},
    {"partial credentials error (missing access key)",
     "1 profile B has no aws_access_key_id\n"
     "hint: a key consists of an ID and a secret: create a new one in the IAM console if either is "
     "lost"},
    {"missing credentials error (empty source profile)",
     "1 profile B has no credentials\nhint: give it a key with: aws configure --profile B"},
    {"profile only contains configuration",
     "1 profile A has no credentials\nhint: give it a key with: aws configure --profile A"},
    {"missing source profile",
     "1 profile A names the source profile B, which does not exist\n"
     "hint: list the profiles with: aws configure list-profiles"},
    {"missing root profile (should never happen in practice)",
     "1 there is no profile A\nhint: list the profiles with: aws configure list-profiles"},
    {"assume role profile infinite loop",
     "1 profile A leads back to itself through source_profile\n"
     "hint: one profile of the loop must hold a key and have no role_arn"},
    {"infinite loop with static credentials",
     "1 profile A leads back to itself through source_profile\n"
     "hint: one profile of the loop must hold a key and have no role_arn"},
    {"web identity role",  // without a role_arn
     "1 profile A has no credentials\nhint: give it a key with: aws configure --profile A"},
};

// Where we differ from the SDK for Rust, and why.
const std::map<std::string, std::string> chain_differences = {
    // The key comes from elsewhere: INTERFACE, "Where the long-term key comes from".
    {"role_arn without source source_profile",
     "unnamed A | arn:aws:iam::123456789:role/RoleA of A"},
    // SSO is no source of ours: whoever meets it gets a hint, and its settings are not judged.
    {"invalid SSO credentials configuration: missing account ID", "sso A"},
    {"invalid SSO credentials configuration: missing role name", "sso A"},
    {"invalid SSO token configuration: sso_region must be in sso-session", "sso A"},
    {"invalid SSO token configuration: sso-session not found", "sso A"},
};

void expect_step(const RoleStep& step, const nlohmann::json& expected) {
  EXPECT_EQ(step.role_arn, expected["role_arn"].get<std::string>());
  EXPECT_EQ(step.external_id, expected.value("external_id", ""));
  EXPECT_EQ(step.role_session_name, expected.value("role_session_name", ""));
}

void expect_chain(const SharedConfig& both, const Chain& chain, const nlohmann::json& expected) {
  std::size_t role = 0;
  for (const auto& link : expected) {
    if (link.contains("AccessKey")) {
      ASSERT_EQ(chain.source, KeySource::profile);
      // Not access_key(): it refuses the "_" in these made-up keys.
      EXPECT_EQ(both.text(chain.source_profile, "aws_access_key_id"),
                link["AccessKey"]["access_key_id"].get<std::string>());
      EXPECT_EQ(both.text(chain.source_profile, "aws_secret_access_key"),
                link["AccessKey"]["secret_access_key"].get<std::string>());
    } else if (link.contains("NamedSource")) {
      EXPECT_EQ(chain.source, KeySource::instance);
    } else if (link.contains("Sso")) {
      EXPECT_EQ(chain.source, KeySource::sso);
    } else {
      ASSERT_LT(role, chain.roles.size());
      const bool web = link.contains("WebIdentityToken");
      EXPECT_TRUE(!web || chain.source == KeySource::web_identity);
      expect_step(chain.roles[role++], link[web ? "WebIdentityToken" : "AssumeRole"]);
    }
  }
  EXPECT_EQ(role, chain.roles.size());
}

TEST(Chain, AgreesWithTheSdksOwnCases) {
  SKIP_WITHOUT_VECTORS();
  const auto cases =
      support::read_json(support::vectors() /
                         "smithy-rs/aws/rust-runtime/aws-config/test-data/assume-role-tests.json");
  std::size_t differing = 0;
  for (const auto& test : cases) {
    const std::string name = test["docs"];
    const std::string selected = test["input"]["selected_profile"];
    std::string config;
    for (const auto& [profile, properties] : test["input"]["profiles"].items()) {
      config += "[profile " + profile + "]\n";
      for (const auto& [property, value] : properties.items()) {
        config += property + " = " + value.get<std::string>() + "\n";
      }
    }
    SCOPED_TRACE(name + "\n" + config);
    const SharedConfig both = shared(config);
    if (const auto found = chain_differences.find(name); found != chain_differences.end()) {
      ++differing;
      EXPECT_EQ(chain_of(selected, config), found->second);
    } else if (test["output"].contains("Error")) {
      const auto expected = chain_errors.find(name);
      ASSERT_NE(expected, chain_errors.end());
      EXPECT_EQ(chain_error(selected, config), expected->second);
    } else {
      expect_chain(both, resolve_chain(both, selected), test["output"]["ProfileChain"]);
    }
  }
  EXPECT_EQ(cases.size(), 28u);
  EXPECT_EQ(differing, chain_differences.size());
}

// The environment's endpoints are not of these files.
TEST(EndpointUrl, AgreesWithTheSdksOwnCases) {
  SKIP_WITHOUT_VECTORS();
  const std::map<std::string, std::string> expected = {
      {"assume_role_override_global_profile_url", "http://aws.global-profile-override"},
      {"assume_role_override_service_profile_url", "http://aws.service-profile-override"}};
  std::size_t found = 0;
  for (const auto& folder : std::filesystem::directory_iterator(
           support::vectors() /
           "smithy-rs/aws/rust-runtime/aws-config/test-data/profile-provider")) {
    const auto file = folder.path() / "fs/home/.aws/config";
    if (!std::filesystem::exists(file)) continue;
    const std::string name = folder.path().filename();
    const auto url = expected.find(name);
    const SharedConfig both = shared(support::read_file(file));
    EXPECT_EQ(both.endpoint_url("default", "sts"), url == expected.end() ? "" : url->second)
        << name;
    if (url != expected.end()) ++found;
  }
  EXPECT_EQ(found, expected.size());
}

// --- Profiles ----------------------------------------------------------------------------------

TEST(ProfileName, HasTheCharactersThatEveryClientAccepts) {
  EXPECT_TRUE(is_profile_name("aZ09_./%@:+-"));
  EXPECT_TRUE(is_profile_name(std::string(128, 'a')));
  for (const std::string& name :
       {std::string(), std::string(129, 'a'), std::string("a b"), std::string("a]"),
        std::string("a#"), std::string("a\n"), std::string("\xc3\xa4")}) {
    EXPECT_FALSE(is_profile_name(name)) << name;
  }
}

TEST(SharedConfig, TakesEachFilesOwnKindOfHeader) {
  const SharedConfig both = shared("[default]\n[profile a]\n[b]\n[profile]\n[sso-session s]\n",
                                   "[default]\n[c]\n[profile d]\n[e f]\n");
  EXPECT_EQ(both.profiles(), (std::vector<std::string>{"a", "c", "default"}));
  EXPECT_TRUE(both.has_profile("a"));
  EXPECT_FALSE(both.has_profile("b"));
}

TEST(SharedConfig, ReadsAQuotedNameAsTheAwsCliDoes) {
  const SharedConfig both =
      shared("[profile \"a\"]\nk = 1\n[profile 'b']\nk = 2\n[profile \"c]\n[profile ']\n");
  EXPECT_EQ(both.profiles(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(both.text("a", "k"), "1");
  EXPECT_EQ(both.text("b", "k"), "2");
}

TEST(SharedConfig, PrefersTheDefaultProfileWithThePrefix) {
  const SharedConfig both =
      shared("[default]\na = 1\nb = 1\n[profile default]\na = 2\n", "[default]\nc = 3\n");
  EXPECT_EQ(both.get("default", "a"), "2");
  EXPECT_EQ(both.get("default", "b"), std::nullopt);
  EXPECT_EQ(both.get("default", "c"), "3");
}

TEST(SharedConfig, LetsTheCredentialsFileWin) {
  const SharedConfig both =
      shared("[profile a]\nk = config\nl = config\n", "[a]\nk = credentials\nempty =\n");
  EXPECT_EQ(both.text("a", "k"), "credentials");
  EXPECT_EQ(both.text("a", "l"), "config");
  EXPECT_EQ(both.get("a", "empty"), "");
  EXPECT_EQ(both.get("a", "none"), std::nullopt);
  EXPECT_EQ(both.get("b", "k"), std::nullopt);
  EXPECT_TRUE(both.in_config("a", "k") && both.in_credentials("a", "k"));
  EXPECT_TRUE(both.in_config("a", "l") && !both.in_credentials("a", "l"));
}

TEST(SharedConfig, InheritsNothingFromDefault) {
  EXPECT_EQ(shared("[default]\nregion = r\n[profile a]\n").get("a", "region"), std::nullopt);
}

TEST(SharedConfig, IncludesSettingsOfOtherProfiles) {
  const SharedConfig both = shared(
      "[profile a]\ninclude_profile = b\nk = a\n[profile b]\ninclude_profile = c\nk = b\nl = b\n"
      "[profile c]\nm = c\n");
  EXPECT_EQ(both.text("a", "k"), "a");
  EXPECT_EQ(both.text("a", "l"), "b");
  EXPECT_EQ(both.text("a", "m"), "c");
  EXPECT_FALSE(both.in_config("a", "m"));
}

TEST(SharedConfig, IncludesNoKeys) {
  const SharedConfig both =
      shared("[profile a]\ninclude_profile = b\n[profile b]\naws_session_token = t\n", key("b"));
  for (const char* name : {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}) {
    EXPECT_EQ(both.get("a", name), std::nullopt) << name;
  }
  EXPECT_FALSE(holds_long_term_key(both, "a"));
}

TEST(SharedConfig, LeavesALoopOfIncludes) {
  const SharedConfig both =
      shared("[profile a]\ninclude_profile = b\n[profile b]\ninclude_profile = a\nk = b\n");
  EXPECT_EQ(both.text("a", "k"), "b");
  EXPECT_EQ(both.get("a", "none"), std::nullopt);
}

TEST(EndpointUrl, IsTheServicesBeforeTheProfiles) {
  const SharedConfig both = shared(
      "[profile a]\nservices = s\nendpoint_url = http://all\n[services\ts]\nsts =\n"
      "  Endpoint_URL = http://sts\niam =\n  other = 1\n[profile b]\nservices = none\n");
  EXPECT_EQ(both.endpoint_url("a", "sts"), "http://sts");
  EXPECT_EQ(both.endpoint_url("a", "iam"), "http://all");
  EXPECT_EQ(both.endpoint_url("a", "s3"), "http://all");
  EXPECT_EQ(both.endpoint_url("b", "sts"), "");
  EXPECT_EQ(both.endpoint_url("c", "sts"), "");
}

// --- Chains ------------------------------------------------------------------------------------

TEST(Chain, HasItsRolesInTheOrderInWhichTheyAreAssumed) {
  EXPECT_EQ(chain_of("a",
                     "[profile a]\nrole_arn = ra\nsource_profile = b\n"
                     "[profile b]\nrole_arn = rb\nsource_profile = c\n",
                     key("c")),
            "key c | rb of b | ra of a");
}

TEST(Chain, MayBeAKeyAlone) { EXPECT_EQ(chain_of("a", "", key("a")), "key a"); }

TEST(Chain, TakesAProfileAsItsOwnSourceWhenItHoldsAKey) {
  EXPECT_EQ(chain_of("a", "[profile a]\nrole_arn = r\nsource_profile = a\n", key("a")),
            "key a | r of a");
  EXPECT_EQ(chain_error("a", "[profile a]\nrole_arn = r\nsource_profile = a\n"),
            "1 profile a leads back to itself through source_profile\n"
            "hint: one profile of the loop must hold a key and have no role_arn");
}

TEST(Chain, LeavesTheKeyOpenWhereNoneIsNamed) {
  EXPECT_EQ(chain_of("a", "[profile a]\nrole_arn = r\n"), "unnamed a | r of a");
  EXPECT_EQ(chain_of("a", "[profile a]\nrole_arn = r\nsource_profile =\n"), "unnamed a | r of a");
}

TEST(Chain, KnowsEverySource) {
  for (const auto& [line, source] : std::map<std::string, std::string>{
           {"role_arn = r\ncredential_source = Environment", "environment a | r of a"},
           {"role_arn = r\ncredential_source = Ec2InstanceMetadata", "instance a | r of a"},
           {"role_arn = r\ncredential_source = EcsContainer", "container a | r of a"},
           {"role_arn = r\nweb_identity_token_file = f", "web identity a | r of a"},
           {"credential_process = p", "process a"},
           {"sso_session = s", "sso a"},
           {"sso_start_url = s", "sso a"}}) {
    EXPECT_EQ(chain_of("a", "[profile a]\n" + line + "\n"), source);
  }
}

TEST(Chain, RefusesAnUnknownSource) {
  EXPECT_EQ(chain_error("a", "[profile a]\nrole_arn = r\ncredential_source = environment\n"),
            "1 profile a has an unknown credential_source\n"
            "hint: AWS supports Environment, Ec2InstanceMetadata and EcsContainer");
}

TEST(Chain, NamesTheNearestProfile) {
  EXPECT_EQ(chain_error("Prod-admin", "[profile prod-admin]\n"),
            "1 there is no profile Prod-admin\nhint: did you mean prod-admin?");
  EXPECT_EQ(chain_error("a", "[profile a]\nrole_arn = r\nsource_profile = bsae\n[profile base]\n"),
            "1 profile a names the source profile bsae, which does not exist\n"
            "hint: did you mean base?");
}

TEST(Chain, CarriesWhatTheRoleProfileSays) {
  const SharedConfig both = shared(
      "[profile a]\nrole_arn = r\nexternal_id = e\nrole_session_name = n\n"
      "duration_seconds = 7200\n");
  const Chain chain = resolve_chain(both, "a");
  ASSERT_EQ(chain.roles.size(), 1u);
  EXPECT_EQ(chain.roles[0].external_id, "e");
  EXPECT_EQ(chain.roles[0].role_session_name, "n");
  EXPECT_EQ(chain.roles[0].duration, base::Seconds{7200});
}

TEST(Chain, CarriesTagsAndSourceIdentityAsAwsVaultWritesThem) {
  const SharedConfig both = shared(
      "[profile a]\nrole_arn = r\nsession_tags = k1=v1, Key 2 = a=b ,k3=\n"
      "transitive_session_tags = k1 , Key 2\nsource_identity = jo\n");
  const RoleStep step = resolve_chain(both, "a").roles.at(0);
  EXPECT_EQ(step.tags, (std::vector<SessionTag>{{"k1", "v1"}, {"Key 2", "a=b"}, {"k3", ""}}));
  EXPECT_EQ(step.transitive_tag_keys, (std::vector<std::string>{"k1", "Key 2"}));
  EXPECT_EQ(step.source_identity, "jo");
}

TEST(Chain, RefusesTagsThatAreNoList) {
  const auto with = [](const std::string& line) {
    return chain_error("a", "[profile a]\nrole_arn = r\n" + line + "\n");
  };
  const std::string tags_hint =
      "\nhint: for example: session_tags = project=unicorn,team=automation";
  EXPECT_EQ(with("session_tags = secret"),
            "1 the session_tags of profile a have a tag without `=`" + tags_hint);
  EXPECT_EQ(with("session_tags = a=1,"),
            "1 the session_tags of profile a have a tag without `=`" + tags_hint);
  EXPECT_EQ(with("session_tags = a=1, =2"),
            "1 the session_tags of profile a have a tag without a key" + tags_hint);
  EXPECT_EQ(with("session_tags = Team=1,team=2"),
            "1 the session_tags of profile a have the tag team twice" + tags_hint);
  EXPECT_EQ(with("transitive_session_tags = a,,b"),
            "1 the transitive_session_tags of profile a have an empty key\n"
            "hint: for example: transitive_session_tags = project,team");
}

TEST(Chain, RefusesALimitThatIsEmpty) {
  for (const std::string key : {"external_id", "duration_seconds", "session_tags",
                                "transitive_session_tags", "source_identity"}) {
    EXPECT_EQ(chain_error("a", "[profile a]\nrole_arn = r\n" + key + " =\n"),
              "1 profile a has an empty " + key +
                  "\nhint: write its value behind the =, or remove the line");
  }
}

TEST(Chain, RefusesADurationThatIsNone) {
  for (const char* value : {"1h", "-1", "3600.5", "abc", "99999999999999999999"}) {
    EXPECT_EQ(chain_error("a", "[profile a]\nrole_arn = r\nduration_seconds = " +
                                   std::string(value) + "\n"),
              "1 profile a has a duration_seconds that is not a number of seconds\n"
              "hint: for example: duration_seconds = 3600");
  }
}

// --- Keys --------------------------------------------------------------------------------------

std::string key_error(std::string_view config, std::string_view credentials) {
  return error_of([&] { access_key(shared(config, credentials), "a"); });
}

TEST(AccessKey, IsTheProfiles) {
  const AccessKey found = access_key(
      shared("", "[a]\naws_access_key_id = AKIAX\naws_secret_access_key = a/b+c= ; note\n"), "a");
  EXPECT_EQ(found.access_key_id, "AKIAX");
  EXPECT_EQ(found.secret_access_key.reveal(), "a/b+c=");
}

TEST(AccessKey, MayHaveItsHalvesInBothFiles) {
  const AccessKey found = access_key(
      shared("[profile a]\naws_secret_access_key = s\n", "[a]\naws_access_key_id = AKIAX\n"), "a");
  EXPECT_EQ(found.access_key_id, "AKIAX");
  EXPECT_EQ(found.secret_access_key.reveal(), "s");
}

TEST(AccessKey, IsNeverHalfOne) {
  const std::string hint =
      "\nhint: a key consists of an ID and a secret: create a new one in the IAM console if either "
      "is lost";
  EXPECT_EQ(key_error("", "[a]\naws_access_key_id = A\n"),
            "1 profile a has no aws_secret_access_key" + hint);
  EXPECT_EQ(key_error("", "[a]\naws_secret_access_key = s\naws_access_key_id =\n"),
            "1 profile a has no aws_access_key_id" + hint);
  EXPECT_EQ(key_error("[profile a]\n", ""), "1 profile a has no aws_access_key_id" + hint);
}

TEST(AccessKey, IsNeverTemporary) {
  for (const char* name : {"aws_session_token", "aws_security_token"}) {
    EXPECT_EQ(key_error("[profile a]\n" + std::string(name) + " = t\n", key("a")),
              "1 profile a holds temporary keys, not a long-term access key\n"
              "hint: name the profile that holds the key of your IAM user with -s");
  }
}

TEST(AccessKey, HasNoOddCharactersAndNoneIsRepeated) {
  EXPECT_EQ(key_error("", "[a]\naws_access_key_id = A\naws_secret_access_key = \"SECRET\"\n"),
            "1 the aws_secret_access_key of profile a in the shared credentials file has a "
            "character that no AWS key has\n"
            "hint: check its line for quotes, spaces or a comment");
  EXPECT_EQ(key_error("[profile a]\naws_access_key_id = A#\naws_secret_access_key = s\n", ""),
            "1 the aws_access_key_id of profile a in the shared config file has a character that "
            "no AWS key has\n"
            "hint: check its line for quotes, spaces or a comment");
}

TEST(AccessKey, OfAMissingProfileIsAnError) {
  EXPECT_EQ(key_error("", "[ab]\n"), "1 there is no profile a\nhint: did you mean ab?");
}

TEST(AccessKey, IsToldFromATemporaryOne) {
  const SharedConfig both = shared("", key("long") + key("short") + "aws_session_token = t\n" +
                                           key("empty") + "aws_session_token =\n[half]\n" +
                                           "aws_secret_access_key = s\n[none]\nregion = r\n");
  EXPECT_TRUE(holds_long_term_key(both, "long") && !holds_temporary_key(both, "long"));
  EXPECT_TRUE(!holds_long_term_key(both, "short") && holds_temporary_key(both, "short"));
  EXPECT_TRUE(holds_long_term_key(both, "empty") && !holds_temporary_key(both, "empty"));
  EXPECT_TRUE(holds_long_term_key(both, "half") && !holds_temporary_key(both, "half"));
  EXPECT_TRUE(!holds_long_term_key(both, "none") && !holds_temporary_key(both, "none"));
}

}  // namespace
}  // namespace aws
