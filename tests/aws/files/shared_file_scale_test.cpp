#include "aws/files/session_profile.h"
#include "aws/files/shared_file_check.h"

#include <algorithm>
#include <ctime>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aws {
namespace {

// Processor time, of which other processes take nothing; the least of three, for the caches' sake.
double seconds(const std::function<void()>& work) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t begin = std::clock();
    work();
    least = std::min(least, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return least;
}

// All that `get` does with the credentials file.
void read_judge_and_edit(const std::string& bytes) {
  const SharedFile file{base::WipedString(bytes)};
  const SectionEdit edit{"session", {{"id", "A"}, {"token", "T"}}, {"old"}};
  const SharedFile after(edited(file, FileKind::credentials, {&edit, 1}));
  const SectionEdit removal{"session", {}, {"id", "token", "k"}, true};
  edited(after, FileKind::credentials, {&removal, 1});
  problems(after, FileKind::credentials);
  const SharedConfig shared(SharedFile(base::WipedString("[profile x]\nrole_arn = r\n")), file);
  try {
    require_writable_target(shared, "free", false);
  } catch (const std::exception&) {
  }
}

std::string repeated(int times, const std::function<std::string(int)>& part) {
  std::string bytes;
  for (int i = 0; i < times; ++i) bytes += part(i);
  return bytes;
}

// Four times the file takes about four times as long; what is quadratic takes sixteen.
void expect_linear(const char* what, const std::string& head,
                   const std::function<std::string(int)>& part) {
  constexpr int n = 4'000;
  const std::string small = head + repeated(n, part);
  const std::string large = head + repeated(4 * n, part);
  const double once = seconds([&] { read_judge_and_edit(small); });
  const double four = seconds([&] { read_judge_and_edit(large); });
  EXPECT_LT(four, 8 * once + 0.05) << what << ": " << once << " s, then " << four << " s";
}

TEST(SharedFileScale, CostIsLinearInTheFilesSize) {
  const auto number = [](int i) { return std::to_string(i); };
  expect_linear("profiles", "", [&](int i) {
    return "[p" + number(i) + "]\naws_access_key_id = A\naws_secret_access_key = S\n";
  });
  expect_linear("keys of our section", "[session]\n",
                [&](int i) { return "k" + number(i) + " = v\n"; });
  expect_linear("one key", "[session]\n", [](int) { return "k = v\n"; });
  expect_linear("our key", "[session]\n", [](int) { return "id = v\n"; });
  expect_linear("our section", "", [](int) { return "[session]\nk = v\n# c\n"; });
  expect_linear("our section and another", "", [](int) { return "[session]\nk = v\n[z]\n"; });
  expect_linear("continued lines", "[session]\nk =\n", [](int) { return "  n = v\n"; });
  expect_linear("indentation", "[session]\nk = v\n", [](int i) {
    return std::string(static_cast<std::size_t>(i % 7), ' ') + "l = v\n";
  });
  expect_linear("comments", "[session]\n", [](int) { return "# c\n\n"; });
  expect_linear("broken lines", "", [](int) { return "word\n[x\n"; });
  expect_linear("one line", "[session]\nk = ", [](int) { return "0123456789 "; });
  expect_linear("blanks", "[session]\n", [](int) { return " \t\xc2\xa0"; });
  expect_linear("closing brackets", "[session", [](int) { return "]"; });
}

std::string profile(int i) { return "p" + std::to_string(i); }

// Every so many profiles of a file one is written anew and the next one is taken away; as many are
// made.
std::vector<SectionEdit> edits_of(int count, int profiles) {
  std::vector<SectionEdit> edits;
  for (int i = 0; i < count; ++i) {
    const int place = i * (profiles / count);
    edits.push_back({profile(place), {{"id", "A"}}, {}});
    edits.push_back({profile(place + 1), {}, {"id"}, true});
    edits.push_back({profile(profiles + i), {{"id", "A"}}, {}});
  }
  return edits;
}

double seconds_of_edits(int count, int profiles) {
  const SharedFile file(base::WipedString(repeated(profiles, [](int i) {
    return "[" + profile(i) + "]\nid = A\ntoken = " + std::string(400, 'T') + "\nregion = r\n\n";
  })));
  const std::vector<SectionEdit> edits = edits_of(count, profiles);
  return seconds([&] { edited(file, FileKind::credentials, edits); });
}

TEST(SharedFileScale, ManyEditsAreOnePassOverTheFile) {
  const double one = seconds_of_edits(1, 10'000);
  const double many = seconds_of_edits(67, 10'000);
  EXPECT_LT(many, 3 * one + 0.02) << "201 edits: " << many << " s; 3 edits: " << one << " s";
  const double some = seconds_of_edits(1'000, 4'000);
  const double four = seconds_of_edits(4'000, 16'000);
  EXPECT_LT(four, 8 * some + 0.05) << some << " s, then " << four << " s";
}

}  // namespace
}  // namespace aws
