#include "cli/session_options.h"

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

#include <fmt/core.h>

namespace cli {
namespace {

aws::SessionTag parse_tag(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw base::Error(base::ErrorKind::usage, "--tag takes KEY=VALUE",
                      {"for several tags give it several times"});
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void bind_request(Options& options, SessionOptions& session) {
  app::SessionRequest& request = session.request;
  options.text("-s,--source-profile", "PROFILE", "the profile that holds the long-term key",
               request.source_profile);
  options.text("-n,--serial-number", "SERIAL", "the MFA device", request.serial_number);
  options.text("-d,--duration", "DURATION", "45m, 12h, seconds, or max; default 1h",
               request.duration);
  options.text("--session-name", "NAME", "role session name; default: the user name",
               request.session_name);
  options.text("--external-id", "ID", "what the role's trust policy asks for", request.external_id);
  options.list("--tag", "KEY=VALUE", "session tag; may be repeated", session.tags);
  options.list("--transitive-tag", "KEY", "a tag that chained roles take over; may be repeated",
               request.transitive_tag_keys);
  options.text("--source-identity", "NAME", "who is behind the session, for CloudTrail",
               request.source_identity);
  options.text("--region", "REGION", "AWS region of STS", request.region);
  options.text("--endpoint-url", "URL", "STS and IAM endpoint", request.endpoint_url);
}

void bind(Options& options, SessionOptions& session) {
  app::SessionRequest& request = session.request;
  options.positionals("PROFILE", "a profile of the shared config file, for its role",
                      request.profiles);
  options.text("-u,--username", "NAME", "IAM user; empty: the owner of the access key",
               request.username);
  options.list("-r,--role", "ROLE", "ARN, ACCOUNT:NAME, /path/NAME, profile or role name",
               request.roles);
  options.flag("--no-role", "the MFA session itself, without a role", request.no_role);
  options.text("-c,--code", "CODE", "the MFA code; - reads a line of standard input", request.code);
  options.text("--mfa-process", "COMMAND", "a shell command that prints the code",
               request.mfa_process);
  bind_request(options, session);
  options.text("--policy", "FILE", "session policy in JSON", request.policy_file);
  options.list("--policy-arn", "ARN", "managed session policy; may be repeated",
               request.policy_arns);
  options.text("--min-ttl", "DURATION", "keep a session that lives longer than this",
               session.min_ttl);
  options.flag("--renew", "keep no session: ask for a code", request.renew);
  options.flag("--no-input", "never ask: take the defaults, or fail with exit code 4",
               request.no_input);
  options.flag("--quiet", "say nothing but errors", session.quiet);
  options.flag("--verbose", "say what is requested and how long it takes", session.verbose);
}

app::SessionRequest session_request(const SessionOptions& session) {
  using base::Error;
  using base::ErrorKind;
  if (session.request.no_role && !session.request.roles.empty()) {
    throw Error(ErrorKind::usage, "--role and --no-role exclude each other");
  }
  app::SessionRequest request = session.request;
  request.quiet = session.quiet;
  for (const std::string& tag : session.tags) request.tags.push_back(parse_tag(tag));
  if (!session.min_ttl.empty()) {
    request.min_ttl = base::parse_duration(session.min_ttl);
    if (!request.min_ttl) {
      throw Error(ErrorKind::usage,
                  fmt::format("`{}` is no duration", base::printable(session.min_ttl)),
                  {"--min-ttl takes 45m, 12h or a number of seconds"});
    }
  }
  return request;
}

app::Sessions open_sessions(const Doors& doors, os::Terminal& terminal, os::Messages& messages) {
  return {doors.environment, doors.files, doors.http,   terminal,
          doors.process,     doors.clock, doors.random, messages};
}

}  // namespace cli
