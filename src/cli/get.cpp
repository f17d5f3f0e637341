#include "app/commands/get.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"
#include "cli/session_table.h"
#include "os/locale.h"
#include "os/messages.h"
#include "os/screen.h"

#include <algorithm>
#include <fmt/core.h>
#include <unistd.h>

namespace cli {
namespace {

const std::string& file_of(const app::GetReport& report) {
  return report.config_file.empty() ? report.credentials_file : report.config_file;
}

void report_one(const app::GetReport& report, os::Messages& messages) {
  const app::GetResult& result = report.results.front();
  const bool linked = !report.config_file.empty();
  messages.note(fmt::format("Profile  {} in {}{}", result.profile, file_of(report),
                            linked ? " (renews itself)" : ""));
  messages.note(fmt::format(
      "Role     {}", result.role_arn.empty() ? "none (the MFA session itself)" : result.role_arn));
  if (!linked) {
    messages.note(fmt::format("Until    {} ({})", os::local_time(result.expiration),
                              base::format_duration(result.lifetime)));
  }
  messages.note(
      fmt::format("Use it   AWS_PROFILE={0}, or profile = \"{0}\" in Terraform", result.profile));
}

bool succeeded(const app::GetResult& result) { return !result.error; }

// What went wrong with the role of a row. Of neighbors that were refused alike, only the last
// repeats what to do.
std::vector<std::string> below(const app::GetResult& result, const app::GetResult* next) {
  if (!result.error) return {};
  std::vector<std::string> lines = {fmt::format("error: {}", result.error->what())};
  if (next != nullptr && next->error && next->error->hints() == result.error->hints()) return lines;
  for (const std::string& hint : result.error->hints()) lines.push_back("hint: " + hint);
  return lines;
}

void report_several(const app::GetReport& report, base::Time now, os::Messages& messages) {
  Table table({"PROFILE", "ACCOUNT", "ROLE", "UNTIL"});
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    const app::GetResult& result = report.results[i];
    const std::string until =
        result.error
            ? "failed"
            : fmt::format("{} ({}{})", os::local_time_near(result.expiration, now),
                          base::format_duration(result.lifetime), result.cached ? ", cached" : "");
    table.add({result.profile, account_of(result.role_arn), role_of(result.role_arn), until},
              below(result, i + 1 < report.results.size() ? &report.results[i + 1] : nullptr));
  }
  const int columns = os::screen_columns(STDERR_FILENO);
  for (const std::string& line : table.lines(static_cast<std::size_t>(columns))) {
    messages.note(line);
  }
  const auto written = std::count_if(report.results.begin(), report.results.end(), succeeded);
  messages.note(fmt::format("{} of {} profiles {} written to {}", written, report.results.size(),
                            written == 1 ? "was" : "were", file_of(report)));
}

void add_members(const app::GetResult& result, base::JsonWriter& json) {
  json.member("profile", result.profile);
  if (!result.role_arn.empty()) json.member("role_arn", result.role_arn);
  if (!result.error) {
    json.member("expiration", base::format_rfc3339(result.expiration));
    return;
  }
  json.member("error", result.error->what()).key("hints").open_array();
  for (const std::string& hint : result.error->hints()) json.text(hint);
  json.close();
}

void print_json(const app::GetReport& report) {
  base::JsonWriter json = json_writer();
  json.open_object();
  const char* const file = report.config_file.empty() ? "credentials_file" : "config_file";
  if (report.results.size() == 1) {
    add_members(report.results.front(), json);
    json.member(file, file_of(report));
  } else {
    json.member(file, file_of(report)).key("profiles").open_array();
    for (const app::GetResult& result : report.results) {
      add_members(result, json.open_object());
      json.close();
    }
    json.close();
  }
  print_document(json.close());
}

}  // namespace

int run_get(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  SessionOptions session;
  app::GetRequest request;
  bool json = false;
  Options options(command);
  bind(options, session);
  options.bind("profile", request.target_profile);
  options.bind("all", session.request.all);
  options.bind("link", request.link);
  options.bind("aws-cli-cache", request.aws_cli_cache);
  options.bind("overwrite", request.overwrite);
  options.bind("json", json);
  if (!options.parse(arguments)) return 0;

  request.session = session_request(session);
  Notes messages(session.quiet, session.verbose);
  app::Sessions sessions = open_sessions(doors, doors.terminal, messages);
  const app::GetReport report =
      app::Get(sessions, doors.environment, doors.files, messages).run(request);
  report.results.size() == 1 ? report_one(report, messages)
                             : report_several(report, doors.clock.now(), messages);
  if (json) print_json(report);
  return std::all_of(report.results.begin(), report.results.end(), succeeded)
             ? 0
             : static_cast<int>(base::ErrorKind::refused);
}

}  // namespace cli
