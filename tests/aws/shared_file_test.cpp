#include "aws/shared_file.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <iterator>
#include <random>
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

std::string problems_of(std::string_view bytes) {
  const SharedFile file = file_of(bytes);
  std::string text;
  for (const FileProblem& problem : file.problems()) {
    text += std::to_string(problem.line) + ": " + problem.what + "\n";
  }
  return text;
}

std::string value_of(const SharedFile& file, std::string_view section, std::string_view key) {
  for (const Section& found : file.sections()) {
    if (found.name != section) continue;
    if (const Property* property = found.find(key)) {
      std::string text(property->value);
      for (const std::string_view more : property->more) text.append("|").append(more);
      return text;
    }
  }
  return "(none)";
}

// --- Reading -----------------------------------------------------------------------------------

TEST(SharedFile, HasSectionsAndProperties) {
  const SharedFile file = file_of("# c\n[a]\nk = v\n; c\n\nOther=1\n[b]\n");
  ASSERT_EQ(file.sections().size(), 2u);
  const Section& a = file.sections()[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.line, 1u);
  EXPECT_EQ(a.line_count, 5u);
  ASSERT_EQ(a.properties.size(), 2u);
  EXPECT_EQ(a.properties[0].line, 2u);
  EXPECT_EQ(a.properties[1].key, "other");
  EXPECT_EQ(file.sections()[1].line_count, 1u);
  EXPECT_EQ(file.line(2), "k = v\n");
  EXPECT_EQ(file.line_total(), 7u);
  EXPECT_EQ(problems_of("# c\n[a]\nk = v\n; c\n\nOther=1\n[b]\n"), "");
}

TEST(SharedFile, TakesTheLastOfAKeyTwice) {
  EXPECT_EQ(value_of(file_of("[a]\nk=1\nK=2\n"), "a", "k"), "2");
}

TEST(SharedFile, CutsAnInlineCommentAfterABlankOnly) {
  const SharedFile file = file_of("[a]\nb = v # c\nc = v\t; c\nd = v#c;d\ne = # c\nf = a;b ;c\n");
  EXPECT_EQ(value_of(file, "a", "b"), "v");
  EXPECT_EQ(value_of(file, "a", "c"), "v");
  EXPECT_EQ(value_of(file, "a", "d"), "v#c;d");
  EXPECT_EQ(value_of(file, "a", "e"), "");
  EXPECT_EQ(value_of(file, "a", "f"), "a;b");
}

TEST(SharedFile, TakesAColonForAnEqualsSign) {
  const SharedFile file = file_of("[a]\nk : v\nu = http://x:1/=y\n");
  EXPECT_EQ(value_of(file, "a", "k"), "v");
  EXPECT_EQ(value_of(file, "a", "u"), "http://x:1/=y");
}

TEST(SharedFile, ReadsContinuedAndNestedLines) {
  const SharedFile file = file_of("[a]\nk = v\n  w\n\n\tx\ns3 =\n  n = 1\n  # c\n  m = 2\nl = 3\n");
  EXPECT_EQ(value_of(file, "a", "k"), "v|w|x");
  EXPECT_EQ(value_of(file, "a", "s3"), "|n = 1|m = 2");
  EXPECT_EQ(value_of(file, "a", "n"), "(none)") << "a nested key never leaks";
  EXPECT_EQ(value_of(file, "a", "l"), "3");
}

TEST(SharedFile, ReadsAnIndentedKeyBelowAValueAsAKey) {
  const SharedFile file = file_of("[a]\nk = v\n  l = w\n");
  EXPECT_EQ(value_of(file, "a", "k"), "v");
  EXPECT_EQ(value_of(file, "a", "l"), "w");
}

TEST(SharedFile, EndsAPropertyAtALineThatIsNone) {
  const SharedFile file = file_of("[a]\nk = v\nno key = 1\n  more\nnothing\n  more\n");
  EXPECT_EQ(value_of(file, "a", "k"), "v");
}

TEST(SharedFile, GivesWhatFollowsABrokenHeaderToNoSection) {
  const SharedFile file = file_of("[a]\nk = 1\n[b\nk = 2\n");
  EXPECT_EQ(value_of(file, "a", "k"), "1");
  EXPECT_EQ(value_of(file, "b", "k"), "(none)");
}

TEST(SharedFile, OutlivesItsSource) {
  std::vector<SharedFile> files;
  files.push_back(file_of("[a]\nk = v\n"));
  SharedFile moved = std::move(files.front());
  files.clear();
  const SharedFile copy = moved;
  EXPECT_EQ(value_of(moved, "a", "k"), "v");
  EXPECT_EQ(value_of(copy, "a", "k"), "v");
}

