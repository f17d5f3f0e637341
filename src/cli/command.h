#pragma once

#include "cli/option_table.h"
#include "os/browser.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/http.h"
#include "os/process.h"
#include "os/random.h"
#include "os/terminal.h"

#include <span>
#include <string>
#include <string_view>

namespace cli {

// The doors that main opens; each command hands on those that its use case needs.
struct Doors {
  os::Environment& environment;
  os::Files& files;
  os::HttpClient& http;
  os::Terminal& terminal;  // answers from standard input where that is no terminal
  os::Terminal& person;    // answers from the terminal only
  os::Process& process;
  os::Clock& clock;
  os::Random& random;
  os::Browser& browser;
};

struct Example {
  std::string_view command;  // what follows the program's name
  std::string_view purpose;
};

struct Command {
  std::string_view name;
  std::string_view synopsis;  // what follows the name
  std::string_view summary;   // one sentence
  // The exit code. Throws Error.
  int (*run)(const Command& command, std::span<const std::string> arguments, const Doors& doors);
  std::span<const Option* const> options;  // the most frequent of each group first
  std::span<const Operand> operands;
  std::span<const Example> examples;
};

// Every command there is. Help, parsing, manual pages and completions follow from this table and
// from the options that it points to.
std::span<const Command> commands();

int run_configure(const Command& command, std::span<const std::string> arguments,
                  const Doors& doors);
int run_console(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_credential_process(const Command& command, std::span<const std::string> arguments,
                           const Doors& doors);
int run_doctor(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_env(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_exec(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_get(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_logout(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_policy(const Command& command, std::span<const std::string> arguments, const Doors& doors);
int run_status(const Command& command, std::span<const std::string> arguments, const Doors& doors);

}  // namespace cli
