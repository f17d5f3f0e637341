#pragma once

#include <string_view>

namespace cli {

// The headings of --help and of the manual pages, in their order.
enum class Group { role, code, key, session, policy, output, connection, general };

// What a value is, for whoever completes it.
enum class Value {
  none,  // a flag
  text,
  role,             // ARN, ACCOUNT:NAME, /path/NAME, profile or role name
  role_profile,     // a profile of the shared config file with a role_arn
  source_profile,   // one with a long-term key
  target_profile,   // one to write, or a pattern
  written_profile,  // one that this tool wrote
  user_name,
  serial_number,
  code,
  duration,
  region,
  url,
  file,
  policy_arn,
  shell_command,  // one line, for sh
  command,        // a program and its arguments
  setting,
  choice  // one of the words of `choices`
};

struct Option {
  std::string_view name;  // without the dashes
  char letter = 0;        // 0: there is no short form
  std::string_view placeholder = {};
  std::string_view help;  // one line of 48 columns
  Group group = Group::general;
  Value value = Value::none;
  bool is_repeatable = false;
  std::string_view choices = {};  // separated by blanks
};

// What a command takes besides options.
struct Operand {
  std::string_view placeholder;
  std::string_view help;
  Value value = Value::text;
  std::string_view choices = {};
};

// Every option that there is, by what it means: where two commands mean different things by one
// name, there are two rows. Commands list the ones that they take (command_table.cpp).
namespace option {

// Which role.
inline constexpr Option role = {
    .name = "role",
    .letter = 'r',
    .placeholder = "ROLE",
    .help = "ARN, ACCOUNT:NAME, /path/NAME, profile or name",
    .group = Group::role,
    .value = Value::role,
    .is_repeatable = true,
};
inline constexpr Option no_role = {
    .name = "no-role",
    .help = "the MFA session itself, without a role",
    .group = Group::role,
};
inline constexpr Option all_roles = {
    .name = "all",
    .help = "every role profile that the key can reach",
    .group = Group::role,
};

// The code.
inline constexpr Option code = {
    .name = "code",
    .letter = 'c',
    .placeholder = "CODE",
    .help = "the MFA code; - reads a line from standard input",
    .group = Group::code,
    .value = Value::code,
};
inline constexpr Option code_to_try = {
    .name = "code",
    .letter = 'c',
    .placeholder = "CODE",
    .help = "an MFA code, to try the roles with (uses it up)",
    .group = Group::code,
    .value = Value::code,
};
inline constexpr Option serial_number = {
    .name = "serial-number",
    .letter = 'n',
    .placeholder = "SERIAL",
    .help = "the MFA device: its ARN or serial number",
    .group = Group::code,
    .value = Value::serial_number,
};
inline constexpr Option mfa_process = {
    .name = "mfa-process",
    .placeholder = "COMMAND",
    .help = "a shell command that prints the code",
    .group = Group::code,
    .value = Value::shell_command,
};
inline constexpr Option no_input = {
    .name = "no-input",
    .help = "never ask: use the defaults, or exit with 4",
    .group = Group::code,
};

// The long-term key and whose it is.
inline constexpr Option username = {
    .name = "username",
    .letter = 'u',
    .placeholder = "NAME",
    .help = "IAM user; empty: the owner of the access key",
    .group = Group::key,
    .value = Value::user_name,
};
inline constexpr Option source_profile = {
    .name = "source-profile",
    .letter = 's',
    .placeholder = "PROFILE",
    .help = "the profile that holds the long-term key",
    .group = Group::key,
    .value = Value::source_profile,
};

// The session.
inline constexpr Option duration = {
    .name = "duration",
    .letter = 'd',
    .placeholder = "DURATION",
    .help = "45m, 12h, seconds, or max (default: 1h)",
    .group = Group::session,
    .value = Value::duration,
};
inline constexpr Option min_ttl = {
    .name = "min-ttl",
    .placeholder = "DURATION",
    .help = "reuse a session that lasts longer than this",
    .group = Group::session,
    .value = Value::duration,
};
inline constexpr Option renew = {
    .name = "renew",
    .help = "reuse no session: ask for a code",
    .group = Group::session,
};
inline constexpr Option session_name = {
    .name = "session-name",
    .placeholder = "NAME",
    .help = "role session name (default: the user name)",
    .group = Group::session,
    .value = Value::text,
};
inline constexpr Option external_id = {
    .name = "external-id",
    .placeholder = "ID",
    .help = "the external ID that the role's trust requires",
    .group = Group::session,
    .value = Value::text,
};
inline constexpr Option tag = {
    .name = "tag",
    .placeholder = "KEY=VALUE",
    .help = "session tag (repeatable)",
    .group = Group::session,
    .value = Value::text,
    .is_repeatable = true,
};
inline constexpr Option transitive_tag = {
    .name = "transitive-tag",
    .placeholder = "KEY",
    .help = "tag to pass on to chained roles (repeatable)",
    .group = Group::session,
    .value = Value::text,
    .is_repeatable = true,
};
inline constexpr Option source_identity = {
    .name = "source-identity",
    .placeholder = "NAME",
    .help = "who is behind the session, for CloudTrail",
    .group = Group::session,
    .value = Value::text,
};
inline constexpr Option policy = {
    .name = "policy",
    .placeholder = "FILE",
    .help = "session policy, in JSON",
    .group = Group::session,
    .value = Value::file,
};
inline constexpr Option policy_arn = {
    .name = "policy-arn",
    .placeholder = "ARN",
    .help = "managed session policy (repeatable)",
    .group = Group::session,
    .value = Value::policy_arn,
    .is_repeatable = true,
};

// What comes out, and where it goes.
inline constexpr Option target_profile = {
    .name = "profile",
    .letter = 'p',
    .placeholder = "NAME",
    .help = "profile to write (default: session_token)",
    .group = Group::output,
    .value = Value::target_profile,
};
inline constexpr Option link = {
    .name = "link",
    .help = "write a profile that renews itself, not keys",
    .group = Group::output,
};
inline constexpr Option overwrite = {
    .name = "overwrite",
    .help = "replace a profile that another tool wrote",
    .group = Group::output,
};
inline constexpr Option aws_cli_cache = {
    .name = "aws-cli-cache",
    .help = "store the session in the AWS CLI's cache, too",
    .group = Group::output,
};
inline constexpr Option env_keys = {
    .name = "env-keys",
    .help = "pass the keys as variables, too (never renewed)",
    .group = Group::output,
};
inline constexpr Option serve = {
    .name = "serve",
    .help = "serve the session from a local endpoint",
    .group = Group::output,
};
inline constexpr Option shell_format = {
    .name = "format",
    .placeholder = "FORMAT",
    .help = "sh, fish, powershell, dotenv or json",
    .group = Group::output,
    .value = Value::choice,
    .choices = "sh fish powershell dotenv json",
};
inline constexpr Option print = {
    .name = "print",
    .help = "print the URL, which signs in; open no browser",
    .group = Group::output,
};
inline constexpr Option destination = {
    .name = "destination",
    .placeholder = "SERVICE",
    .help = "page to open: ec2, s3, ... or a console URL",
    .group = Group::output,
    .value = Value::text,
};
inline constexpr Option json = {
    .name = "json",
    .help = "print JSON, without secrets",
    .group = Group::output,
};
inline constexpr Option prompt = {
    .name = "prompt",
    .help = "print one short line for a shell prompt",
    .group = Group::output,
};
inline constexpr Option report = {
    .name = "report",
    .placeholder = "FILE",
    .help = "write a report for a bug, without secrets",
    .group = Group::output,
    .value = Value::file,
};
inline constexpr Option all_written = {
    .name = "all",
    .help = "every profile that this tool wrote",
};
inline constexpr Option quiet = {
    .name = "quiet",
    .help = "print nothing but errors",
    .group = Group::output,
};
inline constexpr Option verbose = {
    .name = "verbose",
    .help = "print each request and how long it takes",
    .group = Group::output,
};

// The policies that the tool needs.
inline constexpr Option policy_format = {
    .name = "format",
    .placeholder = "FORMAT",
    .help = "json, or hcl for Terraform (default: json)",
    .group = Group::output,
    .value = Value::choice,
    .choices = "json hcl",
};
inline constexpr Option account = {
    .name = "account",
    .placeholder = "ID",
    .help = "account of users and unqualified roles",
    .group = Group::policy,
    .value = Value::text,
    .is_repeatable = true,
};
inline constexpr Option policy_user = {
    .name = "username",
    .letter = 'u',
    .placeholder = "NAME",
    .help = "this user only: NAME or /path/NAME",
    .group = Group::policy,
    .value = Value::user_name,
};
inline constexpr Option user_group = {
    .name = "group",
    .placeholder = "NAME",
    .help = "the group that gets the policy",
    .group = Group::policy,
    .value = Value::text,
};
inline constexpr Option partition = {
    .name = "partition",
    .placeholder = "NAME",
    .help = "aws, aws-cn, aws-us-gov, ...",
    .group = Group::policy,
    .value = Value::text,
};
inline constexpr Option mfa_age = {
    .name = "mfa-age",
    .placeholder = "DURATION",
    .help = "trust only codes younger than this",
    .group = Group::policy,
    .value = Value::duration,
};
inline constexpr Option allow_session_tags = {
    .name = "allow-session-tags",
    .help = "allow sts:TagSession, too",
    .group = Group::policy,
};
inline constexpr Option allow_source_identity = {
    .name = "allow-source-identity",
    .help = "allow sts:SetSourceIdentity, too",
    .group = Group::policy,
};
inline constexpr Option like_original = {
    .name = "like-original",
    .help = "the broad form: everyone's devices, every role",
    .group = Group::policy,
};

// How AWS is reached.
inline constexpr Option region = {
    .name = "region",
    .placeholder = "REGION",
    .help = "AWS Region of STS",
    .group = Group::connection,
    .value = Value::region,
};
inline constexpr Option endpoint_url = {
    .name = "endpoint-url",
    .placeholder = "URL",
    .help = "endpoint of STS and IAM",
    .group = Group::connection,
    .value = Value::url,
};
inline constexpr Option signin_endpoint = {
    .name = "signin-endpoint",
    .placeholder = "URL",
    .help = "sign-in endpoint of the console",
    .group = Group::connection,
    .value = Value::url,
};

// Of every command.
inline constexpr Option help = {
    .name = "help",
    .letter = 'h',
    .help = "show this help",
};
inline constexpr Option version = {
    .name = "version",
    .help = "show the version",
};

}  // namespace option
}  // namespace cli