// --- Problems: FACTS of the real clients, line by line -----------------------------------------

TEST(SharedFileProblems, AreNoneInAnOrdinaryFile) {
  EXPECT_EQ(problems_of(""), "");
  EXPECT_EQ(problems_of("# c\r\n[default]\r\nk = v\r\n\r\n  # c\r\n[profile x] ; c\r\nk=v"), "");
  EXPECT_EQ(problems_of("[a]\n  k = 1\n  l = 2\n[b]\ns3 =\n  x = 1\n# \xe2\x82\xac\n"), "");
}

TEST(SharedFileProblems, AreDuplicates) {
  EXPECT_EQ(problems_of("[a]\nk=1\nK=2\n[b]\nk=1\n"),
            "3: a key that stands in its section already: the AWS CLI refuses the whole file\n");
  EXPECT_EQ(problems_of("[a]\n[b]\n[ a ]\n"),
            "3: a section that stands in the file already: the AWS CLI refuses the whole file\n");
}

TEST(SharedFileProblems, AreBytesThatAreNoText) {
  EXPECT_EQ(problems_of("\xef\xbb\xbf[a]\nk=1\n"),
            "1: a byte order mark: the AWS CLI refuses the whole file\n");
  for (const char* line : {"k = \xff", "# \xe4", "k = \xc0\x80", "k = \xed\xa0\x80"}) {
    EXPECT_EQ(problems_of("[a]\n" + std::string(line) + "\n"),
              "2: a byte that is no UTF-8: the AWS CLI refuses the whole file\n");
  }
  EXPECT_EQ(problems_of(std::string("[a]\nk=1\n\0\0\0", 11)),
            "3: a line that is neither key nor section\n");
  EXPECT_EQ(problems_of("[a]\nk=1\n\x1a"), "3: a line that is neither key nor section\n");
}

TEST(SharedFileProblems, AreLinesOutsideTheGrammar) {
  EXPECT_EQ(problems_of("k = v\n[a]\n"), "1: text before the first section\n");
  EXPECT_EQ(problems_of("[a]\nword\n"), "2: a line that is neither key nor section\n");
  EXPECT_EQ(problems_of("[a]\n= v\n"), "2: a line without a key before its =\n");
  EXPECT_EQ(problems_of("[a]\nno key = v\n"), "2: a key with a blank in it\n");
  EXPECT_EQ(problems_of("[a]\nk : v\n"), "2: a : where the SDKs want =\n");
  EXPECT_EQ(problems_of("[a]\ns3 =\n word\n"), "3: a nested line without =\n");
  EXPECT_EQ(problems_of("[a]\ns3 =\n = v\n"), "3: a nested line without a key\n");
}

TEST(SharedFileProblems, AreBrokenHeaders) {
  EXPECT_EQ(problems_of("[]\n[ ]\n"), "1: a section without a name\n2: a section without a name\n");
  EXPECT_EQ(problems_of("[a\n[b\n"),
            "1: a section header without its closing ]\n"
            "2: a section header without its closing ]\n");
  EXPECT_EQ(problems_of("[a] b\n"), "1: text after the closing ] of a section\n");
}

TEST(SharedFileProblems, AreIndentedLinesThatTheAwsCliReadsOtherwise) {
  EXPECT_EQ(problems_of("[a]\nk = 1\n  l = 2\n"),
            "3: an indented key: the AWS CLI reads it as part of the line above\n");
  EXPECT_EQ(problems_of("[a]\nk = 1\n  [b]\nk = 1\n"),
            "3: an indented section header: the AWS CLI reads it as part of the line above\n");
  EXPECT_EQ(problems_of("[a]\n  [b]\n  k = 1\n  [c]\n"), "");
}

TEST(SharedFileProblems, NeverNameAValue) {
  EXPECT_EQ(problems_of("[a]\nSECRET\nk = SECRET\nk = SECRET\n SECRET\n[SECRET\n").find("SECRET"),
            std::string::npos);
}

