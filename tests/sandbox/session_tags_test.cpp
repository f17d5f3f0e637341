#include "sandbox/fixture.h"

#include <fmt/core.h>

// Session tags and source identity of AssumeRole, in the built-in world and in one of roles for
// whatever condition key is looked at.
namespace sandbox {
namespace {

class SessionTags : public SandboxTest {
 protected:
  using SandboxTest::SandboxTest;

  static Form role_form(std::string_view role_arn, Form more) {
    more.push_back({"RoleArn", role_arn});
    more.push_back({"RoleSessionName", "test"});
    return more;
  }
  base::HttpResponse assume_as(const Keys& keys, std::string_view role, Form more) {
    const std::string role_arn = arn(role);
    return sts(keys, "AssumeRole", role_form(role_arn, std::move(more)));
  }
  static std::string denied(std::string_view caller, std::string_view action,
                            std::string_view role) {
    return fmt::format(
        "403 AccessDenied: User: arn:aws:{} is not authorized to perform: sts:{} on resource: {}",
        caller, action, arn(role));
  }
  static std::string invalid(std::string_view what) {
    return fmt::format("400 ValidationError: 1 validation error detected: {}", what);
  }

  static inline const Form unicorn = {{"Tags.member.1.Key", "project"},
                                      {"Tags.member.1.Value", "unicorn"}};
  static constexpr std::string_view jsmith = "iam::123456789012:user/jsmith";
  static constexpr std::string_view chained = "sts::123456789012:assumed-role/TaggedRole/test";
};

TEST_F(SessionTags, ArePassedWhereBothSidesAllowIt) {
  Form tags = unicorn;
  tags.push_back({"Tags.member.2.Key", "cost-center"});
  const std::string value(200, 'x');
  tags.push_back({"Tags.member.2.Value", value});
  const auto response = assume_as(session_of("jsmith"), "TaggedRole", tags);
  EXPECT_EQ(outcome(response), "200");
  EXPECT_EQ(text_of(response, "PackedPolicySize"), "10");
  EXPECT_EQ(text_of(response, "SourceIdentity"), "no SourceIdentity");
}

TEST_F(SessionTags, NeedTheCallersPermission) {
  EXPECT_EQ(outcome(assume_as(session_of("mjones"), "TaggedRole", unicorn)),
            denied("iam::123456789012:user/mjones", "TagSession", "TaggedRole"));
  EXPECT_EQ(outcome(assume_as(session_of("pat"), "TaggedRole", {{"SourceIdentity", "pat"}})),
            denied("iam::123456789012:user/engineering/pat", "SetSourceIdentity", "TaggedRole"));
}

TEST_F(SessionTags, NeedTheTrustPolicysPermission) {
  const Keys session = session_of("jsmith");
  EXPECT_EQ(outcome(assume_as(session, "AdminRole", unicorn)),
            denied(jsmith, "TagSession", "AdminRole"));
  EXPECT_EQ(outcome(assume_as(session, "AdminRole", {{"SourceIdentity", "jo"}})),
            denied(jsmith, "SetSourceIdentity", "AdminRole"));
}

TEST_F(SessionTags, AreThoseThatTheTrustPolicyNames) {
  const Keys session = session_of("jsmith");
  const std::string refused = denied(jsmith, "TagSession", "TaggedRole");
  EXPECT_EQ(outcome(assume_as(session, "TaggedRole",
                              {{"Tags.member.1.Key", "team"}, {"Tags.member.1.Value", "x"}})),
            refused)
      << "aws:RequestTag/project is wanted";
  Form tags = unicorn;
  tags.push_back({"Tags.member.2.Key", "other"});
  tags.push_back({"Tags.member.2.Value", ""});
  EXPECT_EQ(outcome(assume_as(session, "TaggedRole", tags)), refused)
      << "aws:TagKeys may be others only";
}

TEST_F(SessionTags, AreCheckedAsAwsChecksThem) {
  const Keys keys = keys_of("jsmith");
  const auto refusal = [&](Form form) { return outcome(assume_as(keys, "TaggedRole", form)); };
  EXPECT_EQ(refusal({{"Tags.member.1.Key", "a*"}, {"Tags.member.1.Value", "b"}}),
            invalid("Value 'a*' at 'tags.1.member.key' failed to satisfy constraint: Member must "
                    "satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"));
  const std::string max_text(256, 'v');
  EXPECT_EQ(refusal({{"Tags.member.1.Key", "a"}, {"Tags.member.1.Value", max_text + "v"}}),
            invalid("Value '" + max_text +
                    "v' at 'tags.1.member.value' failed to satisfy constraint: Member must have "
                    "length less than or equal to 256"));
  EXPECT_EQ(refusal({{"Tags.member.1.Key", "a"}}),
            invalid("Value null at 'tags.1.member.value' failed to satisfy constraint: Member must "
                    "not be null"));
  EXPECT_EQ(refusal({{"Tags.member.1.Key", "caf\xc3\xa9 1"}, {"Tags.member.1.Value", max_text}}),
            denied(jsmith, "TagSession", "TaggedRole"));
  EXPECT_EQ(refusal({{"Tags.member.1.Key", "a"},
                     {"Tags.member.1.Value", ""},
                     {"Tags.member.2.Key", "A"},
                     {"Tags.member.2.Value", ""}}),
            "400 InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are "
            "case insensitive.");
  EXPECT_EQ(refusal({{"Tags.member.1.Key", "AWS:x"}, {"Tags.member.1.Value", ""}}),
            "400 InvalidParameterValue: Tag keys that begin with aws: are reserved for system "
            "use.");
  EXPECT_EQ(refusal({{"TransitiveTagKeys.member.1", "a"}}),
            "400 InvalidParameterValue: The specified transitive tag key must be included in the "
            "requested tags.");
}

TEST_F(SessionTags, AreFiftyAtMost) {
  std::vector<std::string> names;
  for (int i = 1; i <= 51; ++i) names.push_back(fmt::format("Tags.member.{}.Key", i));
  Form form;
  for (const std::string& name : names) form.push_back({name, name});
  const std::string refusal = outcome(assume_as(keys_of("jsmith"), "TaggedRole", form));
  EXPECT_TRUE(
      refusal.ends_with("Value '[...]' at 'tags' failed to satisfy constraint: Member must "
                        "have length less than or equal to 50"))
      << refusal;
}

TEST_F(SessionTags, ASourceIdentityIsHeldToItsPattern) {
  for (const char* reserved : {"aws:x", "AWS:x"}) {
    EXPECT_EQ(
        outcome(assume_as(keys_of("jsmith"), "TaggedRole", {{"SourceIdentity", reserved}})),
        invalid(fmt::format("Value '{}' at 'sourceIdentity' failed to satisfy constraint: Member "
                            "must satisfy regular expression pattern: [\\w+=,.@-]*",
                            reserved)));
  }
}

TEST_F(SessionTags, ASourceIdentityIsAnsweredAndStaysAlongTheChain) {
  Form form = unicorn;
  form.push_back({"TransitiveTagKeys.member.1", "project"});
  form.push_back({"SourceIdentity", "jo@example.com"});
  const auto response = assume_as(session_of("jsmith"), "TaggedRole", form);
  EXPECT_EQ(text_of(response, "SourceIdentity"), "jo@example.com");
  const Keys tagged = credentials_in(response);
  EXPECT_EQ(text_of(assume(tagged, "TaggedChain"), "SourceIdentity"), "jo@example.com");
  EXPECT_EQ(outcome(assume_as(tagged, "TaggedChain", {{"SourceIdentity", "jo@example.com"}})),
            "200");
  EXPECT_EQ(outcome(assume_as(tagged, "TaggedChain", {{"SourceIdentity", "another"}})),
            "400 ValidationError: The source identity is already set for this assume role session");
}

TEST_F(SessionTags, TransitiveOnesStayAlongTheChainAndAreFixed) {
  Form form = unicorn;
  form.push_back({"TransitiveTagKeys.member.1", "project"});
  const Keys tagged = credentials_in(assume_as(session_of("jsmith"), "TaggedRole", form));
  const auto next = assume(tagged, "TaggedChain");
  EXPECT_EQ(outcome(next), "200");
  EXPECT_EQ(text_of(next, "PackedPolicySize"), "0") << "inherited tags count";
  EXPECT_EQ(outcome(assume_as(tagged, "TaggedChain",
                              {{"Tags.member.1.Key", "PROJECT"}, {"Tags.member.1.Value", "x"}})),
            "400 InvalidParameterValue: One of the specified transitive tag keys can't be set "
            "because it conflicts with a transitive tag key from the calling session.");
  EXPECT_EQ(outcome(assume_as(tagged, "TaggedChain",
                              {{"Tags.member.1.Key", "team"}, {"Tags.member.1.Value", "x"}})),
            "200");
}

TEST_F(SessionTags, APrincipalTagOpensARoleForItsSessionsOnly) {
  const Keys session = session_of("jsmith");
  const Keys untagged = credentials_in(assume(session, "TaggedRole"));
  EXPECT_EQ(outcome(assume(untagged, "TaggedChain")), denied(chained, "AssumeRole", "TaggedChain"));
  const Keys dragon = credentials_in(
      assume_as(session, "TaggedRole",
                {{"Tags.member.1.Key", "project"}, {"Tags.member.1.Value", "dragon"}}));
  EXPECT_EQ(outcome(assume(dragon, "TaggedChain")), denied(chained, "AssumeRole", "TaggedChain"));
  const Keys unicorns = credentials_in(assume_as(session, "TaggedRole", unicorn));
  EXPECT_EQ(outcome(assume(unicorns, "TaggedChain")), "200");
}

// --- One role a condition key ------------------------------------------------------------------

// The user `bare` may nothing by itself; each role trusts it by name and on one condition.
std::string role_on(std::string_view name, std::string_view condition,
                    std::string_view actions = R"(["sts:AssumeRole", "sts:TagSession",
                                                    "sts:SetSourceIdentity"])") {
  return fmt::format(R"({{"name": "{}", "tags": {{"team": "role", "stage": "test"}},
      "trust": {{"Statement": {{"Effect": "Allow",
      "Principal": {{"AWS": ["arn:aws:iam::123456789012:user/bare",
                             "arn:aws:iam::123456789012:role/Open"]}},
      "Action": {}, "Condition": {}}}}}}})",
                     name, actions, condition);
}

