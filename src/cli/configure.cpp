#include "app/commands/configure.h"

#include "app/config/settings.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

namespace cli {
namespace {

// What holds where the file says nothing; empty: there is no default.
std::string default_of(const std::string& name) {
  if (name == "role") return app::Settings{}.role;
  if (name == "profile") return app::Settings{}.profile;
  if (name == "duration") return "1h";
  if (name == "session_duration") return "12h";
  return "";
}

std::string line_of(const std::string& name, const std::string& value) {
  if (!value.empty()) return fmt::format("{} = {}\n", name, aws::shown(value));
  const std::string built_in = default_of(name);
  // As a comment: what is printed can be a settings file.
  return built_in.empty() ? fmt::format("# {} is not set\n", name)
                          : fmt::format("# {} = {} (default)\n", name, built_in);
}

}  // namespace

int run_configure(const Command& command, std::span<const std::string> arguments,
                  const Doors& doors) {
  std::vector<std::string> words;
  Options options(command);
  options.bind_operands(words);
  if (!options.parse(arguments)) return 0;
  if (words.size() > 2) {
    throw base::Error(base::ErrorKind::usage, "configure takes one setting and one value",
                      {"put a value with blanks in quotes"});
  }
  if (words.size() == 2) {
    app::write_setting(doors.environment, doors.files, words[0], words[1]);
    return 0;
  }
  app::read_settings(doors.environment, doors.files);  // says what is wrong in the file
  const auto all = app::settings_set(doors.environment, doors.files);
  if (words.empty()) {
    std::string text;
    for (const auto& [name, value] : all) text += line_of(name, value);
    print(text);
    return 0;
  }
  app::require_setting(words[0]);
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.first == words[0]; });
  print(found->second.empty() ? "" : aws::shown(found->second) + "\n");
  return found->second.empty() ? 1 : 0;
}

}  // namespace cli