// --- Editing -----------------------------------------------------------------------------------

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
  EXPECT_EQ(edit_session("\xef\xbb\xbf[session]\n"), "\xef\xbb\xbf[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, KeepsTheIndentationSoThatNoLineBecomesPartOfAnother) {
  EXPECT_EQ(edit_session("[session]\n  id = 0\n  region = r\n"),
            "[session]\n  id = A\n  token = T\n  region = r\n");
  EXPECT_EQ(edit_session("[session]\n\tregion = r\n"),
            "[session]\n\tid = A\n\ttoken = T\n\tregion = r\n");
  EXPECT_EQ(edit_session("[session]\nregion = r\n  id = 0\n"),
            "[session]\nregion = r\nid = A\ntoken = T\n");
  EXPECT_EQ(edit_session("[session]\n  [z]\nk = 1\n"),
            "[session]\n  id = A\n  token = T\n  [z]\nk = 1\n");
}

TEST(SharedFileEdit, LeavesOneOfSeveralSectionsWithItsKeys) {
  EXPECT_EQ(edit_session("[session]\nid = 0\n[a]\n[session]\nid = 1\ntoken = 1\nold = 1\n[b]\n"),
            "[session]\nid = A\ntoken = T\n[a]\n[b]\n");
  EXPECT_EQ(edit_session("[session]\n[session]\n# c\nid = 1\nregion = r\n"),
            "[session]\nid = A\ntoken = T\n[session]\n# c\nregion = r\n");
  EXPECT_EQ(edit_session("[session]\n[session]\nid = 1\n# c\n[b]\n"),
            "[session]\nid = A\ntoken = T\n# c\n[b]\n");
  EXPECT_EQ(edit_session("[session]\nid = 0\nid = 1\nold = 1\nold = 2\n"),
            "[session]\nid = A\ntoken = T\n");
}

TEST(SharedFileEdit, OnlyRemovesWhereNothingIsSet) {
  const SectionEdit removal{"session", {}, {"id", "old"}};
  EXPECT_EQ(edit("[session]\nid = 0\nk = 1\nold = 0\n", {removal}), "[session]\nk = 1\n");
  EXPECT_EQ(edit("[a]\nid = 0\n", {removal}), "[a]\nid = 0\n");
  EXPECT_EQ(edit("", {removal}), "");
}

TEST(SharedFileEdit, MakesAnEmptySectionWhenThatIsAllThatIsAsked) {
  EXPECT_EQ(edit("", {SectionEdit{"session", {}, {}}}), "[session]\n");
}

TEST(SharedFileEdit, TakesSeveralSectionsInOneGo) {
  EXPECT_EQ(edit("[b]\nk = 0\n", {{"a", {{"k", "1"}}, {}}, {"b", {{"k", "2"}}, {}}}),
            "[b]\nk = 2\n\n[a]\nk = 1\n");
}

// --- Properties of generated files: always the same ones --------------------------------------

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string file() {
    std::string bytes = one_in(12) ? "\xef\xbb\xbf" : "";
    const bool crlf = one_in(3);
    const unsigned lines = below(14);
    for (unsigned i = 0; i < lines; ++i) {
      bytes += line();
      if (i + 1 < lines || !one_in(4)) bytes += crlf != one_in(15) ? "\r\n" : "\n";
    }
    return bytes;
  }

 private:
  std::string line() {
    static const std::array<std::string, 34> lines = {"[session]",
                                                      "[session]",
                                                      "[ session ] # c",
                                                      "  [session]",
                                                      "[other]",
                                                      "[profile x]",
                                                      "[session ; c",
                                                      "[]",
                                                      "[other] text",
                                                      "id = 0",
                                                      "id = 1",
                                                      "ID : 2",
                                                      "  id = 3 ; c",
                                                      "token=0",
                                                      "\ttoken = 1",
                                                      "old = 1",
                                                      "old =",
                                                      "  old = 1",
                                                      "region = r",
                                                      "  region = r",
                                                      "    deep = 1",
                                                      "s3 =",
                                                      "  nested = 1",
                                                      "  word",
                                                      "word",
                                                      "= v",
                                                      "# c",
                                                      "  ; c",
                                                      "",
                                                      " \t",
                                                      std::string("\0\0", 2),
                                                      "k = \xff\xfe",
                                                      "k\rl = v\r",
                                                      "no key = v"};
    return lines[below(lines.size())];
  }
  // Not std::uniform_int_distribution: every library has its own.
  unsigned below(std::size_t limit) { return static_cast<unsigned>(random_() % limit); }
  bool one_in(unsigned n) { return below(n) == 0; }

  std::mt19937 random_;
};

constexpr unsigned generated = 6'000;

// The lines that belong to no section named `session`, each with its end.
std::vector<std::string> foreign_lines(const SharedFile& file) {
  std::vector<bool> ours(file.line_total(), false);
  for (const Section& section : file.sections()) {
    if (section.name != "session") continue;
    for (std::size_t i = 0; i < section.line_count; ++i) ours[section.line + i] = true;
  }
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < file.line_total(); ++i) {
    if (!ours[i]) lines.emplace_back(file.line(i));
  }
  return lines;
}

