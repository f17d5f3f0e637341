#include "aws/files/shared_file_check.h"

#include <gtest/gtest.h>
#include <string>

namespace aws {
namespace {

SharedFile file_of(std::string_view bytes) { return SharedFile(base::WipedString(bytes)); }

// The lines with what is said of them, in one way or with `harm` alone.
std::string problems_of(std::string_view bytes, FileKind kind = FileKind::credentials) {
  std::string text;
  for (const FileProblem& problem : problems(file_of(bytes), kind)) {
    text += std::to_string(problem.line) + ": " + std::string(problem.what) + "\n";
  }
  return text;
}

const std::string refuses = ": the AWS CLI refuses the whole file\n";

// FACTS of the real clients, line by line; tests/e2e/warnings_test.py asks the real ones.

TEST(SharedFileProblems, AreNoneInAnOrdinaryFile) {
  EXPECT_EQ(problems_of(""), "");
  EXPECT_EQ(problems_of("# c\r\n[default]\r\nk = v\r\n\r\n  # c\r\n[profile x] ; c\r\nk=v"), "");
  EXPECT_EQ(problems_of("[a]\n  k = 1\n  l = 2\n[b]\ns3 =\n  x = 1\n# \xe2\x82\xac\n"), "");
  EXPECT_EQ(problems_of("[default]\nk = v\n  wrapped\n[a]\nk = x=y:z[]%$\\\n"), "");
}

TEST(SharedFileProblems, AreDuplicates) {
  EXPECT_EQ(problems_of("[a]\nk=1\nK=2\n[b]\nk=1\n"),
            "3: a key that is in its section already" + refuses);
  EXPECT_EQ(problems_of("[a]\n[b]\n[a] # c\n"),
            "3: a section that is in the file already" + refuses);
}

TEST(SharedFileProblems, AreBytesThatAreNoText) {
  EXPECT_EQ(problems_of("\xef\xbb\xbf[a]\nk=1\n"), "1: a byte order mark" + refuses);
  for (const char* line : {"k = \xff", "# \xe4", "k = \xc0\x80", "k = \xed\xa0\x80"}) {
    EXPECT_EQ(problems_of("[a]\n" + std::string(line) + "\n"),
              "2: a byte that is not UTF-8" + refuses);
  }
  EXPECT_EQ(problems_of(std::string("[a]\nk=1\n\0\0\0", 11)),
            "3: a line that is neither a key nor a section" + refuses);
  EXPECT_EQ(problems_of("[a]\nk=1\n\x1a"),
            "3: a line that is neither a key nor a section" + refuses);
}

TEST(SharedFileProblems, AreLinesOutsideTheGrammar) {
  EXPECT_EQ(problems_of("k = v\n[a]\n"), "1: text before the first section" + refuses);
  EXPECT_EQ(problems_of("[a]\nword\n"), "2: a line that is neither a key nor a section" + refuses);
  EXPECT_EQ(problems_of("[a]\n= v\n"), "2: a line without a key before its =" + refuses);
  EXPECT_EQ(problems_of("[a]\ns3 =\n word\n"), "3: a nested line without =" + refuses);
  EXPECT_EQ(problems_of("[a]\ns3 =\n x = 1\fword\n"), "3: a nested line without =" + refuses);
  EXPECT_EQ(problems_of("[a]\nno key = v\n"), "2: a key with a space in it\n");
  EXPECT_EQ(problems_of("[a]\nk : v\n"), "2: a : where the SDKs want =\n");
  EXPECT_EQ(problems_of("[a]\ns3 =\n = v\n"), "3: a nested line without a key before its =\n");
}

TEST(SharedFileProblems, AreHeadersThatAreBrokenOrReadOtherwise) {
  EXPECT_EQ(problems_of("[a]\n[]\n[b\n"),
            "2: a broken section header" + refuses + "3: a broken section header" + refuses);
  EXPECT_EQ(problems_of("[a]\n[b = 1\n"),
            "2: a section header without its closing ]: the AWS CLI reads a key\n");
  EXPECT_EQ(problems_of("[a] b\n"), "1: text after the closing ] of a section\n");
  EXPECT_EQ(problems_of("[a] # [b]\n"),
            "1: a second ] in a section header: the AWS CLI reads the name up to there\n");
  EXPECT_EQ(problems_of("[a]\n[ a]\n"),
            "2: a space next to a section's name: the AWS CLI reads it as part of the name\n");
}

TEST(SharedFileProblems, AreSectionsThatReachFurtherThanTheyShould) {
  EXPECT_EQ(problems_of("[DEFAULT]\nregion = r\n[default]\n[Default]\n"),
            "1: a section [DEFAULT]: the AWS CLI reads its keys into every profile\n");
  const std::string plugins = "[plugins]\na = b\n";
  EXPECT_EQ(problems_of(plugins), "");
  EXPECT_EQ(problems_of(plugins, FileKind::config),
            "1: a section [plugins]: version 1 of the AWS CLI loads code that it names\n");
}

TEST(SharedFileProblems, AreIndentedLinesThatTheAwsCliReadsOtherwise) {
  EXPECT_EQ(problems_of("[a]\nk = 1\n  l = 2\n"),
            "3: an indented key: the AWS CLI reads it as part of the line above\n");
  EXPECT_EQ(problems_of("[a]\nk = 1\n  [b]\n"),
            "3: an indented section header: the AWS CLI reads it as part of the line above\n");
  EXPECT_EQ(problems_of("[a]\nk = 1\n  [b]\nk = 1\n"),
            "3: an indented section header: the AWS CLI reads it as part of the line above\n"
            "4: a key that is in its section already" +
                refuses);
  EXPECT_EQ(problems_of("[a]\n  [b]\n  k = 1\n  [c]\n"), "");
}

TEST(SharedFileProblems, AreValuesThatTheClientsTakeDifferently) {
  const std::string comment =
      "2: a comment after a value: the AWS CLI reads it as part of the value\n";
  EXPECT_EQ(problems_of("[a]\nk = v # c\n"), comment);
  EXPECT_EQ(problems_of("[a]\nk = v\t;c\n"), comment);
  EXPECT_EQ(problems_of("[a]\nk = # c\n"), comment);
  EXPECT_EQ(problems_of("[a]\nk=#c\n"), comment);
  EXPECT_EQ(problems_of("[a]\nk = v#c\n"), "");
  const std::string quotes =
      "2: a value in quotes: Terraform takes them off, the AWS CLI does not\n";
  EXPECT_EQ(problems_of("[a]\nk = \"v\"\n"), quotes);
  EXPECT_EQ(problems_of("[a]\nk = 'v'\n"), quotes);
  EXPECT_EQ(problems_of("[a]\nk = \"\n"), "");
}

TEST(SharedFileProblems, AreLonelyCarriageReturns) {
  EXPECT_EQ(problems_of("[a]\rk = 1\rk = 2\n"),
            "1: a lone carriage return: the AWS CLI begins a new line there, the SDKs do not\n"
            "2: a lone carriage return: the AWS CLI begins a new line there, the SDKs do not\n"
            "3: a key that is in its section already" +
                refuses);
}

TEST(SharedFileProblems, NeverNameAValue) {
  EXPECT_EQ(problems_of("[a]\nSECRET\nk = SECRET\nk = SECRET\n SECRET\n[SECRET\n").find("SECRET"),
            std::string::npos);
}

}  // namespace
}  // namespace aws
