#include "cli/command.h"

#include <algorithm>
#include <array>

namespace cli {
namespace {

using namespace option;

// --help and --version, which every command takes, are added by the parser.

constexpr Operand role_profile = {"PROFILE", "a role profile of the shared config file",
                                  Value::role_profile};

// How any session is asked for. Each command adds its own.
template <std::size_t N>
constexpr auto session_options(const std::array<const Option*, N>& own) {
  constexpr std::array shared = {&role,        &no_role,    &code,           &serial_number,
                                 &mfa_process, &no_input,   &username,       &source_profile,
                                 &duration,    &min_ttl,    &renew,          &session_name,
                                 &external_id, &tag,        &transitive_tag, &source_identity,
                                 &policy,      &policy_arn, &region,         &endpoint_url};
  constexpr std::array talk = {&quiet, &verbose};
  std::array<const Option*, shared.size() + N + talk.size()> all = {};
  auto next = std::copy(shared.begin(), shared.end(), all.begin());
  next = std::copy(own.begin(), own.end(), next);
  std::copy(talk.begin(), talk.end(), next);
  return all;
}

constexpr std::array get_operands = {role_profile};
constexpr auto get_options = session_options(
    std::array{&all_roles, &target_profile, &link, &overwrite, &aws_cli_cache, &json});
constexpr std::array get_examples = {
    Example{"", "ask for the user name, the role and the code"},
    Example{"get prod staging", "two role profiles with one code"},
    Example{"-r PowerUser -d 8h -c 123456", "ask for the user name only"},
};

constexpr std::array exec_operands = {
    role_profile, Operand{"COMMAND", "what to run (default: your shell)", Value::command}};
constexpr auto exec_options = session_options(std::array{&env_keys, &serve});
constexpr std::array exec_examples = {
    Example{"exec prod -- terraform apply", "Terraform as the role of profile prod"},
    Example{"exec -r ReadOnly", "a shell as the role ReadOnly"},
};

constexpr std::array env_operands = {role_profile};
constexpr auto env_options = session_options(std::array{&shell_format});
constexpr std::array env_examples = {
    Example{"env prod --format dotenv > .env", "for a program that reads .env"},
};

constexpr std::array credential_process_operands = {role_profile};
constexpr auto credential_process_options = session_options(std::array<const Option*, 0>{});
constexpr std::array credential_process_examples = {
    Example{"credential-process prod", "credentials of profile prod, as JSON"},
};

constexpr std::array console_operands = {role_profile};
constexpr auto console_options =
    session_options(std::array{&destination, &print, &signin_endpoint});
constexpr std::array console_examples = {
    Example{"console prod --destination ec2", "EC2's page, as the role of prod"},
};

constexpr std::array status_options = {&json, &prompt};
constexpr std::array status_examples = {
    Example{"status --prompt", "\"prod 43 min\", for the shell prompt"},
};

constexpr std::array logout_operands = {
    Operand{"PROFILE", "a profile that this tool wrote", Value::written_profile}};
constexpr std::array logout_options = {&all_written, &quiet};
constexpr std::array logout_examples = {
    Example{"logout --all", "remove every session"},
};

constexpr std::array policy_operands = {Operand{
    "user|role", "for users or their group, or a role's trust", Value::choice, "user role"}};
constexpr std::array policy_options = {&role,
                                       &account,
                                       &policy_user,
                                       &user_group,
                                       &partition,
                                       &mfa_age,
                                       &allow_session_tags,
                                       &allow_source_identity,
                                       &like_original,
                                       &policy_format,
                                       &quiet};
constexpr std::array policy_examples = {
    Example{"policy user --group developers", "what the group's users must be allowed"},
    Example{"policy role --format hcl", "a trust policy, for Terraform"},
};

constexpr std::array doctor_operands = {role_profile};
constexpr std::array doctor_options = {
    &role,         &code_to_try, &serial_number, &source_profile, &duration,
    &session_name, &external_id, &tag,           &transitive_tag, &source_identity,
    &json,         &report,      &region,        &endpoint_url};
constexpr std::array doctor_examples = {
    Example{"doctor prod", "why does profile prod not work?"},
};

constexpr std::array configure_operands = {
    Operand{"NAME", "a setting (default: show all)", Value::setting},
    Operand{"VALUE", "its new value; '' removes it", Value::text}};
constexpr std::array configure_examples = {
    Example{"configure role PowerUser", "the default role"},
};

constexpr Command table[] = {
    {"get", "[OPTION]... [PROFILE]...", "Get sessions and write them to the credentials file.",
     run_get, get_options, get_operands, get_examples},
    {"exec", "[OPTION]... [PROFILE]... [-- COMMAND...]",
     "Run a command, or a shell, with self-renewing sessions.", run_exec, exec_options,
     exec_operands, exec_examples},
    {"env", "[OPTION]... [PROFILE]", "Print a session as environment variable assignments.",
     run_env, env_options, env_operands, env_examples},
    {"credential-process", "[OPTION]... [PROFILE]",
     "Print a session as JSON for a credential_process line.", run_credential_process,
     credential_process_options, credential_process_operands, credential_process_examples},
    {"console", "[OPTION]... [PROFILE]", "Sign in to the web console with a role session.",
     run_console, console_options, console_operands, console_examples},
    {"status",
     "[OPTION]...",
     "Show your sessions and the time that they have left.",
     run_status,
     status_options,
     {},
     status_examples},
    {"logout", "[OPTION]... [PROFILE]...", "Remove the sessions that this tool wrote and cached.",
     run_logout, logout_options, logout_operands, logout_examples},
    {"policy", "user|role [OPTION]...", "Print the IAM policies needed, as JSON or for Terraform.",
     run_policy, policy_options, policy_operands, policy_examples},
    {"doctor", "[OPTION]... [PROFILE]", "Find what will go wrong and say how to fix it.",
     run_doctor, doctor_options, doctor_operands, doctor_examples},
    {"configure",
     "[NAME [VALUE]]",
     "Show and change this tool's own settings.",
     run_configure,
     {},
     configure_operands,
     configure_examples},
};

}  // namespace

std::span<const Command> commands() { return table; }

}  // namespace cli