bool is_subsequence(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  auto at = whole.begin();
  for (const std::string& line : part) {
    at = std::find(at, whole.end(), line);
    if (at++ == whole.end()) return false;
  }
  return true;
}

TEST(SharedFileProperty, NoByteIsLost) {
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string bytes = Generator(seed).file();
    const SharedFile file = file_of(bytes);
    ASSERT_EQ(file.bytes(), base::WipedString(bytes)) << seed;
    std::string lines;
    for (std::size_t i = 0; i < file.line_total(); ++i) lines += file.line(i);
    ASSERT_EQ(lines, bytes) << seed;
  }
}

TEST(SharedFileProperty, NoByteIsLostOfPureNoise) {
  std::mt19937 random(1);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes)
      c = "[]=:# ;\n\r\t\0\xff\xef\xbb\xbf"
          "ak"[random() % 17];
    const SharedFile file = file_of(bytes);
    ASSERT_EQ(file.bytes(), base::WipedString(bytes)) << round;
    edit_session(bytes);
  }
}

// A missing final newline is the only thing that an edit may mend in a foreign line.
TEST(SharedFileProperty, ForeignLinesStayInOrderToTheByte) {
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string bytes = Generator(seed).file();
    const SharedFile before = file_of(bytes);
    const SharedFile after = file_of(edit_session(bytes));
    std::vector<std::string> lines = foreign_lines(before);
    std::vector<std::string> all;
    for (std::size_t i = 0; i < after.line_total(); ++i) all.emplace_back(after.line(i));
    for (auto* list : {&lines, &all}) {
      if (list->empty() || list->back().ends_with('\n')) continue;
      list->back() += list->back().ends_with('\r') ? "\n" : before.newline();
    }
    ASSERT_TRUE(is_subsequence(lines, all)) << seed << "\n" << bytes << "\n---\n" << after.bytes();
  }
}

// Known limit, not met by these seeds: a broken, indented line below a removed, indented key comes
// below another key by the first edit, and goes as its continuation with the second.
TEST(SharedFileProperty, EditingTwiceIsEditingOnce) {
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string once = edit_session(Generator(seed).file());
    ASSERT_EQ(edit_session(once), once) << seed;
  }
}

TEST(SharedFileProperty, WhatWasSetIsReadAndWhatWasRemovedIsGone) {
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string bytes = Generator(seed).file();
    const SharedFile after = file_of(edit_session(bytes));
    std::string read;
    for (const Section& section : after.sections()) {
      if (section.name != "session") continue;
      for (const Property& property : section.properties) {
        if (property.key != "id" && property.key != "token" && property.key != "old") continue;
        read += property.key + "=" + std::string(property.value) + ";";
      }
    }
    ASSERT_TRUE(read == "id=A;token=T;" || read == "token=T;id=A;") << seed << " " << read << "\n"
                                                                    << bytes << "\n---\n"
                                                                    << after.bytes();
  }
}

TEST(SharedFileProperty, AFileThatEveryClientReadsStaysOne) {
  unsigned clean = 0;
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string bytes = Generator(seed).file();
    if (!file_of(bytes).problems().empty()) continue;
    ++clean;
    const std::string after = edit_session(bytes);
    ASSERT_EQ(problems_of(after), "") << seed << "\n" << bytes << "\n---\n" << after;
    ASSERT_EQ(value_of(file_of(after), "session", "id"), "A") << seed;
    ASSERT_EQ(value_of(file_of(after), "session", "token"), "T") << seed;
  }
  EXPECT_GT(clean, generated / 20);
}

TEST(SharedFileProperty, LineEndsStayOfOneKind) {
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string bytes = Generator(seed).file();
    const auto lf = std::count(bytes.begin(), bytes.end(), '\n');
    std::size_t crlf = 0;
    for (std::size_t at = bytes.find("\r\n"); at != std::string::npos;
         at = bytes.find("\r\n", at + 2)) {
      ++crlf;
    }
    if (lf == 0 || static_cast<std::size_t>(lf) != crlf) continue;
    const std::string after = edit_session(bytes);
    for (std::size_t at = after.find('\n'); at != std::string::npos;
         at = after.find('\n', at + 1)) {
      ASSERT_TRUE(at > 0 && after[at - 1] == '\r') << seed << "\n" << bytes;
    }
  }
}

}  // namespace
}  // namespace aws
