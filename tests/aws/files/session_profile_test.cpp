#include "aws/files/session_profile.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <string>

namespace aws {
namespace {

using support::error_of;
using Pairs = std::vector<std::pair<std::string, base::WipedString>>;

Credentials credentials(std::string_view id = "ASIAX",
                        std::string_view secret = "s/+=", std::string_view token = "t\\_.-") {
  return {std::string(id), base::Secret(secret), base::Secret(token),
          *base::parse_rfc3339("2026-11-22T18:20:00Z")};
}

const std::string role = "arn:aws:iam::123456789012:role/team/Admin";

TEST(SessionProfile, IsWhatTheContractSays) {
  const SectionEdit edit = session_profile("session_token", credentials(), role);
  EXPECT_EQ(edit.profile, "session_token");
  EXPECT_EQ(edit.set, (Pairs{{"aws_access_key_id", "ASIAX"},
                             {"aws_secret_access_key", "s/+="},
                             {"aws_session_token", "t\\_.-"},
                             {"manager", "aws-session-token"},
                             {"assumed_role_arn", base::WipedString(role)},
                             {"expiration", "2026-11-22T18:20:00Z"},
                             {"x_security_token_expires", "2026-11-22T18:20:00Z"}}));
  EXPECT_EQ(edit.remove, (std::vector<std::string>{"aws_security_token", "autoawsume"}));
}

TEST(SessionProfile, HasNoRoleForTheMfaSessionItself) {
  const SectionEdit edit = session_profile("session_token", credentials(), "");
  EXPECT_EQ(edit.set, (Pairs{{"aws_access_key_id", "ASIAX"},
                             {"aws_secret_access_key", "s/+="},
                             {"aws_session_token", "t\\_.-"},
                             {"manager", "aws-session-token"},
                             {"expiration", "2026-11-22T18:20:00Z"},
                             {"x_security_token_expires", "2026-11-22T18:20:00Z"}}));
  EXPECT_EQ(edit.remove,
            (std::vector<std::string>{"aws_security_token", "autoawsume", "assumed_role_arn"}));
}

TEST(SessionProfile, ReplacesTheSectionAndKeepsWhatIsNotOurs) {
  const SharedFile file(
      base::WipedString("[session_token]\n# mine\naws_access_key_id = OLD\n"
                        "aws_secret_access_key = old\naws_session_token = old\n"
                        "aws_security_token = old\nregion = eu-west-1\nautoawsume = true\n"));
  const SectionEdit edit = session_profile("session_token", credentials(), role);
  EXPECT_EQ(edited(file, FileKind::credentials, {&edit, 1}),
            "[session_token]\n# mine\naws_access_key_id = ASIAX\naws_secret_access_key = s/+=\n"
            "aws_session_token = t\\_.-\nmanager = aws-session-token\nassumed_role_arn = " +
                base::WipedString(role) +
                "\nexpiration = 2026-11-22T18:20:00Z\n"
                "x_security_token_expires = 2026-11-22T18:20:00Z\nregion = eu-west-1\n");
}

// Whoever includes a profile comes to its source through it: no chain is walked for each of them.
TEST(SessionProfile, FindsTheUserOfASourceInLinearTime) {
  std::string config = "[profile p0]\nregion = r\n";
  for (int i = 1; i < 3'000; ++i) {
    config +=
        "[profile p" + std::to_string(i) + "]\ninclude_profile = p" + std::to_string(i - 1) + "\n";
  }
  const SharedConfig without{SharedFile(base::WipedString(config)), SharedFile()};
  EXPECT_EQ(error_of([&] { require_writable_target(without, "s", false); }), "nothing was thrown");
  config += "[profile x]\nsource_profile = s\n";
  const SharedConfig with{SharedFile(base::WipedString(config)), SharedFile()};
  EXPECT_EQ(error_of([&] { require_writable_target(with, "s", false); }),
            "1 profile s is the source_profile of x; it was left unchanged\n"
            "hint: choose another profile to write with -p");
}

TEST(SessionProfile, IsTakenAwayAgain) {
  const SectionEdit written = session_profile("session_token", credentials(), role);
  const SectionEdit removal = session_removal("session_token");
  const base::WipedString before("[default]\nregion = eu-west-1\n");
  const SharedFile with(edited(SharedFile(before), FileKind::credentials, {&written, 1}));
  EXPECT_EQ(edited(with, FileKind::credentials, {&removal, 1}), before);
  const SharedFile own(
      edited(SharedFile("[session_token]\nregion = r\n"), FileKind::credentials, {&written, 1}));
  EXPECT_EQ(edited(own, FileKind::credentials, {&removal, 1}), "[session_token]\nregion = r\n");
}

std::string refusal(std::string_view name) {
  return "1 the " + std::string(name) +
         " from AWS has a character that programs read in different ways\n"
         "hint: the answer was discarded; check that the endpoint is AWS's";
}

TEST(SessionProfile, RefusesBytesThatSomeClientReadsOtherwise) {
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a\n"), std::string("a\r"),
        std::string("\"a\""), std::string("'a'"), std::string("a#b"), std::string("a;b"),
        std::string("a\t"), std::string("[a]"), std::string("a%"), std::string("a:b"),
        std::string("a\0", 2), std::string("\xc3\xa4")}) {
    EXPECT_EQ(error_of([&] { session_profile("p", credentials(bad), role); }),
              refusal("aws_access_key_id"))
        << bad;
    EXPECT_EQ(error_of([&] { session_profile("p", credentials("A", bad), role); }),
              refusal("aws_secret_access_key"))
        << bad;
    EXPECT_EQ(error_of([&] { session_profile("p", credentials("A", "s", bad), role); }),
              refusal("aws_session_token"))
        << bad;
  }
  for (const char* bad : {"arn aws", "arn\n", "arn#", "arn;", "arn\\", "arn\""}) {
    EXPECT_EQ(error_of([&] { session_profile("p", credentials(), bad); }),
              refusal("assumed_role_arn"))
        << bad;
  }
}

