#include "app/get.h"

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session_options.h"
#include "os/talk.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

std::string readable(base::Time time) {
  const std::string text = base::format_rfc3339(time);
  return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 8));
}

void report(const app::GetResult& result, os::Talk& talk) {
  talk.note(fmt::format("Profile  {} in {}", result.profile, result.credentials_file));
  talk.note(fmt::format(
      "Role     {}", result.role_arn.empty() ? "none: the MFA session itself" : result.role_arn));
  talk.note(fmt::format("Until    {} ({})", readable(result.expiration),
                        base::format_duration(result.lifetime)));
  talk.note(
      fmt::format("Use it   AWS_PROFILE={0}, or profile = \"{0}\" in Terraform", result.profile));
}

void print_json(const app::GetResult& result) {
  nlohmann::ordered_json object;
  object["profile"] = result.profile;
  object["credentials_file"] = result.credentials_file;
  if (!result.role_arn.empty()) object["role_arn"] = result.role_arn;
  object["expiration"] = base::format_rfc3339(result.expiration);
  print(object.dump() + "\n");
}

}  // namespace

int run_get(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  SessionOptions session;
  app::GetRequest request;
  bool json = false;
  Options options{std::string(command.synopsis), std::string(command.summary)};
  bind(options, session);
  options.text("-p,--profile", "NAME", "the profile to write; default session_token",
               request.target_profile);
  options.flag("--overwrite", "replace a profile of another tool", request.overwrite);
  options.flag("--json", "print the result as JSON, without secrets", json);
  if (!options.parse(arguments)) return 0;

  request.session = session_request(session);
  os::StderrTalk talk(session.quiet, session.verbose);
  const app::GetResult result = app::Get(doors.environment, doors.files, doors.http, doors.terminal,
                                         doors.process, doors.clock, doors.random, talk)
                                    .run(request);
  report(result, talk);
  if (json) print_json(result);
  return 0;
}

}  // namespace cli
