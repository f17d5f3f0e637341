#include "base/text.h"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace base {
namespace {

using Words = std::vector<std::string>;

std::string encoded(std::string_view text, std::string_view keep = "") {
  WipedString out;
  percent_encode(text, keep, out);
  return std::string(out);
}

std::string decoded(std::string_view text) { return std::string(form_decode(text)); }

TEST(Text, TrimsSpaceAndTabOnly) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(" a\r\n"), "a\r\n");
}

TEST(Text, SplitsAndKeepsEmptyParts) {
  EXPECT_EQ(split("a,b,c", ','), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_EQ(split(",a,", ','), (std::vector<std::string_view>{"", "a", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(split("a", ','), (std::vector<std::string_view>{"a"}));
}

TEST(Text, LowersAsciiOnly) { EXPECT_EQ(to_lower("AZaz09@[`{\xc3\x84"), "azaz09@[`{\xc3\x84"); }

TEST(Text, ComparesWithoutCase) {
  EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "cONTENT-type"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  for (const char* other : {"Dat", "Dates", "", "Dat\x45\x45"}) {
    EXPECT_FALSE(equal_ignoring_case("Date", other)) << other;
  }
  EXPECT_FALSE(equal_ignoring_case("@[`{", "`{@["));
}

TEST(Text, TellsDigits) {
  EXPECT_TRUE(is_digits("0123456789"));
  for (const char* text : {"", "12a", "-1", "+1", " 1", "1.0", "\xd9\xa3"}) {
    EXPECT_FALSE(is_digits(text)) << text;
  }
}

TEST(Text, JoinsWordsAsPeopleDo) {
  EXPECT_EQ(join_words(Words{}), "");
  EXPECT_EQ(join_words(Words{"a"}), "a");
  EXPECT_EQ(join_words(Words{"a", "b"}), "a and b");
  EXPECT_EQ(join_words(Words{"a", "b", "c"}), "a, b and c");
}

TEST(Nearest, ForgivesOneMistakeInAShortWord) {
  const Words words = {"get", "exec", "env", "status"};
  EXPECT_EQ(nearest("ge", words), "get");
  EXPECT_EQ(nearest("gett", words), "get");
  EXPECT_EQ(nearest("got", words), "get");
  EXPECT_EQ(nearest("gte", words), "get");
  EXPECT_EQ(nearest("exce", words), "exec");
  EXPECT_EQ(nearest("xec", words), "exec");
}

TEST(Nearest, ForgivesAThirdOfALongWord) {
  const Words words = {"credential-process"};
  EXPECT_EQ(nearest("credentials-proces", words), "credential-process");
  EXPECT_EQ(nearest("credential", words), std::nullopt);
  EXPECT_EQ(nearest("sxxxus", Words{"status"}), std::nullopt);
  EXPECT_EQ(nearest("sttaus", Words{"status"}), "status");
  EXPECT_EQ(nearest("tstus", Words{"status"}), "status");
}

TEST(Nearest, TakesTheClosest) {
  EXPECT_EQ(nearest("policy", Words{"police", "policy"}), "policy");
  EXPECT_EQ(nearest("abcx", Words{"abcd", "abce"}), "abcd") << "the first of two equals";
}

TEST(Nearest, DoesNotCountCase) {
  EXPECT_EQ(nearest("PROD", Words{"prod"}), "prod");
  EXPECT_EQ(nearest("adminrole", Words{"AdminRole"}), "AdminRole");
}

TEST(Nearest, NamesNothingThatWasNotMeant) {
  EXPECT_EQ(nearest("xyz", Words{"get", "env"}), std::nullopt);
  EXPECT_EQ(nearest("get", Words{}), std::nullopt);
  EXPECT_EQ(nearest("", Words{"a", "get"}), std::nullopt);
  EXPECT_EQ(nearest("b", Words{"a"}), std::nullopt);
  EXPECT_EQ(nearest("b", Words{""}), std::nullopt);
}

TEST(Printable, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\x1b[31mb\n\t\r\x7f"), "a?[31mb????");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31m\xc2\x80\xc2\x9f"),
            "a?31m??");
}

TEST(Printable, LeavesLettersAlone) {
  EXPECT_EQ(printable("J\xc3\xb6rg \xe2\x82\xac ~"), "J\xc3\xb6rg \xe2\x82\xac ~");
  EXPECT_EQ(printable("\xc2\xa0\xc2\xbf"), "\xc2\xa0\xc2\xbf");
}

TEST(Printable, ReplacesMarksThatChangeTheDirectionOfWriting) {
  EXPECT_EQ(printable("a\u061cb\u200ec\u200fd\u202ae\u202ef\u2066g\u2069h"), "a?b?c?d?e?f?g?h");
  EXPECT_EQ(printable("a\u2028b\u2029c"), "a?b?c");
  EXPECT_EQ(printable("\u200d\u2027\u202f\u2065\u206a"), "\u200d\u2027\u202f\u2065\u206a");
}

TEST(Printable, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(printable("\xc2"), "?");
  EXPECT_EQ(printable("\xff"
                      "a\x9b"
                      "b\xe2\x82"),
            "?a?b??");
  EXPECT_EQ(printable("\xc0\x9b \xe0\x80\x9b \xed\xa0\x80 \xf4\x90\x80\x80"), "?? ??? ??? ????");
}

TEST(Hex, IsLowerCase) {
  const std::array<unsigned char, 4> bytes = {0x00, 0x0f, 0xa0, 0xff};
  EXPECT_EQ(hex(bytes), "000fa0ff");
  EXPECT_EQ(hex({}), "");
}

TEST(PercentEncoding, LeavesTheUnreservedAlone) {
  const std::string unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  EXPECT_EQ(encoded(unreserved), unreserved);
}

TEST(PercentEncoding, EncodesEveryOtherByteInUpperCase) {
  EXPECT_EQ(encoded(" +/=:,@*%"), "%20%2B%2F%3D%3A%2C%40%2A%25");
  EXPECT_EQ(encoded("\xc3\xa4\xff"), "%C3%A4%FF");
  EXPECT_EQ(encoded(std::string_view("\0\n", 2)), "%00%0A");
}

TEST(PercentEncoding, KeepsWhatItIsToldTo) {
  EXPECT_EQ(encoded("/a b/", "/"), "/a%20b/");
  EXPECT_EQ(encoded("/a:b", ""), "%2Fa%3Ab");
}

TEST(PercentEncoding, AppendsToWhatIsThere) {
  WipedString out = "a=";
  percent_encode("=", "", out);
  EXPECT_EQ(out, "a=%3D");
}

TEST(FormDecoding, TakesPlusForASpace) {
  EXPECT_EQ(decoded("a+b%20c%2Bd"), "a b c+d");
  EXPECT_EQ(decoded("%c3%A4"), "\xc3\xa4");
  EXPECT_EQ(decoded(""), "");
}

TEST(FormDecoding, LetsAStrayPercentStandForItself) {
  for (const char* text : {"%", "a%", "%4", "%4g", "%g4", "%%", "100%"}) {
    EXPECT_EQ(decoded(text), text);
  }
  EXPECT_EQ(decoded("%%41"), "%A");
  EXPECT_EQ(decoded("%4%41"), "%4A");
}

TEST(FormDecoding, UndoesTheEncodingOfEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(decoded(encoded(all)), all);
}

}  // namespace
}  // namespace base