Options conditions() {
  Options options;
  options.world =
      R"({"accounts": [{"account": "123456789012",
      "users": [{"name": "bare", "tags": {"Team": "user"}}],
      "roles": [)" +
      role_on("Open", "{}") + "," + role_on("NoSession", "{}", R"("sts:AssumeRole")") + "," +
      role_on("User", R"({"StringEquals": {"aws:PrincipalTag/team": "user"}})") + "," +
      role_on("OfRole", R"({"StringEquals": {"aws:PrincipalTag/team": "role"}})") + "," +
      role_on("OfSession", R"({"StringEquals": {"aws:PrincipalTag/team": "session",
                                                "aws:PrincipalTag/stage": "test"}})") +
      "," + role_on("Transitive", R"({"ForAnyValue:StringEquals":
                                       {"sts:TransitiveTagKeys": "team"}})") +
      "," + role_on("Untagged", R"({"Null": {"aws:TagKeys": "true"}})") + "," +
      role_on("Identity", R"({"StringEquals": {"sts:SourceIdentity": "jo"}})") + "," +
      role_on("Known", R"({"StringLike": {"aws:SourceIdentity": "j*"}})") + "," +
      role_on("Named", R"({"StringEquals": {"sts:RoleSessionName": "test"}})") + "," +
      role_on("Arn", R"({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}})") + "," +
      role_on("NotArn", R"({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}})") +
      "]}]}";
  return options;
}

