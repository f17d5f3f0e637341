#include "aws/output/session_variables.h"

#include "support/error.h"
#include "support/scratch.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>

namespace aws {
namespace {

std::string written(std::string_view value, Syntax syntax) {
  const Variable variable{"V", base::WipedString(value)};
  return std::string(assignments({&variable, 1}, {}, syntax));
}

TEST(SessionVariables, AreThoseThatEveryClientReads) {
  const Credentials credentials{"ASIAEXAMPLE", base::Secret("secret"), base::Secret("token"),
                                base::parse_rfc3339("2026-11-22T18:20:00Z").value()};
  std::string text;
  for (const Variable& variable : session_variables(credentials, "eu-west-1")) {
    text += variable.name + "=" + std::string(variable.value) + "\n";
  }
  EXPECT_EQ(text,
            "AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=secret\nAWS_SESSION_TOKEN=token\n"
            "AWS_CREDENTIAL_EXPIRATION=2026-11-22T18:20:00Z\nAWS_REGION=eu-west-1\n"
            "AWS_DEFAULT_REGION=eu-west-1\n");
  EXPECT_EQ(session_variables(credentials, "").size(), 4u);
}

// What a shell makes of the assignment. The value goes through a file, and comes out byte by byte.
std::string read_by(const std::string& command, std::string_view value, Syntax syntax) {
  const support::ScratchFolder folder;
  std::ofstream(folder / "script") << written(value, syntax);
  const std::string line = "FILE='" + (folder / "script") + "'; export FILE; " + command;
  FILE* const shell = popen(line.c_str(), "r");
  std::string read;
  for (int c = 0; (c = std::fgetc(shell)) != EOF;) read += static_cast<char>(c);
  return pclose(shell) == 0 ? read : "the shell failed";
}

TEST(Assignments, AreReadBackByTheShellsThemselves) {
  // ! is for bash's history, the typographic quotes are for PowerShell.
  const std::string odd =
      "a'b\"c\\d\\'e $HOME ${V} `id` $(id) ;#!!&|<>()[]{}*?~%^,= f\tg\nh -\u2019\u2018\u201b- \\";
  const struct {
    std::string program;
    std::string command;
    Syntax syntax;
  } shells[] = {
      {"sh", "sh -c '. \"$FILE\"; printenv V'", Syntax::sh},
      {"dash", "dash -c '. \"$FILE\"; printenv V'", Syntax::sh},
      {"bash", "bash -c 'set -H; . \"$FILE\"; printenv V'", Syntax::sh},
      {"zsh", "zsh -fc '. \"$FILE\"; printenv V'", Syntax::sh},
      {"fish", "fish -N -c 'source \"$FILE\"; printenv V'", Syntax::fish},
      {"pwsh",
       "pwsh -NoProfile -Command 'Get-Content -Raw $Env:FILE | Invoke-Expression; printenv V'",
       Syntax::powershell},
  };
  for (const auto& shell : shells) {
    if (std::system(("command -v " + shell.program + " >/dev/null").c_str()) != 0) {
      std::cout << "SKIPPED: " << shell.program << " is not installed\n";
      continue;
    }
    for (const std::string& value : {odd, std::string(), std::string("plain")}) {
      EXPECT_EQ(read_by(shell.command, value, shell.syntax), value + "\n") << shell.program;
    }
  }
}

TEST(Assignments, QuoteWhatTheSyntaxWouldTakeForItsOwn) {
  EXPECT_EQ(written("a'b\\c", Syntax::sh), "export V='a'\\''b\\c'\n");
  EXPECT_EQ(written("a'b\\c", Syntax::fish), "set -gx V 'a\\'b\\\\c'\n");
  EXPECT_EQ(written("a'b\u2019c\u2014", Syntax::powershell),
            "$Env:V = 'a''b\u2019\u2019c\u2014'\n");
  EXPECT_EQ(written("cut \xE2\x80", Syntax::powershell), "$Env:V = 'cut \xE2\x80'\n");
  EXPECT_EQ(written("a\"b\n", Syntax::json), "{\"V\":\"a\\\"b\\u000a\"}\n");
}

TEST(Assignments, OfDotenvAreReadAlikeOrRefused) {
  EXPECT_EQ(written("wJalr/K7+=_.-:", Syntax::dotenv), "V=wJalr/K7+=_.-:\n");
  EXPECT_EQ(written("a $b #c", Syntax::dotenv), "V='a $b #c'\n");
  EXPECT_EQ(written("", Syntax::dotenv), "V=\n");
  for (const char* value : {"a'b", "a\\b", "a\nb"}) {
    EXPECT_EQ(support::error_of([&] { written(value, Syntax::dotenv); }),
              "1 V has a character that programs read differently in dotenv files\n"
              "hint: use another --format");
  }
}

TEST(Assignments, UnsetWhereTheSyntaxCanSayIt) {
  const std::string_view name = "AWS_PROFILE";
  const auto removal = [&](Syntax syntax) {
    return std::string(assignments({}, {&name, 1}, syntax));
  };
  EXPECT_EQ(removal(Syntax::sh), "unset AWS_PROFILE\n");
  EXPECT_EQ(removal(Syntax::fish), "set -e AWS_PROFILE\n");
  EXPECT_EQ(removal(Syntax::powershell), "$Env:AWS_PROFILE = $null\n");
  EXPECT_EQ(removal(Syntax::dotenv), "");
  EXPECT_EQ(removal(Syntax::json), "{}\n");
}

TEST(Syntax, HasANameEach) {
  for (const std::string& name : syntax_names()) EXPECT_TRUE(parse_syntax(name)) << name;
  EXPECT_FALSE(parse_syntax("SH"));
}

}  // namespace
}  // namespace aws
