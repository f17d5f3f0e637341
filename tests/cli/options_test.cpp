#include "cli/options.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace cli {
namespace {

using support::error_of;
using Words = std::vector<std::string>;

// A command with an option of each kind.
constexpr Option quiet = {.name = "quiet", .letter = 'q', .help = "say nothing"};
constexpr const Option* get_options[] = {&option::username, &option::code, &option::role, &quiet};
constexpr Operand get_operands[] = {{"PROFILE", "a profile"}};
constexpr Example get_examples[] = {{"get prod", "a profile's role"}};
constexpr Command get = {.name = "get",
                         .synopsis = "[OPTION]... [PROFILE]...",
                         .summary = "Get something.",
                         .run = nullptr,
                         .options = get_options,
                         .operands = get_operands,
                         .examples = get_examples};

struct Bound {
  std::string user;
  std::optional<std::string> code;
  std::vector<std::string> roles;
  bool quiet = false;
  std::vector<std::string> profiles;
  std::string printed;
  bool runs = false;

  explicit Bound(const Words& arguments) {
    Options options(get);
    options.bind_operands(profiles);
    options.bind("username", user);
    options.bind("code", code);
    options.bind("role", roles);
    options.bind("quiet", quiet);
    testing::internal::CaptureStdout();
    try {
      runs = options.parse(arguments);
    } catch (...) {
      testing::internal::GetCapturedStdout();
      throw;
    }
    printed = testing::internal::GetCapturedStdout();
  }
};

TEST(Options, FollowGnusConventions) {
  for (const Words& arguments :
       {Words{"--username=jo", "-q", "prod"}, Words{"--username", "jo", "prod", "--quiet"},
        Words{"-qu", "jo", "prod"}, Words{"-u", "jo", "-q", "--", "prod"},
        Words{"-ujo", "-q", "prod"}}) {
    const Bound bound(arguments);
    EXPECT_TRUE(bound.runs);
    EXPECT_EQ(bound.user, "jo");
    EXPECT_TRUE(bound.quiet);
    EXPECT_EQ(bound.profiles, Words{"prod"});
  }
}

TEST(Options, WhatFollowsTwoDashesIsNoOption) {
  EXPECT_EQ(Bound({"--", "-q"}).profiles, Words{"-q"});
}

TEST(Options, WhatFollowsTwoDashesIsApartWhereItIsBound) {
  Words profiles;
  Words words;
  constexpr Command exec = {.name = "exec",
                            .synopsis = "",
                            .summary = "",
                            .run = nullptr,
                            .options = {},
                            .operands = {},
                            .examples = {}};
  Options options(exec);
  options.bind_operands(profiles);
  options.bind_after_dashes(words);
  EXPECT_TRUE(options.parse(Words{"prod", "--", "aws", "--version", "--", "x"}));
  EXPECT_EQ(profiles, Words{"prod"});
  EXPECT_EQ(words, (Words{"aws", "--version", "--", "x"}));
}

TEST(Options, TheLastOfATextCountsAndAListKeepsAll) {
  const Bound bound({"-u", "a", "-u", "b", "-r", "x", "-r", "y", "prod"});
  EXPECT_EQ(bound.user, "b");
  EXPECT_EQ(bound.roles, (Words{"x", "y"}));
  EXPECT_EQ(bound.profiles, Words{"prod"});
}

TEST(Options, AnEmptyValueIsGivenAllTheSame) {
  EXPECT_FALSE(Bound({}).code.has_value());
  EXPECT_EQ(Bound({"-c", ""}).code, "");
  EXPECT_EQ(Bound({"--code="}).code, "");
}

TEST(Options, AnEmptyValueIsRefusedWhereItCanMeanNothing) {
  for (const Words& arguments :
       {Words{"-r", ""}, Words{"--role="}, Words{"-r", "x", "--role", ""}}) {
    EXPECT_EQ(error_of([&] { Bound{arguments}; }),
              "2 --role is empty\nhint: give it a value, or leave it out");
  }
}

TEST(Options, ADashAloneIsAValue) { EXPECT_EQ(Bound({"-c", "-"}).code, "-"); }

TEST(Options, AnUnknownOneAnswersWithTheNearestSpelling) {
  EXPECT_EQ(error_of([] {
              Bound({"--usrname", "x"});
            }),
            "2 unknown option: --usrname\nhint: did you mean --username?");
  EXPECT_EQ(error_of([] { Bound({"--frobnicate"}); }),
            "2 unknown option: --frobnicate\nhint: see aws-session-token get --help");
  EXPECT_EQ(error_of([] { Bound({"-x"}); }),
            "2 unknown option: -x\nhint: see aws-session-token get --help");
}

TEST(Options, TheValueOfAnUnknownOneIsNotRepeated) {
  EXPECT_EQ(error_of([] { Bound({"--secret=hunter2"}); }),
            "2 unknown option: --secret\nhint: see aws-session-token get --help");
}

TEST(Options, AValueThatIsMissingOrTooMuchIsSaid) {
  EXPECT_EQ(error_of([] { Bound({"--username"}); }),
            "2 --username requires a value\nhint: see aws-session-token get --help");
  EXPECT_EQ(error_of([] { Bound({"--quiet=yes"}); }),
            "2 --quiet does not take a value\nhint: see aws-session-token get --help");
}

TEST(Options, HelpListsEachOnceAndTheCommandDoesNotRun) {
  for (const Words& arguments : {Words{"--help"}, Words{"-qh"}, Words{"prod", "-h", "--bogus"}}) {
    const Bound bound(arguments);
    EXPECT_FALSE(bound.runs);
    EXPECT_EQ(bound.printed,
              "Usage: aws-session-token get [OPTION]... [PROFILE]...\n"
              "\n"
              "Get something.\n"
              "\n"
              "Arguments:\n"
              "  PROFILE                       a profile\n"
              "\n"
              "Role:\n"
              "  -r, --role ROLE               ARN, ACCOUNT:NAME, /path/NAME, profile or name\n"
              "\n"
              "MFA code:\n"
              "  -c, --code CODE               the MFA code; - reads a line from standard input\n"
              "\n"
              "User and access key:\n"
              "  -u, --username NAME           IAM user; empty: the owner of the access key\n"
              "\n"
              "General:\n"
              "  -q, --quiet                   say nothing\n"
              "  -h, --help                    show this help\n"
              "      --version                 show the version\n"
              "\n"
              "Examples:\n"
              "  # a profile's role\n"
              "  aws-session-token get prod\n");
  }
}

TEST(Options, VersionIsAnsweredByEveryCommand) {
  const Bound bound({"--version"});
  EXPECT_FALSE(bound.runs);
  EXPECT_TRUE(bound.printed.starts_with("aws-session-token "));
}

TEST(Options, ThatAreListedAndNotBoundAreAMistakeOfTheProgram) {
  Options options(get);
  EXPECT_THROW(options.parse(Words{}), std::logic_error);
  std::string text;
  EXPECT_THROW(options.bind("no-such", text), std::logic_error);
}

}  // namespace
}  // namespace cli