// --- What may be written over ------------------------------------------------------------------

std::string target(const std::string& profile, std::string_view config,
                   std::string_view credentials_file, bool overwrite = false) {
  const SharedConfig shared{SharedFile(base::WipedString(config)),
                            SharedFile(base::WipedString(credentials_file))};
  return error_of([&] { require_writable_target(shared, profile, overwrite); });
}

const std::string allowed = "nothing was thrown";
const std::string other = "\nhint: choose another profile to write with -p";
const std::string temporary =
    "[p]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n";

TEST(WritableTarget, IsAProfileThatIsNotThere) {
  EXPECT_EQ(target("session_token", "", ""), allowed);
}

TEST(WritableTarget, IsTheOriginalScriptsSection) {
  EXPECT_EQ(target("p", "", temporary), allowed);
}

TEST(WritableTarget, IsOurOwnSection) {
  EXPECT_EQ(target("p", "", temporary + "manager = aws-session-token\nassumed_role_arn = r\n"),
            allowed);
}

TEST(WritableTarget, IsASectionWithARegionOnly) {
  EXPECT_EQ(target("p", "[profile p]\nregion = r\noutput = json\n", "[p]\nregion = r\n"), allowed);
  EXPECT_EQ(target("p", "[profile p]\nmfa_serial = s\n", ""), allowed);
}

TEST(WritableTarget, HasANameThatEveryClientAccepts) {
  const std::string hint = "\nhint: use letters, digits and _ . / % @ : + - only, 128 at most";
  EXPECT_EQ(target("a b", "", ""),
            "2 `a b` is not a profile name that every program accepts" + hint);
  EXPECT_EQ(target("", "", ""), "2 `` is not a profile name that every program accepts" + hint);
  EXPECT_EQ(target("a\x1b]", "", ""),
            "2 `a?]` is not a profile name that every program accepts" + hint);
}

TEST(WritableTarget, HoldsNoLongTermKeyEver) {
  const std::string refused =
      "1 profile p holds a long-term access key; it was left unchanged" + other;
  const std::string pair = "aws_access_key_id = A\naws_secret_access_key = s\n";
  for (const bool overwrite : {false, true}) {
    EXPECT_EQ(target("p", "", "[p]\n" + pair, overwrite), refused);
    EXPECT_EQ(target("p", "[profile p]\n" + pair, "", overwrite), refused);
    EXPECT_EQ(target("p", "", "[p]\naws_secret_access_key = s\n", overwrite), refused);
    EXPECT_EQ(target("p", "", "[p]\n" + pair + "manager = aws-session-token\n", overwrite),
              refused);
  }
}

TEST(WritableTarget, IsNoSourceOfAnotherProfileEver) {
  for (const bool overwrite : {false, true}) {
    EXPECT_EQ(target("p", "[profile x]\nrole_arn = r\nsource_profile = p\n", temporary, overwrite),
              "1 profile p is the source_profile of x; it was left unchanged" + other);
  }
}

TEST(WritableTarget, BelongsToNoOtherTool) {
  EXPECT_EQ(target("p", "", temporary + "manager = awsume\n"),
            "1 profile p belongs to another tool (awsume)" + other +
                "\nhint: or replace it with --overwrite");
  EXPECT_EQ(
      target("p", "", temporary + "autoawsume = true\n"),
      "1 profile p belongs to another tool" + other + "\nhint: or replace it with --overwrite");
  EXPECT_EQ(target("p", "", temporary + "manager = awsume\nautoawsume = true\n", true), allowed);
}

TEST(WritableTarget, HasNothingThatWouldWinOverTheKeysWritten) {
  for (const std::string key :
       {"role_arn", "source_profile", "credential_source", "web_identity_token_file", "sso_session",
        "sso_start_url", "sso_account_id", "sso_role_name", "sso_region", "credential_process"}) {
    for (const bool overwrite : {false, true}) {
      // A role profile is rather what was to be got than what is to be changed.
      EXPECT_EQ(target("p", "[profile p]\n" + key + " = x\n", "", overwrite),
                key == "role_arn" ? "1 profile p is a role profile; -p names the profile to write\n"
                                    "hint: did you mean: aws-session-token get p" +
                                        other
                                  : "1 profile p has " + key +
                                        " in the shared config file, which would take precedence "
                                        "over the keys written" +
                                        other + "\nhint: or remove " + key + " from the profile");
      EXPECT_EQ(
          target("p", "", "[p]\n" + key + " =\n", overwrite),
          "1 profile p has " + key +
              " in the shared credentials file, which would take precedence over the keys written" +
              other + "\nhint: or remove " + key + " from the profile");
    }
  }
}

TEST(WritableTarget, IsNoLinkOfOurs) {
  EXPECT_EQ(target("p", "[profile p]\ncredential_process = x\nmanager = aws-session-token\n", ""),
            "1 profile p is a link of this tool, which renews itself; keys beside it would not be "
            "renewed\n"
            "hint: remove it with: aws-session-token logout p" +
                other);
}

TEST(WritableTarget, IsNotJudgedByWhatNoOtherClientReads) {
  EXPECT_EQ(target("p", "[profile p]\ninclude_profile = x\n[profile x]\nrole_arn = r\n", ""),
            allowed);
}

}  // namespace
}  // namespace aws
