#include "cli/options.h"

#include "cli/command.h"
#include "support/error.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using support::error_of;
using Words = std::vector<std::string>;

// What the tests bind: one of each kind.
struct Bound {
  std::string user;
  std::optional<std::string> code;
  std::vector<std::string> roles;
  bool quiet = false;
  std::vector<std::string> profiles;
  std::string printed;
  bool runs = false;

  explicit Bound(const Words& arguments) {
    Options options("get [OPTION]...", "Gets something.");
    options.positionals("PROFILE", "a profile", profiles);
    options.text("-u,--username", "NAME", "the user", user);
    options.text("-c,--code", "CODE", "the code", code);
    options.list("-r,--role", "ROLE", "a role", roles);
    options.flag("-q,--quiet", "say nothing", quiet);
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

TEST(Options, ADashAloneIsAValue) { EXPECT_EQ(Bound({"-c", "-"}).code, "-"); }

TEST(Options, AnUnknownOneAnswersWithTheNearestSpelling) {
  EXPECT_EQ(error_of([] {
              Bound({"--usrname", "x"});
            }),
            "2 there is no option --usrname\nhint: did you mean --username?");
  EXPECT_EQ(error_of([] { Bound({"--frobnicate"}); }),
            "2 there is no option --frobnicate\nhint: see aws-session-token get --help");
}

TEST(Options, TheValueOfAnUnknownOneIsNotRepeated) {
  EXPECT_EQ(error_of([] { Bound({"--secret=hunter2"}); }),
            "2 there is no option --secret\nhint: see aws-session-token get --help");
}

TEST(Options, AMissingValueIsSaid) {
  EXPECT_EQ(error_of([] { Bound({"--username"}); }),
            "2 --username wants a value\nhint: see aws-session-token get --help");
}

TEST(Options, HelpListsEachOnceAndTheCommandDoesNotRun) {
  const Bound bound({"--help"});
  EXPECT_FALSE(bound.runs);
  EXPECT_EQ(bound.printed,
            "Usage: aws-session-token get [OPTION]...\n"
            "Gets something.\n"
            "\n"
            "Options:\n"
            "  PROFILE                       a profile\n"
            "  -u, --username NAME           the user\n"
            "  -c, --code CODE               the code\n"
            "  -r, --role ROLE               a role\n"
            "  -q, --quiet                   say nothing\n"
            "  -h, --help                    show this help\n"
            "      --version                 show the version\n");
}

TEST(Options, VersionIsAnsweredByEveryCommand) {
  const Bound bound({"--version"});
  EXPECT_FALSE(bound.runs);
  EXPECT_TRUE(bound.printed.starts_with("aws-session-token "));
}

TEST(Commands, HaveNamesThatTheirSynopsisBeginsWith) {
  EXPECT_FALSE(commands().empty());
  for (const Command& command : commands()) {
    EXPECT_TRUE(command.synopsis.starts_with(std::string(command.name) + " ")) << command.name;
    EXPECT_TRUE(command.summary.ends_with('.')) << command.name;
  }
}

}  // namespace
}  // namespace cli
