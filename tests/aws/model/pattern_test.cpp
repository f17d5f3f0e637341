#include "aws/model/pattern.h"

#include <gtest/gtest.h>
#include <string>

namespace aws {
namespace {

TEST(Pattern, HasSingleCharacters) {
  EXPECT_TRUE(in_class("[a+=,.@-]*", "a+=,.@-"));
  for (const char* text : {"b", "ab", "\\", "]", "[", "*"}) {
    EXPECT_FALSE(in_class("[a+=,.@-]*", text)) << text;
  }
}

TEST(Pattern, HasEscapedCharacters) {
  EXPECT_TRUE(in_class(R"([a\-z\/])", "-a/z"));
  EXPECT_FALSE(in_class(R"([a\-z\/])", "b"));
  EXPECT_FALSE(in_class(R"([a\-z\/])", "\\"));
}

TEST(Pattern, HasRanges) {
  EXPECT_TRUE(in_class("[b-d_]+", "bcd_"));
  for (const char* text : {"a", "e", "-"}) EXPECT_FALSE(in_class("[b-d_]+", text)) << text;
}

TEST(Pattern, HasAsciiWordsAndDigits) {
  EXPECT_TRUE(in_class(R"([\w]*)", "azAZ09_"));
  EXPECT_TRUE(in_class(R"([\d]*)", "0123456789"));
  for (const char* text : {"-", " ", "@", "[", "`", "{", "/", ":", "\xc3\xa4", "\xd9\xa3"}) {
    EXPECT_FALSE(in_class(R"([\w]*)", text)) << text;
    EXPECT_FALSE(in_class(R"([\d]*)", text)) << text;
  }
  EXPECT_FALSE(in_class(R"([\d]*)", "a"));
}

TEST(Pattern, HasCodePoints) {
  constexpr const char* pattern = R"([\u0009\u0020-\u007E\u00A0-\u00FF\u10000-\u10FFFF])";
  EXPECT_TRUE(in_class(pattern, "\t ~\xc2\xa0\xc3\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
  for (const char* text : {"\n", "\x7f", "\xc2\x9f", "\xc4\x80", "\xef\xbf\xbd"}) {
    EXPECT_FALSE(in_class(pattern, text)) << text;
  }
}

TEST(Pattern, LetsAwsJudgeWhatLiesBeyondAscii) {
  EXPECT_TRUE(in_class(R"([\p{L}])", "azAZ\xc3\xa4"));
  EXPECT_TRUE(in_class(R"([\p{N}])", "09\xc2\xbd"));
  EXPECT_TRUE(in_class(R"([\p{Z}])", " \xc2\xa0"));
  EXPECT_FALSE(in_class(R"([\p{L}])", "0"));
  EXPECT_FALSE(in_class(R"([\p{N}])", "a"));
  EXPECT_FALSE(in_class(R"([\p{Z}])", "\t"));
}

TEST(Pattern, FitsTheEmptyText) { EXPECT_TRUE(in_class("[a]*", "")); }

TEST(Pattern, CountsCodePoints) {
  EXPECT_EQ(count_characters(""), 0u);
  EXPECT_EQ(count_characters("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91"), 4u);
  EXPECT_EQ(count_characters(std::string("a\0b", 3)), 3u);
  EXPECT_EQ(count_characters("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"), 3u);
}

TEST(Pattern, RefusesWhatIsNoUtf8) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "a\xfe"}) {
    EXPECT_EQ(count_characters(text), std::nullopt) << text;
    EXPECT_FALSE(in_class(R"([\u0000-\u10FFFF])", text)) << text;
  }
}

}  // namespace
}  // namespace aws
