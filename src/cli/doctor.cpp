#include "app/doctor/doctor.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session_options.h"
#include "os/screen.h"
#include "version.h"

#include <algorithm>
#include <fmt/core.h>
#include <unistd.h>
#include <vector>

namespace cli {
namespace {

using Status = app::Finding::Status;

std::ptrdiff_t count(const std::vector<app::Finding>& findings, Status status) {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const app::Finding& finding) { return finding.status == status; });
}

std::string number_of(std::ptrdiff_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string colored(Status status, bool colors) {
  const std::string name = fmt::format("{:9}", name_of(status));
  if (!colors || status == Status::ok) return name;
  const char* const color = status == Status::failure   ? "31"
                            : status == Status::warning ? "33"
                                                        : "36";
  return fmt::format("\033[{}m{}\033[0m", color, name);
}

void print_text(const std::vector<app::Finding>& findings) {
  const bool colors = os::is_screen(STDOUT_FILENO);
  std::string text;
  for (const app::Finding& finding : findings) {
    text += colored(finding.status, colors) + aws::shown(finding.what) + "\n";
    for (const std::string& hint : finding.what_to_do) {
      text += fmt::format("{:9}-> {}\n", "", aws::shown(hint));
    }
  }
  text += fmt::format("{}, {}\n", number_of(count(findings, Status::failure), "failure"),
                      number_of(count(findings, Status::warning), "warning"));
  print(text);
}

void print_json(const std::vector<app::Finding>& findings) {
  base::JsonWriter json = json_writer();
  json.open_object();
  app::add_findings(findings, json);
  print_document(json.close());
}

// Only the user can read the new file. One that exists is never replaced.
void require_new(const std::string& path, bool exists) {
  if (!exists) return;
  throw base::Error(base::ErrorKind::usage, fmt::format("{} already exists", path),
                    {"name a new file with --report"});
}

void write_report(const std::string& path, const std::string& report, os::Files& files) {
  files.update(path, [&](const base::WipedString& bytes) {
    require_new(path, !bytes.empty());
    return base::WipedString(report);
  });
}

}  // namespace

int run_doctor(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  app::DoctorRequest request;
  SessionOptions session;
  std::vector<std::string> profiles;
  std::string report;
  bool json = false;
  Options options(command);
  options.bind_operands(profiles);
  options.bind("role", request.role);
  options.bind("code", session.code);
  bind_request(options, session);
  options.bind("json", json);
  options.bind("report", report);
  if (!options.parse(arguments)) return 0;
  if (profiles.size() > 1 || (!profiles.empty() && !request.role.empty())) {
    throw base::Error(base::ErrorKind::usage, "doctor checks one profile or role at a time",
                      {"run it for each of them"});
  }
  request.session = session_request(session);
  if (!profiles.empty()) request.profile = profiles.front();

  os::SystemFileProbe probe;
  const app::DoctorDoors own{doors.environment, doors.files,   probe,       doors.http,
                             doors.terminal,    doors.process, doors.clock, doors.random};
  // Before a code is spent.
  if (!report.empty()) require_new(report, doors.files.read(report).has_value());
  const std::vector<app::Finding> findings = app::examine(request, own);
  json ? print_json(findings) : print_text(findings);
  if (!report.empty()) {
    write_report(report, app::bug_report(findings, AWSST_VERSION, own), doors.files);
  }
  return count(findings, Status::failure) == 0 ? 0 : 1;
}

}  // namespace cli
