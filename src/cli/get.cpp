#include "app/commands/get.h"

#include "app/config/shared_files.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"
#include "cli/session_table.h"
#include "os/messages.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

const std::string& file_of(const app::GetReport& report) {
  return report.config_file.empty() ? report.credentials_file : report.config_file;
}

void report_one(const app::GetReport& report, os::Messages& messages) {
  const app::GetResult& result = report.results.front();
  const bool linked = !report.config_file.empty();
  messages.note(fmt::format("Profile  {} in {}{}", result.profile, file_of(report),
                            linked ? ", which renews itself" : ""));
  messages.note(fmt::format(
      "Role     {}", result.role_arn.empty() ? "none: the MFA session itself" : result.role_arn));
  if (!linked) {
    messages.note(fmt::format("Until    {} ({})", readable(result.expiration),
                              base::format_duration(result.lifetime)));
  }
  messages.note(
      fmt::format("Use it   AWS_PROFILE={0}, or profile = \"{0}\" in Terraform", result.profile));
}

bool succeeded(const app::GetResult& result) { return !result.error; }

void report_several(const app::GetReport& report, os::Messages& messages) {
  Table table({"PROFILE", "ACCOUNT", "ROLE", "UNTIL"});
  for (const app::GetResult& result : report.results) {
    const std::string until = result.error ? fmt::format("failed: {}", result.error->what())
                                           : fmt::format("{} ({}{})", readable(result.expiration),
                                                         base::format_duration(result.lifetime),
                                                         result.cached ? ", kept" : "");
    table.add({result.profile, account_of(result.role_arn), role_of(result.role_arn), until});
  }
  for (const std::string& line : table.lines()) messages.note(line);
  std::vector<std::string> hints;  // each once: many roles are often refused alike
  for (const app::GetResult& result : report.results) {
    if (!result.error) continue;
    for (const std::string& hint : result.error->hints()) {
      if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(hint);
    }
  }
  for (const std::string& hint : hints) messages.note("hint: " + hint);
  const auto written = std::count_if(report.results.begin(), report.results.end(), succeeded);
  messages.note(
      fmt::format("{} of {} profiles are in {}", written, report.results.size(), file_of(report)));
}

nlohmann::ordered_json as_json(const app::GetResult& result) {
  nlohmann::ordered_json object;
  object["profile"] = result.profile;
  if (!result.role_arn.empty()) object["role_arn"] = result.role_arn;
  if (result.error) {
    object["error"] = result.error->what();
    object["hints"] = result.error->hints();
  } else {
    object["expiration"] = base::format_rfc3339(result.expiration);
  }
  return object;
}

void print_json(const app::GetReport& report) {
  nlohmann::ordered_json object;
  if (report.results.size() == 1) {
    object = as_json(report.results.front());
    object[report.config_file.empty() ? "credentials_file" : "config_file"] = file_of(report);
  } else {
    object[report.config_file.empty() ? "credentials_file" : "config_file"] = file_of(report);
    for (const app::GetResult& result : report.results) {
      object["profiles"].push_back(as_json(result));
    }
  }
  print_object(object);
}

// Behind an option the name of a command is taken for a PROFILE.
void refuse_late_command(std::span<const std::string> profiles, const Doors& doors) {
  for (const std::string& profile : profiles) {
    if (profile == "--") return;
    const auto all = commands();
    const auto late = std::find_if(all.begin(), all.end(),
                                   [&](const Command& known) { return known.name == profile; });
    if (late == all.end()) continue;
    const auto shared =
        app::read_shared_config(doors.files, app::shared_file_paths(doors.environment));
    if (shared.has_profile(profile)) continue;
    throw base::Error(base::ErrorKind::usage,
                      fmt::format("there is no profile {0}; the command {0} stands before its "
                                  "options",
                                  profile),
                      {fmt::format("write it first: aws-session-token {}", late->synopsis)});
  }
}

int run(const Command& command, std::span<const std::string> arguments, const Doors& doors,
        bool named) {
  SessionOptions session;
  app::GetRequest request;
  bool json = false;
  Options options{std::string(command.synopsis), std::string(command.summary)};
  bind(options, session);
  options.text("-p,--profile", "NAME",
               "the profile to write; default session_token; for several roles a pattern with "
               "{name} or {account}",
               request.target_profile);
  options.flag("--all", "every profile with a role_arn that the key can reach",
               session.request.all);
  options.flag("--link", "write a credential_process, which renews itself, instead of keys",
               request.link);
  options.flag("--aws-cli-cache", "let the AWS CLI take the session for the profile itself, too",
               request.aws_cli_cache);
  options.flag("--overwrite", "replace a profile of another tool", request.overwrite);
  options.flag("--json", "print the result as JSON, without secrets", json);
  try {
    if (!options.parse(arguments)) return 0;
  } catch (const base::Error&) {
    if (!named) refuse_late_command(arguments, doors);  // the option may be the command's
    throw;
  }
  if (!named) refuse_late_command(session.request.profiles, doors);

  request.session = session_request(session);
  os::StderrMessages messages(session.quiet, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.terminal, messages);
  const app::GetReport report =
      app::Get(sessions, doors.environment, doors.files, messages).run(request);
  report.results.size() == 1 ? report_one(report, messages) : report_several(report, messages);
  if (json) print_json(report);
  return std::all_of(report.results.begin(), report.results.end(), succeeded)
             ? 0
             : static_cast<int>(base::ErrorKind::refused);
}

}  // namespace

int run_get(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  return run(command, arguments, doors, true);
}

int run_unnamed(const Command& command, std::span<const std::string> arguments,
                const Doors& doors) {
  return run(command, arguments, doors, false);
}

}  // namespace cli
