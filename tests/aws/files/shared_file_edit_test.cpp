#include "aws/files/shared_file.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aws {
namespace {

SharedFile file_of(std::string_view bytes) { return SharedFile(base::WipedString(bytes)); }

std::string edit(std::string_view bytes, const std::vector<SectionEdit>& edits) {
  return std::string(edited(file_of(bytes), FileKind::credentials, edits));
}

// Sets `id` and `token`, removes `old`.
const SectionEdit session{"session", {{"id", "A"}, {"token", "T"}}, {"old"}};

std::string edit_session(std::string_view bytes) { return edit(bytes, {session}); }

TEST(SharedFileEdit, MakesTheSectionAtTheEnd) {
  EXPECT_EQ(edit_session(""), "[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk=1\n"), "[a]\nk=1\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk=1\n\n"), "[a]\nk=1\n\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("# c"), "# c\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk=1"), "[a]\nk=1\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("\n"), "\n\n[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, KeepsTheFilesNewline) {
  EXPECT_EQ(edit_session("[a]\r\nk=1\r\n"),
            "[a]\r\nk=1\r\n\r\n[session]\r\nid = A\r\ntoken = T\r\n");
  EXPECT_EQ(edit_session("[a]\r\nk=1"), "[a]\r\nk=1\r\n\r\n[session]\r\nid = A\r\ntoken = T\r\n");
  EXPECT_EQ(edit_session("[session]\r\nid = 0\r\nk = 1\r\n"),
            "[session]\r\nid = A\r\ntoken = T\r\nk = 1\r\n");
  EXPECT_EQ(edit_session("[a]\nk=1\r\n"), "[a]\nk=1\r\n\n[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, KeepsOtherKeysAndComments) {
  EXPECT_EQ(edit_session("# head\n[session]\n# mine\nregion = eu-west-1\ntoken=0\n; why\n"
                         "id = 0 # c\nold = 1\ns3 =\n  n = 1\n\n# tail\n[z]\nid = z\n"),
            "# head\n[session]\n# mine\nregion = eu-west-1\ntoken = T\n; why\n"
            "id = A\ns3 =\n  n = 1\n\n# tail\n[z]\nid = z\n");
}

TEST(SharedFileEdit, PutsNewKeysBesideTheOnesSetAnew) {
  EXPECT_EQ(edit_session("[session]\na = 1\nid = 0\nb = 2\n"),
            "[session]\na = 1\nid = A\ntoken = T\nb = 2\n");
  EXPECT_EQ(edit_session("[session]\na = 1\n"), "[session]\nid = A\ntoken = T\na = 1\n");
}

TEST(SharedFileEdit, ReplacesKeysOfAnyCaseAndShape) {
  EXPECT_EQ(edit_session("[session]\nID : 0\nToken = 0\n  continued\nOLD =\n  x = 1\n"),
            "[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, WritesTheHeaderAsEveryClientReadsIt) {
  EXPECT_EQ(edit_session("[ session ] # c\nid = 0\n"), "[session] # c\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("  [\tsession\t]\n"), "[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[session]"), "[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("\xef\xbb\xbf[session]\n"), "[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[session] # see [1]\nid = 0\n"),
            "[session]\n# see [1]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[session] see 1\n"), "[session]\n# see 1\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("\xc2\xa0[session]\xe3\x80\x80\n"),
            "[session]\xe3\x80\x80\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, KeepsTheIndentationThatAllKeysShare) {
  EXPECT_EQ(edit_session("[session]\n  id = 0\n  region = r\n"),
            "[session]\n  id = A\n  token = T\n  region = r\n");
  EXPECT_EQ(edit_session("[session]\n\tregion = r\n"),
            "[session]\n\tid = A\n\ttoken = T\n\tregion = r\n");
}

// To the AWS CLI an indented line is part of the key above it.
TEST(SharedFileEdit, BringsKeysOfDifferentIndentationToOne) {
  EXPECT_EQ(edit_session("[session]\nregion = r\n  id = 0\n"),
            "[session]\nregion = r\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[session]\nid = 0\n  region = r\n"),
            "[session]\nid = A\ntoken = T\nregion = r\n");
  EXPECT_EQ(edit_session("[session]\nregion = r\n  [z]\nk = 1\n"),
            "[session]\n  id = A\n  token = T\n  region = r\n  [z]\nk = 1\n");
  EXPECT_EQ(edit_session("[session]\n  [z]\nk = 1\n"),
            "[session]\n  id = A\n  token = T\n  [z]\nk = 1\n");
  EXPECT_EQ(edit_session("[session]\nid = 0\n  s3 =\n    a = 1\n    word\n  # c\n"),
            "[session]\nid = A\ntoken = T\ns3 =\n  a = 1\n# word\n  # c\n");
  EXPECT_EQ(edit_session("[session]\nid = 0\n  = v\n"), "[session]\nid = A\ntoken = T\n# = v\n");
}

// The key that stood twice goes with its indentation, by which the lines below it were read.
TEST(SharedFileEdit, BringsKeysToOneIndentationAlsoWhereOneOfThemGoes) {
  const std::string once = edit_session("[session]\n  ID:\nid=1\n  m=\n x\n");
  EXPECT_EQ(once, "[session]\nid = A\ntoken = T\nm=\n# x\n");
  EXPECT_EQ(edit_session(once), once);
}

TEST(SharedFileEdit, DoesNotFollowIndentationBeyondReason) {
  const std::string deep(101, ' ');
  EXPECT_EQ(edit_session("[session]\nregion = r\n" + deep + "[z]\n"),
            "[session]\nid = A\ntoken = T\nregion = r\n" + deep + "[z]\n");
  EXPECT_EQ(edit_session("[session]\n" + deep + "region = r\n"),
            "[session]\nid = A\ntoken = T\nregion = r\n");
  const std::string broken = "[session]\nid = A\ntoken = T\n" + deep + "[z\nk = 1\n";
  EXPECT_EQ(edit_session(broken), broken);
}

TEST(SharedFileEdit, MergesSectionsOfOneName) {
  EXPECT_EQ(edit_session("[session]\nid = 0\n[a]\n[session]\nid = 1\ntoken = 1\nold = 1\n[b]\n"),
            "[session]\nid = A\ntoken = T\n[a]\n[b]\n");
  EXPECT_EQ(edit_session("[session]\n[session]\n# c\nid = 1\nregion = r\n"),
            "[session]\nid = A\ntoken = T\n# c\nregion = r\n");
  EXPECT_EQ(edit_session("[session]\n[session]\nid = 1\n# c\n[b]\n"),
            "[session]\nid = A\ntoken = T\n# c\n[b]\n");
  EXPECT_EQ(edit_session(
                "[session]\nid = 0\n\n# of a\n[a]\n[ session ]\n  s3 =\n    x = 1\n\n# of b\n[b]"),
            "[session]\nid = A\ntoken = T\ns3 =\n  x = 1\n\n# of a\n[a]\n\n# of b\n[b]");
}

TEST(SharedFileEdit, LeavesOneOfAKeyThatStandsTwice) {
  EXPECT_EQ(edit_session("[session]\nid = 0\nid = 1\nold = 1\nold = 2\n"),
            "[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[session]\nregion = r\n  more\n# c\nid = 0\nREGION = s\n"),
            "[session]\n# region = r\n# more\n# c\nid = A\ntoken = T\nREGION = s\n");
  EXPECT_EQ(edit_session("[session]\nregion = r\n[session]\nregion = s\n"),
            "[session]\nid = A\ntoken = T\n# region = r\nregion = s\n");
}

TEST(SharedFileEdit, BeginsItsLinesWhereEveryClientBeginsALine) {
  EXPECT_EQ(edit_session("[a]\rk = v\r"), "[a]\rk = v\r\n\r\n[session]\r\nid = A\r\ntoken = T\r\n");
  EXPECT_EQ(edit_session("[a]\nk = v\r[session]\rid = 0\n"),
            "[a]\nk = v\r\n[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, KeepsCommentsInsideAValueThatGoes) {
  EXPECT_EQ(edit_session("[session]\nid = 0\n  # c\n  more\n"),
            "[session]\nid = A\ntoken = T\n  # c\n");
}

TEST(SharedFileEdit, TakesLongValuesAndBinaryRubbish) {
  const std::string value(100'000, 'v');
  EXPECT_EQ(edit_session("[session]\nid = " + value + "\n[a]\nk = " + value + "\n"),
            "[session]\nid = A\ntoken = T\n[a]\nk = " + value + "\n");
  const std::string torn("[a]\nk = 1\n\0\0\0", 13);
  EXPECT_EQ(edit_session(torn), torn + "\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk = 1\n\x1a"), "[a]\nk = 1\n\x1a\n\n[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, OnlyRemovesWhereNothingIsSet) {
  const SectionEdit removal{"session", {}, {"id", "old"}};
  EXPECT_EQ(edit("[session]\nid = 0\nk = 1\nold = 0\n", {removal}), "[session]\nk = 1\n");
  EXPECT_EQ(edit("[a]\nid = 0\n", {removal}), "[a]\nid = 0\n");
  EXPECT_EQ(edit("[ session ]\nk = 0\n  l = 1\n", {removal}), "[ session ]\nk = 0\n  l = 1\n");
  EXPECT_EQ(edit("", {removal}), "");
}

TEST(SharedFileEdit, MakesAnEmptySectionWhenThatIsAllThatIsAsked) {
  EXPECT_EQ(edit("", {SectionEdit{"session", {}, {}}}), "[session]\n");
}

// As SharedFileEdit takes the session away again.
const SectionEdit removal{"session", {}, {"id", "token", "old"}, true};

std::string remove(std::string_view bytes) { return edit(bytes, {removal}); }

TEST(SharedFileEdit, TakesTheSectionAwayWithOneBlankLine) {
  EXPECT_EQ(remove("[session]\nid = 0\ntoken = 0\n"), "");
  EXPECT_EQ(remove("[a]\nk=1\n\n[session]\nid = 0\n"), "[a]\nk=1\n");
  EXPECT_EQ(remove("[a]\r\nk=1\r\n\r\n[session]\r\nid = 0\r\n"), "[a]\r\nk=1\r\n");
  EXPECT_EQ(remove("[a]\nk=1\n\n\n[session]\nid = 0\n"), "[a]\nk=1\n\n");
  EXPECT_EQ(remove("[a]\nk=1\n\n[session]\nid = 0\n\n[z]\n"), "[a]\nk=1\n\n[z]\n");
  EXPECT_EQ(remove("[a]\nk=1\n\n[session]\nid = 0\n[z]\n"), "[a]\nk=1\n\n[z]\n");
  EXPECT_EQ(remove("[a]\nk=1\n[session]\nid = 0\n\n[z]\n"), "[a]\nk=1\n\n[z]\n");
  EXPECT_EQ(remove("[session]\nid = 0\n\n[z]\n"), "[z]\n");
  EXPECT_EQ(remove("[session]\nid = 0\n\n\n[z]\n"), "\n[z]\n");
}

TEST(SharedFileEdit, LeavesTheHeaderWhereSomethingOfTheUsersIsLeft) {
  EXPECT_EQ(remove("[session]\nid = 0\nregion = r\n"), "[session]\nregion = r\n");
  EXPECT_EQ(remove("[session]\n# c\nid = 0\n"), "[session]\n# c\n");
  EXPECT_EQ(remove("[session]\nid = 0\n# c\n\n[z]\n"), "[session]\n# c\n\n[z]\n");
  EXPECT_EQ(remove("[session] # c\nid = 0\n"), "[session] # c\n");
  EXPECT_EQ(remove("[session]\nid = 0\nno key\n"), "[session]\nno key\n");
  EXPECT_EQ(remove("[session]\n"), "[session]\n") << "it is not ours";
}

TEST(SharedFileEdit, LeavesTheCommentsOfTheSectionBelow) {
  EXPECT_EQ(remove("[a]\n\n[session]\nid = 0\n\n# of z\n[z]\n"), "[a]\n\n# of z\n[z]\n");
  EXPECT_EQ(remove("[session]\nid = 0\n\n# of nothing\n"), "# of nothing\n");
}

TEST(SharedFileEdit, TakesBothSectionsOfTheNameAway) {
  EXPECT_EQ(remove("[session]\nid = 0\n\n[a]\nk=1\n\n[ session ]\ntoken = 0\n"), "[a]\nk=1\n");
  EXPECT_EQ(remove("[session]\nid = 0\n[a]\nk=1\n[session]\nregion = r\n"),
            "[session]\nregion = r\n[a]\nk=1\n");
}

// To the AWS CLI it would be part of the key above.
TEST(SharedFileEdit, LeavesTheHeaderAboveAnIndentedOne) {
  EXPECT_EQ(remove("[a]\nk=1\n[session]\n  id = 0\n  [z]\nl=1\n"),
            "[a]\nk=1\n[session]\n  [z]\nl=1\n");
}

TEST(SharedFileEdit, GivesTheFileBackInAnyOrder) {
  for (const std::string before : {"", "\n", "[a]\nk=1\n", "[a]\nk=1\n\n", "# c\n"}) {
    const std::string both = edit(before, {{"x", {{"id", "1"}}, {}}, {"y", {{"id", "2"}}, {}}});
    const SectionEdit x{"x", {}, {"id"}, true};
    const SectionEdit y{"y", {}, {"id"}, true};
    EXPECT_EQ(edit(edit(both, {x}), {y}), before);
    EXPECT_EQ(edit(edit(both, {y}), {x}), before);
    EXPECT_EQ(edit(both, {x, y}), before);
  }
}

std::string edit_config(std::string_view bytes, const SectionEdit& change) {
  return std::string(edited(file_of(bytes), FileKind::config, {&change, 1}));
}

TEST(SharedFileEdit, FindsProfilesOfTheConfigFile) {
  const SectionEdit link{"x", {{"credential_process", "p"}}, {}};
  const std::string written = "[profile x]\ncredential_process = p\n";
  EXPECT_EQ(edit_config("", link), written);
  for (const std::string header :
       {"[profile x]", "[ profile \t x ]", "[profile 'x']", "[profile \"x\"]", "  [profile x]"}) {
    EXPECT_EQ(edit_config(header + "\nregion = r\n", link), written + "region = r\n");
  }
  for (const std::string other :
       {"[x]\n", "[profile y]\n", "[profilex]\n", "[services x]\n", "[sso-session x]\n"}) {
    EXPECT_EQ(edit_config(other, link), other + "\n" + written);
  }
  EXPECT_EQ(edit_config("[profile x]\na = 1\n[profile \"x\"]\nb = 1\n", link),
            written + "a = 1\nb = 1\n");
}

TEST(SharedFileEdit, FindsTheDefaultProfileOfTheConfigFile) {
  const SectionEdit link{"default", {{"credential_process", "p"}}, {}};
  EXPECT_EQ(edit_config("", link), "[default]\ncredential_process = p\n");
  EXPECT_EQ(edit_config("[default]\nregion = r\n", link),
            "[default]\ncredential_process = p\nregion = r\n");
  EXPECT_EQ(edit_config("[profile default]\nregion = r\n", link),
            "[default]\ncredential_process = p\nregion = r\n");
  // Of the two the SDKs take the former alone, botocore the last.
  EXPECT_EQ(edit_config("[profile default]\nregion = r\n[default]\nregion = s\noutput = o\n", link),
            "[default]\ncredential_process = p\nregion = r\n# region = s\n# output = o\n");
  EXPECT_EQ(edit_config("[default]\nregion = s\n[profile default]\nregion = r\n", link),
            "[default]\ncredential_process = p\n# region = s\nregion = r\n");
}

TEST(SharedFileEdit, TakesAwayALinkInTheConfigFile) {
  const SectionEdit unlink{"x", {}, {"credential_process", "manager"}, true};
  const std::string link = "[profile x]\ncredential_process = p\nmanager = m\n";
  EXPECT_EQ(edit_config("[profile a]\n\n" + link, unlink), "[profile a]\n");
  EXPECT_EQ(edit_config(link + "region = r\n", unlink), "[profile x]\nregion = r\n");
  EXPECT_EQ(edit_config("[x]\nmanager = m\n", unlink), "[x]\nmanager = m\n");
}

TEST(SharedFileEdit, TakesSeveralSectionsInOneGo) {
  EXPECT_EQ(edit("[b]\nk = 0\n", {{"a", {{"k", "1"}}, {}}, {"b", {{"k", "2"}}, {}}}),
            "[b]\nk = 2\n\n[a]\nk = 1\n");
  EXPECT_EQ(edit("[b]\nk = 0\n[session]\nid = 0\n\n[c]\n",
                 {removal, {"c", {{"k", "1"}}, {}}, {"b", {}, {"k"}, true}}),
            "[c]\nk = 1\n");
}

}  // namespace
}  // namespace aws
