#include "aws/shared_file.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aws {
namespace {

SharedFile file_of(std::string_view bytes) { return SharedFile(base::WipedString(bytes)); }

std::string edit(std::string_view bytes, const std::vector<SectionEdit>& edits) {
  return std::string(edited(file_of(bytes), edits));
}

// Sets `id` and `token`, removes `old`.
const SectionEdit session{"session", {{"id", "A"}, {"token", "T"}}, {"old"}};

std::string edit_session(std::string_view bytes) { return edit(bytes, {session}); }

TEST(SharedFileEdit, MakesTheSectionAtTheEnd) {
  EXPECT_EQ(edit_session(""), "[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk=1\n"), "[a]\nk=1\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk=1\n\n"), "[a]\nk=1\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("# c"), "# c\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[a]\nk=1"), "[a]\nk=1\n\n[session]\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("\n"), "\n[session]\nid = A\ntoken = T\n");
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

TEST(SharedFileEdit, TakesSeveralSectionsInOneGo) {
  EXPECT_EQ(edit("[b]\nk = 0\n", {{"a", {{"k", "1"}}, {}}, {"b", {{"k", "2"}}, {}}}),
            "[b]\nk = 2\n\n[a]\nk = 1\n");
}

}  // namespace
}  // namespace aws
