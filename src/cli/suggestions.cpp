#include "cli/suggestions.h"

#include "base/text.h"
#include "cli/command.h"

#include <algorithm>
#include <fmt/core.h>

namespace cli {
namespace {

using base::Error;
using base::ErrorKind;
using Problem = base::CommandLine::Problem;

// What the AWS CLI and the other tools for this job call our options and commands.
struct Foreign {
  std::string_view name;
  std::string_view ours;  // what to type
};

constexpr Foreign foreign_options[] = {
    {"--role-arn", "-r (--role)"},
    {"--assume-role", "-r (--role)"},
    {"--role-name", "-r (--role)"},
    {"--mfa-serial", "-n (--serial-number)"},
    {"--mfa-device", "-n (--serial-number)"},
    {"--device", "-n (--serial-number)"},
    {"--duration-seconds", "-d (--duration)"},
    {"--role-duration", "-d (--duration)"},
    {"--session-duration", "-d (--duration)"},
    {"--ttl", "-d (--duration)"},
    {"--role-session-name", "--session-name"},
    {"--user", "-u (--username)"},
    {"--user-name", "-u (--username)"},
    {"--token", "-c (--code)"},
    {"--mfa-token", "-c (--code)"},
    {"--mfa-code", "-c (--code)"},
    {"--token-code", "-c (--code)"},
    {"--otp", "-c (--code)"},
    {"--no-session", "get -r ROLE, which uses the code for the role itself"},
    {"--tags", "--tag, once for each"},
    {"--transitive-tag-keys", "--transitive-tag, once for each"},
    {"--policy-arns", "--policy-arn, once for each"},
    {"--output-profile", "-p (--profile)"},
    {"--target-profile", "-p (--profile)"},
    {"--output", "--json (or, with env, --format)"},
    {"--export", "the command env"},
    {"--force", "--renew"},
    {"--force-refresh", "--renew"},
    {"--refresh", "--renew"},
    {"--auto-refresh", "--link"},
    {"--credential-process", "--link, or the command credential-process"},
    {"--server", "--serve"},
    {"--ecs-server", "--serve"},
    {"--ec2-server", "--serve"},
    {"--stdout", "--print"},
    {"--url", "--print"},
    {"--endpoint", "--endpoint-url"},
    {"--ca-bundle", "the variable AWS_CA_BUNDLE"},
    {"--debug", "--verbose"},
    {"--silent", "--quiet"},
    {"--non-interactive", "--no-input"},
    {"--skip-prompt", "--no-input"},
};

constexpr Foreign foreign_commands[] = {
    {"login", "get, or console for the web console"},
    {"signin", "console"},
    {"list", "status"},
    {"ls", "status"},
    {"sessions", "status"},
    {"version", "--version"},
    {"whoami", "status, or doctor to ask AWS"},
    {"get-caller-identity", "doctor"},
    {"get-session-token", "get --no-role"},
    {"assume", "get"},
    {"assume-role", "get"},
    {"sts", "get"},
    {"refresh", "get --renew"},
    {"renew", "get --renew"},
    {"export", "env"},
    {"shell", "exec"},
    {"run", "exec"},
    {"clear", "logout"},
    {"revoke", "logout"},
    {"unset", "logout"},
    {"config", "configure"},
    {"settings", "configure"},
    {"init", "configure"},
    {"check", "doctor"},
    {"diagnose", "doctor"},
};

std::string_view ours_for(std::string_view name, std::span<const Foreign> table) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Foreign& foreign) { return foreign.name == name; });
  return found == table.end() ? std::string_view() : found->ours;
}

// "get", or "exec and env".
std::string commands_with(std::string_view option) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (std::any_of(command.options.begin(), command.options.end(),
                    [&](const Option* known) { return known->name == option; })) {
      names.emplace_back(command.name);
    }
  }
  return base::join_words(names);
}

std::string hint_for_option(const std::string& name, std::span<const Option* const> known,
                            std::string_view command) {
  if (!name.starts_with("--")) return see_help(command);
  if (const auto ours = ours_for(name, foreign_options); !ours.empty()) {
    return fmt::format("use {}", ours);
  }
  if (const std::string others = commands_with(name.substr(2)); !others.empty()) {
    return fmt::format("{} is an option of {}", name, others);
  }
  std::vector<std::string> names;
  for (const Option* option : known) names.push_back(fmt::format("--{}", option->name));
  const auto near = base::nearest(name, names);
  return near ? fmt::format("did you mean {}?", *near) : see_help(command);
}

}  // namespace

std::vector<base::OptionName> option_names(std::span<const Option* const> options) {
  std::vector<base::OptionName> names;
  names.reserve(options.size());
  for (const Option* option : options) {
    names.push_back({option->name, option->letter, option->value != Value::none});
  }
  return names;
}

std::vector<const Option*> all_options() {
  std::vector<const Option*> all = {&option::help, &option::version};
  for (const Command& command : commands()) {
    for (const Option* option : command.options) {
      if (std::none_of(all.begin(), all.end(),
                       [&](const Option* known) { return known->name == option->name; })) {
        all.push_back(option);
      }
    }
  }
  return all;
}

std::string see_help(std::string_view command) {
  return fmt::format("see aws-session-token {}{}--help", command, command.empty() ? "" : " ");
}

Error wrong_option(Problem problem, const std::string& culprit,
                   std::span<const Option* const> known, std::string_view command) {
  const std::string name = base::printable(culprit);
  switch (problem) {
    case Problem::missing_value:
      return {ErrorKind::usage, fmt::format("{} requires a value", name), {see_help(command)}};
    case Problem::unexpected_value:
      return {ErrorKind::usage, fmt::format("{} does not take a value", name), {see_help(command)}};
    case Problem::unknown:
      break;
  }
  return {ErrorKind::usage,
          fmt::format("unknown option: {}", name),
          {hint_for_option(culprit, known, command)}};
}

Error unknown_command(const std::string& name) {
  const std::string shown = base::printable(name);
  std::string hint = fmt::format("to use it as a profile: aws-session-token get {}", shown);
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  if (const auto ours = ours_for(name, foreign_commands); !ours.empty()) {
    hint = fmt::format("use {}", ours);
  } else if (const auto near = base::nearest(name, names)) {
    hint = fmt::format("did you mean {}?", *near);
  }
  return {ErrorKind::usage, fmt::format("unknown command: {}", shown), {hint}};
}

}  // namespace cli
