#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

// The options of one command: bound to variables, parsed by GNU's conventions, and listed by
// --help. Only the command that runs binds any, since binding costs time at every start.
class Options {
 public:
  // `synopsis` follows the program's name: "get [OPTION]... [PROFILE]".
  Options(std::string synopsis, std::string summary);
  ~Options();

  // `names` as "-u,--username"; `placeholder` names the value in the help.
  void text(const std::string& names, const std::string& placeholder, const std::string& help,
            std::string& value);
  void text(const std::string& names, const std::string& placeholder, const std::string& help,
            std::optional<std::string>& value);
  void list(const std::string& names, const std::string& placeholder, const std::string& help,
            std::vector<std::string>& values);
  void flag(const std::string& names, const std::string& help, bool& value);
  void positionals(const std::string& placeholder, const std::string& help,
                   std::vector<std::string>& values);

  // False when the command is not to run: --help or --version was given, and answered on standard
  // output. Throws Error{usage}, with the nearest spelling for an unknown option.
  bool parse(std::span<const std::string> arguments);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cli
