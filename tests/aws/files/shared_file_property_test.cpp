#include "aws/files/shared_file.h"
#include "aws/files/shared_file_check.h"
#include "support/shared_file_properties.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
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

std::string problems_of(std::string_view bytes) {
  const SharedFile file = file_of(bytes);
  std::string text;
  for (const FileProblem& problem : problems(file, FileKind::credentials)) {
    text += std::to_string(problem.line) + ": " + std::string(problem.what) + "\n";
  }
  return text;
}

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
    static const std::array<std::string, 39> lines = {"[session]",
                                                      "  [other]",
                                                      "[profile session]",
                                                      "[ profile\t\"session\" ] # c",
                                                      "[b = 1",
                                                      "\xc2\xa0k = v",
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

TEST(SharedFileProperty, PromisesAreKeptForGeneratedFiles) {
  for (unsigned seed = 0; seed < generated; ++seed) {
    ASSERT_EQ(support::broken_promise(Generator(seed).file()), "") << seed;
  }
}

TEST(SharedFileProperty, PromisesAreKeptForPureNoise) {
  std::mt19937 random(1);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes)
      c = "[]=:# ;\n\r\t\0\xff\xef\xbb\xbf"
          "ak"[random() % 17];
    ASSERT_EQ(support::broken_promise(bytes), "") << round;
  }
}

TEST(SharedFileProperty, AFileThatEveryClientReadsStaysOne) {
  unsigned clean = 0;
  for (unsigned seed = 0; seed < generated; ++seed) {
    const std::string bytes = Generator(seed).file();
    if (!problems_of(bytes).empty()) continue;
    ++clean;
    const std::string after = edit_session(bytes);
    ASSERT_EQ(problems_of(after), "") << seed << "\n" << bytes << "\n---\n" << after;
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
