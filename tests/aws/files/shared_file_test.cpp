#include "aws/files/shared_file.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aws {
namespace {

SharedFile file_of(std::string_view bytes) { return SharedFile(base::WipedString(bytes)); }

std::string value_of(const SharedFile& file, std::string_view section, std::string_view key) {
  for (const Section& found : file.sections()) {
    if (found.name != section) continue;
    if (const auto property = found.find(key)) {
      std::string text(property->value);
      for (const std::string_view more : property->more) text.append("|").append(more);
      return text;
    }
  }
  return "(none)";
}

TEST(SharedFile, HasSectionsAndProperties) {
  const SharedFile file = file_of("# c\n[a]\nk = v\n; c\n\nOther=1\n[b]\n");
  ASSERT_EQ(file.sections().size(), 2u);
  const Section& a = file.sections()[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.line, 1u);
  EXPECT_EQ(a.line_count, 5u);
  ASSERT_EQ(a.properties().size(), 2u);
  EXPECT_EQ(a.properties()[0].line, 2u);
  EXPECT_EQ(a.properties()[1].key, "other");
  EXPECT_EQ(file.sections()[1].line_count, 1u);
  EXPECT_EQ(file.line(2), "k = v\n");
  EXPECT_EQ(file.line_total(), 7u);
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
  // With a sign in it the AWS CLI takes it for a key.
  EXPECT_EQ(value_of(file_of("[a]\nk = 1\n[b = 1\nk = 2\n"), "a", "k"), "2");
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

}  // namespace
}  // namespace aws
