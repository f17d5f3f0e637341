#include "cli/session_options.h"

#include "app/sessions/questions.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

#include <fmt/core.h>

namespace cli {
namespace {

// Those parameters of a role that a profile can have, too, or the others.
void bind_role_options(Options& options, app::SessionRequest& request, bool of_profiles) {
  for (const app::RoleOption& option : app::role_options()) {
    if (option.profile_key.empty() == of_profiles) continue;
    options.bind(option.name, [&](const std::string& value) { option.add(request, value); });
  }
}

}  // namespace

void bind_request(Options& options, SessionOptions& session) {
  app::SessionRequest& request = session.request;
  options.bind("source-profile", request.source_profile);
  options.bind("serial-number", request.serial_number);
  bind_role_options(options, request, true);
  options.bind("region", request.region);
  options.bind("endpoint-url", request.endpoint_url);
}

void bind(Options& options, SessionOptions& session) {
  app::SessionRequest& request = session.request;
  options.bind_operands(request.profiles);
  options.bind("username", request.username);
  options.bind("role", request.roles);
  options.bind("no-role", request.no_role);
  options.bind("code", session.code);
  options.bind("mfa-process", request.mfa_process);
  bind_request(options, session);
  bind_role_options(options, request, false);
  options.bind("min-ttl", session.min_ttl);
  options.bind("renew", request.renew);
  options.bind("no-input", request.no_input);
  options.bind("quiet", session.quiet);
  options.bind("verbose", session.verbose);
}

app::SessionRequest session_request(const SessionOptions& session) {
  using base::Error;
  using base::ErrorKind;
  if (session.request.no_role && !session.request.roles.empty()) {
    throw Error(ErrorKind::usage, "--role and --no-role cannot be used together");
  }
  app::SessionRequest request = session.request;
  request.quiet = session.quiet;
  if (!session.min_ttl.empty()) {
    request.min_ttl = base::parse_duration(session.min_ttl);
    if (!request.min_ttl) {
      throw Error(ErrorKind::usage,
                  fmt::format("`{}` is not a duration", base::printable(session.min_ttl)),
                  {"--min-ttl takes 45m, 12h or a number of seconds"});
    }
  }
  if (session.code) app::give_code(request, *session.code);
  return request;
}

app::Sessions open_sessions(const Doors& doors, os::Terminal& terminal, os::Messages& messages) {
  return {doors.environment, doors.files, doors.http,   terminal,
          doors.process,     doors.clock, doors.random, messages};
}

}  // namespace cli