class ConditionKeys : public SessionTags {
 protected:
  ConditionKeys() : SessionTags(conditions()) {}

  std::string as_user(std::string_view role, Form form = {}) {
    return outcome(assume_as(keys_of("bare"), role, std::move(form)));
  }
  // As a session of the role Open, made with `form`.
  std::string as_session(std::string_view role, Form form, Form next = {}) {
    const Keys keys = credentials_in(assume_as(keys_of("bare"), "Open", std::move(form)));
    return outcome(assume_as(keys, role, std::move(next)));
  }
  static std::string refused(std::string_view action, std::string_view role) {
    return denied("iam::123456789012:user/bare", action, role);
  }
  static std::string session_refused(std::string_view action, std::string_view role) {
    return denied("sts::123456789012:assumed-role/Open/test", action, role);
  }

  static inline const Form team = {{"Tags.member.1.Key", "team"},
                                   {"Tags.member.1.Value", "session"}};
};

TEST_F(ConditionKeys, PrincipalTagsAreTheUsersOrElseTheSessionsOverTheRoles) {
  EXPECT_EQ(as_user("User"), "200");
  EXPECT_EQ(as_user("OfRole"), refused("AssumeRole", "OfRole"));
  EXPECT_EQ(as_session("OfRole", {}), "200");
  EXPECT_EQ(as_session("OfRole", team), session_refused("AssumeRole", "OfRole"));
  EXPECT_EQ(as_session("OfSession", team), "200");
  EXPECT_EQ(as_session("OfSession", {}), session_refused("AssumeRole", "OfSession"));
}

