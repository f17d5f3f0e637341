#include "app/commands/exec.h"

#include "app/commands/container_endpoint.h"
#include "app/commands/credential_server.h"
#include "app/commands/exec_plan.h"
#include "aws/files/overlay.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "os/locale.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// Before resolve_chain does: here a word too many is likely to be a command.
void require_profiles(const aws::SharedConfig& shared, const std::vector<std::string>& profiles) {
  for (const std::string& profile : profiles) {
    if (shared.has_profile(profile)) continue;
    std::vector<std::string> hints;
    if (const auto near = base::nearest(profile, shared.profiles())) {
      hints.push_back(fmt::format("did you mean {}?", *near));
    }
    hints.emplace_back(
        "a command stands behind --, as in: aws-session-token exec -- terraform plan");
    throw Error(ErrorKind::failed, fmt::format("there is no profile {}", profile),
                std::move(hints));
  }
}

// What the command's own helpers are to be told: known before a code is spent.
void require_passable(const SessionRequest& request, const os::Environment& environment) {
  aws::credential_process(request.roles);
  aws::credential_process(caller_words(request));
  aws::credential_process(session_words(request, environment));
  const std::vector<std::string> others = {request.region, request.source_profile};
  aws::credential_process(others);
}

// A role profile under a name that the clients disagree about cannot be answered for.
void tell_of_odd_names(const aws::SharedConfig& shared, os::Messages& messages) {
  for (const aws::Section& section : shared.config().sections()) {
    const std::string_view name = aws::profile_of(section.name, aws::FileKind::config);
    if (name.empty() || aws::is_profile_name(name) || !section.find("role_arn")) continue;
    messages.note(
        fmt::format("profile {} cannot be used inside exec: programs read its name in different "
                    "ways; use {}",
                    name, aws::profile_name_rule));
  }
}

}  // namespace

void Exec::run(const ExecRequest& request) {
  if (request.env_keys && request.serve) {
    throw Error(ErrorKind::usage, "--env-keys and --serve exclude each other",
                {"keys in the environment would beat the endpoint, and are not renewed: leave out "
                 "--env-keys, or --serve where a program cannot use an endpoint"});
  }
  const SharedFilePaths paths = shared_file_paths(environment_);
  const aws::SharedConfig shared = read_shared_config(files_, paths);
  const Settings settings = read_settings(environment_, files_);
  require_profiles(shared, request.session.profiles);
  require_passable(request.session, environment_);
  os::Launch launch;
  launch.command = command_of(request);
  const SessionRequest session = sessions_.with_role_of_environment(request.session, shared);
  std::vector<TargetSession> sessions = obtain(session, settings, shared);

  // First, so that the process beside the command never had in its memory what the rest needs.
  if (request.serve) serve(launch, session, settings, shared, sessions);
  const ExecPlan plan(session, settings, shared, environment_, sessions, request.env_keys);
  const Session& first = *sessions.front().session();
  aws::Overlay overlay = aws::overlay(read_shared_secrets(files_, paths),
                                      request.serve ? plan.bare() : plan.overlay());
  // Static keys of any profile would beat the endpoint.
  if (request.serve) overlay.credentials = "[session_token]\n";
  launch.variables.merge(plan.variables(paths));
  launch.memory_files.emplace_back("AWS_CONFIG_FILE", std::move(overlay.config));
  launch.memory_files.emplace_back("AWS_SHARED_CREDENTIALS_FILE", std::move(overlay.credentials));
  // For this program, when the command runs it. The line may contain a PIN, and `ps` shows the
  // environment of a process.
  if (!request.session.mfa_process.empty()) {
    launch.memory_files.emplace_back("AWSST_MFA_PROCESS_FILE",
                                     base::WipedString(request.session.mfa_process));
  }
  tell_of_odd_names(shared, messages_);
  if (request.env_keys) {
    messages_.note(fmt::format("the keys in the environment expire at {} and are not renewed",
                               os::local_time(first.credentials.expiration)));
  }
  if (request.command.empty()) {
    messages_.note(fmt::format("{} with profile {}; leave it with: exit", launch.command.front(),
                               plan.profile()));
  }
  process_.exec(launch);
}

// Beside the command, so that the command is still ourselves; renewed for the first profile or
// role.
void Exec::serve(os::Launch& launch, const SessionRequest& request, const Settings& settings,
                 const aws::SharedConfig& shared, std::vector<TargetSession>& sessions) {
  constexpr int digits = 64;  // of four bits each
  base::WipedString token;
  token.reserve(digits);
  for (int i = 0; i < digits; ++i) token += "0123456789abcdef"[random_.below(16)];

  const auto renew = [&](base::Seconds min_ttl) {
    SessionRequest again = request;
    again.profiles.resize(std::min<std::size_t>(again.profiles.size(), 1));
    again.roles.resize(again.profiles.empty() ? std::min<std::size_t>(again.roles.size(), 1) : 0);
    again.code.reset();
    again.code_on_input = false;
    again.renew = false;
    again.no_input = true;
    again.min_ttl = min_ttl;
    std::vector<TargetSession> renewed =
        sessions_.obtain(again, SessionUse{.lives_on_base = true, .tells_cut = false}, settings,
                         shared, [](std::span<const Target>) {});
    return std::get<Session>(std::move(renewed.front().outcome));
  };
  const std::string port = process_.start_sidecar([&](os::Sidecar& sidecar) {
    Session first = std::get<Session>(std::move(sessions.front().outcome));
    sessions.clear();  // of this process, which serves the first alone
    CredentialServer(clock_, messages_, renew).run(sidecar, std::move(first), base::Secret(token));
  });
  launch.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] =
      base::WipedString(fmt::format("http://127.0.0.1:{}{}", port, ContainerEndpoint::path));
  launch.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = std::move(token);
}

std::vector<std::string> Exec::command_of(const ExecRequest& request) {
  std::vector<std::string> command = request.command;
  if (command.empty()) {
    if (const auto profile = environment_.get("AWSST_EXEC")) {
      throw Error(ErrorKind::failed,
                  fmt::format("this shell runs inside exec already, with profile {}", *profile),
                  {"leave it first with: exit",
                   "a single command may run inside: aws-session-token exec PROFILE -- COMMAND"});
    }
    command = {environment_.get("SHELL").value_or("/bin/sh")};
  }
  process_.require_program(command.front());
  return command;
}

std::vector<TargetSession> Exec::obtain(const SessionRequest& request, const Settings& settings,
                                        const aws::SharedConfig& shared) {
  // What the command's own profiles live on as well.
  const SessionUse use{.lives_on_base = true, .tells_end = true};
  std::vector<TargetSession> sessions =
      sessions_.obtain(request, use, settings, shared, [](std::span<const Target>) {});
  if (const Error* error = sessions.front().error()) throw *error;
  for (const TargetSession& session : sessions) {
    if (const Error* error = session.error()) {
      messages_.note(fmt::format("{}: {}", session.target.name, error->what()));
    }
  }
  return sessions;
}

}  // namespace app
