#include "base/command_line.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace base {
namespace {

using Words = std::vector<std::string>;
using Problem = CommandLine::Problem;

constexpr OptionName names[] = {
    {"username", 'u', true}, {"user-agent", 0, true}, {"quiet", 'q'}, {"all"}, {"code", 'c', true}};

// The options as "name=value", then the operands, then what follows the dashes.
Words parsed(const Words& arguments) {
  const CommandLine line = parse_command_line(arguments, names);
  Words words;
  for (const auto& option : line.options) {
    words.push_back(std::string(names[option.index].name) + "=" + option.value);
  }
  words.insert(words.end(), line.operands.begin(), line.operands.end());
  if (!line.after_dashes.empty()) words.emplace_back("--");
  words.insert(words.end(), line.after_dashes.begin(), line.after_dashes.end());
  EXPECT_FALSE(line.problem) << line.culprit;
  return words;
}

void expect_problem(const Words& arguments, Problem problem, const std::string& culprit) {
  const CommandLine line = parse_command_line(arguments, names);
  EXPECT_EQ(line.problem, problem) << culprit;
  EXPECT_EQ(line.culprit, culprit);
}

TEST(CommandLine, IsTakenApartByGnusConventions) {
  const Words expected = {"username=jo", "quiet=", "prod"};
  EXPECT_EQ(parsed({"--username=jo", "--quiet", "prod"}), expected);
  EXPECT_EQ(parsed({"--username", "jo", "prod", "-q"}), expected);
  EXPECT_EQ(parsed({"-ujo", "prod", "-q"}), expected);
  EXPECT_EQ(parsed({"prod", "-u", "jo", "-q"}), expected);
  EXPECT_EQ(parsed({"-qu", "jo", "prod"}), (Words{"quiet=", "username=jo", "prod"}));
}

TEST(CommandLine, EndsItsOptionsAtTwoDashes) {
  EXPECT_EQ(parsed({"prod", "--", "-q", "--", "x"}), (Words{"prod", "--", "-q", "--", "x"}));
  EXPECT_EQ(parsed({"--username", "--", "prod"}), (Words{"username=--", "prod"}));
  EXPECT_EQ(parsed({"prod", "--"}), Words{"prod"});
}

TEST(CommandLine, TakesEmptyValuesAndADashAsTheyAre) {
  EXPECT_EQ(parsed({"--code="}), Words{"code="});
  EXPECT_EQ(parsed({"-c", ""}), Words{"code="});
  EXPECT_EQ(parsed({"-c", "-", "-", ""}), (Words{"code=-", "-", ""}));
  EXPECT_EQ(parsed({"--code=a=b"}), Words{"code=a=b"});
}

TEST(CommandLine, KeepsTheOrderEvenWherePosixIsToBeFollowed) {
  setenv("POSIXLY_CORRECT", "1", 1);
  EXPECT_EQ(parsed({"prod", "-q"}), (Words{"quiet=", "prod"}));
  unsetenv("POSIXLY_CORRECT");
}

TEST(CommandLine, TellsWhereTheFirstOperandStands) {
  EXPECT_EQ(parse_command_line(Words{"-u", "jo", "exec", "x"}, names).first_operand, 2u);
  EXPECT_EQ(parse_command_line(Words{"-qu", "jo", "exec"}, names).first_operand, 2u);
  EXPECT_EQ(parse_command_line(Words{"-q", "--", "exec"}, names).first_operand, std::nullopt);
}

TEST(CommandLine, KnowsNoAbbreviation) {
  expect_problem({"--qui"}, Problem::unknown, "--qui");
  expect_problem({"--user", "jo"}, Problem::unknown, "--user");
  expect_problem({"--usern"}, Problem::unknown, "--usern");
  expect_problem({"--qui=x"}, Problem::unknown, "--qui");
}

TEST(CommandLine, NamesWhatIsWrongWithoutItsValue) {
  expect_problem({"--secret=hunter2"}, Problem::unknown, "--secret");
  expect_problem({"-qx"}, Problem::unknown, "-x");
  expect_problem({"-\xC3\xA9"}, Problem::unknown, "-?");
  expect_problem({"--quiet=yes"}, Problem::unexpected_value, "--quiet");
  expect_problem({"--username"}, Problem::missing_value, "--username");
  expect_problem({"-qu"}, Problem::missing_value, "-u");
  expect_problem({"--=x"}, Problem::unknown, "--");
}

TEST(CommandLine, IsReadAnewEachTime) {
  expect_problem({"-xq"}, Problem::unknown, "-x");
  EXPECT_EQ(parsed({"-q"}), Words{"quiet="});
}

}  // namespace
}  // namespace base