TEST_F(ConditionKeys, TransitiveTagKeysAreThoseOfTheRequest) {
  Form transitive = team;
  transitive.push_back({"TransitiveTagKeys.member.1", "team"});
  EXPECT_EQ(as_user("Transitive", transitive), "200");
  EXPECT_EQ(as_user("Transitive", team), refused("TagSession", "Transitive"));
  EXPECT_EQ(as_user("Transitive"), refused("AssumeRole", "Transitive"));
}

TEST_F(ConditionKeys, NoTagKeysAreNull) {
  EXPECT_EQ(as_user("Untagged"), "200");
  EXPECT_EQ(as_user("Untagged", team), refused("TagSession", "Untagged"));
}

// As live probes saw it: what is asked for first names the refusal.
TEST_F(ConditionKeys, AnotherSourceIdentityDeniesItsSettingAndNoneTheRole) {
  EXPECT_EQ(as_user("Identity", {{"SourceIdentity", "jo"}}), "200");
  EXPECT_EQ(as_user("Identity", {{"SourceIdentity", "al"}}),
            refused("SetSourceIdentity", "Identity"));
  EXPECT_EQ(as_user("Identity"), refused("AssumeRole", "Identity"));
  EXPECT_EQ(as_session("Identity", {{"SourceIdentity", "jo"}}), "200") << "inherited";
}

TEST_F(ConditionKeys, TheCallersSourceIdentityIsAKeyOfItsOwn) {
  EXPECT_EQ(as_user("Known", {{"SourceIdentity", "jo"}}), refused("SetSourceIdentity", "Known"));
  EXPECT_EQ(as_session("Known", {{"SourceIdentity", "jo"}}), "200");
  EXPECT_EQ(as_session("Known", {{"SourceIdentity", "al"}}),
            session_refused("SetSourceIdentity", "Known"));
}

TEST_F(ConditionKeys, WhatIsInheritedNeedsItsPermissionToo) {
  Form transitive = team;
  transitive.push_back({"TransitiveTagKeys.member.1", "team"});
  EXPECT_EQ(as_session("NoSession", {}), "200");
  EXPECT_EQ(as_session("NoSession", team), "200") << "nothing is inherited";
  EXPECT_EQ(as_session("NoSession", transitive), session_refused("TagSession", "NoSession"));
  EXPECT_EQ(as_session("NoSession", {{"SourceIdentity", "jo"}}),
            session_refused("SetSourceIdentity", "NoSession"));
}

TEST_F(ConditionKeys, SessionNamesAndArns) {
  EXPECT_EQ(as_user("Named"), "200");
  EXPECT_EQ(outcome(sts(keys_of("bare"), "AssumeRole",
                        {{"RoleArn", arn("Named")}, {"RoleSessionName", "other"}})),
            refused("AssumeRole", "Named"));
  EXPECT_EQ(as_user("Arn"), refused("AssumeRole", "Arn"));
  EXPECT_EQ(as_session("Arn", {}), "200");
  EXPECT_EQ(as_user("NotArn"), "200");
  EXPECT_EQ(as_session("NotArn", {}), session_refused("AssumeRole", "NotArn"));
}

TEST_F(ConditionKeys, TagsAndPoliciesShareTheRoomInTheToken) {
  std::vector<std::string> names;
  for (int i = 1; i <= 9; ++i) {
    for (const char* part : {"Key", "Value"})
      names.push_back(fmt::format("Tags.member.{}.{}", i, part));
    names.push_back(std::to_string(i));
  }
  const std::string value(256, 'v');
  Form form;
  for (std::size_t i = 0; i < names.size(); i += 3) {
    form.push_back({names[i], names[i + 2]});
    form.push_back({names[i + 1], value});
  }
  EXPECT_EQ(as_user("Open", form),
            "400 PackedPolicyTooLarge: Packed size of session tags consumes 113% of allotted "
            "space.");
  form.resize(14);
  EXPECT_EQ(as_user("Open", form), "200");
  const std::string policy =
      std::string(200, ' ') +
      R"({"Statement":{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}})";
  form.push_back({"Policy", policy});
  EXPECT_EQ(as_user("Open", form),
            "400 PackedPolicyTooLarge: Packed policy consumes 102% of allotted space, please use "
            "smaller policy.");
}

}  // namespace
}  // namespace sandbox
