#include "cli/command.h"

#include "base/text.h"
#include "cli/help.h"
#include "cli/suggestions.h"
#include "support/error.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace cli {
namespace {

using support::error_of;
using Problem = base::CommandLine::Problem;

// The longest line, in columns; the texts are ASCII.
std::size_t width_of(const std::string& text) {
  std::size_t width = 0;
  for (const std::string_view line : base::split(text, '\n')) width = std::max(width, line.size());
  return width;
}

TEST(CommandTable, NamesEachOnceWithASummaryOfOneSentenceAndAnExample) {
  EXPECT_EQ(commands().front().name, "get");  // what runs when no command is named
  for (const Command& command : commands()) {
    EXPECT_EQ(std::count_if(commands().begin(), commands().end(),
                            [&](const Command& other) { return other.name == command.name; }),
              1);
    EXPECT_TRUE(command.summary.ends_with('.')) << command.name;
    EXPECT_FALSE(command.examples.empty()) << command.name;
  }
}

// Options are looked up before the command is known (run_command).
TEST(CommandTable, GivesANameAndALetterOneShapeInAllCommands) {
  const std::vector<const Option*> known = all_options();
  for (const Command& command : commands()) {
    for (const Option* option : command.options) {
      for (const Option* other : known) {
        if (option->name == other->name) {
          EXPECT_EQ(option->letter, other->letter) << option->name;
          EXPECT_EQ(option->value == Value::none, other->value == Value::none) << option->name;
        } else {
          EXPECT_TRUE(option->letter == 0 || option->letter != other->letter) << option->name;
        }
      }
    }
  }
}

TEST(CommandTable, DescribesEachOptionCompletely) {
  for (const Option* option : all_options()) {
    EXPECT_FALSE(option->help.empty()) << option->name;
    EXPECT_EQ(option->value == Value::none, option->placeholder.empty()) << option->name;
    EXPECT_EQ(option->value == Value::choice, !option->choices.empty()) << option->name;
  }
}

TEST(CommandTable, ListsNoOptionTwice) {
  for (const Command& command : commands()) {
    for (const Option* option : command.options) {
      EXPECT_EQ(std::count_if(command.options.begin(), command.options.end(),
                              [&](const Option* other) { return other->name == option->name; }),
                1)
          << command.name << " " << option->name;
    }
  }
}

TEST(Help, Fits80Columns) {
  EXPECT_LE(width_of(general_help()), 80U);
  for (const Command& command : commands()) EXPECT_LE(width_of(help_of(command)), 80U);
}

TEST(Help, ShowsEachOptionOfTheCommandOnce) {
  for (const Command& command : commands()) {
    const std::string help = help_of(command);
    for (const Option* option : command.options) {
      const std::size_t place = help.find(option->help);
      ASSERT_NE(place, std::string::npos) << command.name << " " << option->name;
      EXPECT_EQ(help.find(option->help, place + 1), std::string::npos) << option->name;
    }
  }
}

std::string answer_to(const std::string& option, std::string_view command) {
  const auto found = std::find_if(commands().begin(), commands().end(),
                                  [&](const Command& known) { return known.name == command; });
  return support::text_of(wrong_option(Problem::unknown, option, found->options, command));
}

TEST(Suggestions, NameOurOptionForTheOneOfAnotherTool) {
  EXPECT_EQ(answer_to("--role-arn", "get"), "2 unknown option: --role-arn\nhint: use -r (--role)");
  EXPECT_EQ(answer_to("--mfa-serial", "get"),
            "2 unknown option: --mfa-serial\nhint: use -n (--serial-number)");
  EXPECT_EQ(answer_to("--duration-seconds", "exec"),
            "2 unknown option: --duration-seconds\nhint: use -d (--duration)");
  EXPECT_EQ(answer_to("--role-session-name", "env"),
            "2 unknown option: --role-session-name\nhint: use --session-name");
  EXPECT_EQ(answer_to("--user", "get"), "2 unknown option: --user\nhint: use -u (--username)");
  for (const char* const code : {"--token", "--mfa-code", "--token-code", "--mfa-token"}) {
    EXPECT_EQ(answer_to(code, "get"),
              std::string("2 unknown option: ") + code + "\nhint: use -c (--code)");
  }
}

TEST(Suggestions, NameTheCommandsThatHaveTheOption) {
  EXPECT_EQ(answer_to("--format", "get"),
            "2 unknown option: --format\nhint: --format is an option of env and policy");
}

TEST(Suggestions, AreNeverNamesOfOurOwn) {
  // An entry for something that we have would never be shown.
  for (const Option* option : all_options()) {
    EXPECT_EQ(answer_to("--" + std::string(option->name), "get").find("hint: use"),
              std::string::npos)
        << option->name;
  }
  for (const Command& command : commands()) {
    EXPECT_EQ(support::text_of(unknown_command(std::string(command.name))).find("hint: use"),
              std::string::npos)
        << command.name;
  }
}

TEST(Suggestions, NameOurCommandForTheOneOfAnotherTool) {
  const auto answer = [](const char* name) { return support::text_of(unknown_command(name)); };
  EXPECT_EQ(answer("login"),
            "2 unknown command: login\nhint: use get, or console for the web console");
  EXPECT_EQ(answer("list"), "2 unknown command: list\nhint: use status");
  EXPECT_EQ(answer("version"), "2 unknown command: version\nhint: use --version");
  EXPECT_EQ(answer("whoami"), "2 unknown command: whoami\nhint: use status, or doctor to ask AWS");
  EXPECT_EQ(answer("exce"), "2 unknown command: exce\nhint: did you mean exec?");
  EXPECT_EQ(answer("prod"),
            "2 unknown command: prod\n"
            "hint: to use it as a profile: aws-session-token get prod");
}

}  // namespace
}  // namespace cli
