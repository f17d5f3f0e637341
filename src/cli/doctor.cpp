#include "app/doctor.h"

#include "app/questions.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "version.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
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

void print_text(const std::vector<app::Finding>& findings) {
  std::string text;
  for (const app::Finding& finding : findings) {
    text += fmt::format("{:9}{}\n", name_of(finding.status), base::printable(finding.what));
    for (const std::string& hint : finding.what_to_do) {
      text += fmt::format("{:9}-> {}\n", "", base::printable(hint));
    }
  }
  text += fmt::format("{}, {}\n", number_of(count(findings, Status::failure), "failure"),
                      number_of(count(findings, Status::warning), "warning"));
  print(text);
}

void print_json(const std::vector<app::Finding>& findings) {
  nlohmann::ordered_json object;
  object["findings"] = nlohmann::ordered_json::array();
  for (const app::Finding& finding : findings) {
    object["findings"].push_back({{"check", finding.check},
                                  {"status", name_of(finding.status)},
                                  {"what", finding.what},
                                  {"what_to_do", finding.what_to_do}});
  }
  print_object(object);
}

// A new file of the user's alone; what stands there already is never replaced.
void write_report(const std::string& path, const std::string& report, os::Files& files) {
  const auto refuse = [&](bool exists) {
    if (!exists) return;
    throw base::Error(base::ErrorKind::usage, fmt::format("{} is there already", path),
                      {"give --report the name of a new file"});
  };
  refuse(files.read(path).has_value());
  files.update(path, [&](const base::WipedString& bytes) {
    refuse(!bytes.empty());
    return base::WipedString(report);
  });
}

}  // namespace

int run_doctor(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  app::DoctorRequest request;
  std::vector<std::string> profiles;
  std::string report;
  bool json = false;
  Options options{std::string(command.synopsis), std::string(command.summary)};
  options.positionals("PROFILE", "a profile of the shared config file, for its role", profiles);
  options.text("-r,--role", "ROLE", "ARN, ACCOUNT:NAME, /path/NAME, profile or role name",
               request.role);
  options.text("-c,--code", "CODE", "an MFA code, to try the role itself; it is spent",
               request.code);
  options.text("-s,--source-profile", "PROFILE", "the profile that holds the long-term key",
               request.source_profile);
  options.text("-n,--serial-number", "SERIAL", "the MFA device", request.serial_number);
  options.text("--region", "REGION", "AWS region of STS", request.region);
  options.text("--endpoint-url", "URL", "STS and IAM endpoint", request.endpoint_url);
  options.flag("--json", "print the findings as JSON, without secrets", json);
  options.text("--report", "FILE", "write a bundle for a bug report, without secrets", report);
  if (!options.parse(arguments)) return 0;
  if (profiles.size() > 1 || (!profiles.empty() && !request.role.empty())) {
    throw base::Error(base::ErrorKind::usage, "doctor looks at one profile or role",
                      {"run it once for each"});
  }
  if (request.code && *request.code != "-") app::token_code(*request.code);
  if (!profiles.empty()) request.profile = profiles.front();

  os::SystemFileLook look;
  const app::DoctorDoors own{doors.environment, doors.files,   look,        doors.http,
                             doors.terminal,    doors.process, doors.clock, doors.random};
  const std::vector<app::Finding> findings = app::examine(request, own);
  if (!report.empty()) {
    write_report(report, app::bug_report(findings, AWSST_VERSION, own), doors.files);
  }
  json ? print_json(findings) : print_text(findings);
  return count(findings, Status::failure) == 0 ? 0 : 1;
}

}  // namespace cli
