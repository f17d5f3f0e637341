#include "cli/session_options.h"

#include "base/error.h"

namespace cli {

void bind(Options& options, SessionOptions& session) {
  app::SessionRequest& request = session.request;
  options.positionals("PROFILE", "a profile of the shared config file, for its role",
                      session.profiles);
  options.text("-u,--username", "NAME", "IAM user; empty: the owner of the access key",
               request.username);
  options.list("-r,--role", "ROLE", "ARN, ACCOUNT:NAME, /path/NAME, profile or role name",
               session.roles);
  options.flag("--no-role", "the MFA session itself, without a role", request.no_role);
  options.text("-c,--code", "CODE", "the MFA code; - reads a line of standard input", request.code);
  options.text("--mfa-process", "COMMAND", "a shell command that prints the code",
               request.mfa_process);
  options.text("-s,--source-profile", "PROFILE", "the profile that holds the long-term key",
               request.source_profile);
  options.text("-n,--serial-number", "SERIAL", "the MFA device", request.serial_number);
  options.text("-d,--duration", "DURATION", "45m, 12h, seconds, or max; default 1h",
               request.duration);
  options.text("--session-name", "NAME", "role session name; default: the user name",
               request.session_name);
  options.text("--external-id", "ID", "what the role's trust policy asks for", request.external_id);
  options.text("--policy", "FILE", "session policy in JSON", request.policy_file);
  options.list("--policy-arn", "ARN", "managed session policy; may be repeated",
               request.policy_arns);
  options.text("--region", "REGION", "AWS region of STS", request.region);
  options.text("--endpoint-url", "URL", "STS and IAM endpoint", request.endpoint_url);
  options.flag("--no-input", "never ask: take the defaults, or fail with exit code 4",
               request.no_input);
  options.flag("--quiet", "say nothing but errors", session.quiet);
  options.flag("--verbose", "say what is requested and how long it takes", session.verbose);
}

app::SessionRequest session_request(const SessionOptions& session) {
  using base::Error;
  using base::ErrorKind;
  const std::size_t wanted = session.profiles.size() + session.roles.size();
  if (wanted > 1) {
    throw Error(ErrorKind::usage, "more than one role is asked for, and one can be had at a time",
                {"run it once for each, with -p for the profile to write"});
  }
  if (session.request.no_role && !session.roles.empty()) {
    throw Error(ErrorKind::usage, "--role and --no-role exclude each other");
  }
  app::SessionRequest request = session.request;
  if (!session.profiles.empty()) request.profile = session.profiles.front();
  if (!session.roles.empty()) request.role = session.roles.front();
  return request;
}

}  // namespace cli
