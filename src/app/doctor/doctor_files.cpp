#include "app/commands/status.h"
#include "app/config/state_folder.h"
#include "app/doctor/check_context.h"
#include "app/sessions/session_cache.h"
#include "aws/files/session_profile.h"
#include "aws/files/shared_file_check.h"
#include "os/locale.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

namespace app {
namespace {

constexpr unsigned others_may_read = 0044;
constexpr unsigned others_may_write = 0022;

void check_mode(CheckContext& context, const std::string& path, const os::FileStatus& facts,
                bool holds_keys) {
  const std::string name = context.display(path);
  if (!facts.is_file) return context.fail(fmt::format("{} is not a file", name));
  if (!facts.ours) {
    context.warn(fmt::format("{} belongs to another user", name),
                 {"its owner can read what is written to it"});
  }
  if ((facts.mode & others_may_write) != 0) {
    context.fail(fmt::format("{} can be written by others (mode {:04o})", name, facts.mode),
                 {fmt::format("chmod 600 {}", name)});
  } else if (holds_keys && (facts.mode & others_may_read) != 0) {
    context.warn(fmt::format("{} can be read by others (mode {:04o})", name, facts.mode),
                 {fmt::format("chmod 600 {}", name)});
  }
}

// Whoever can write to the folder can put another file in the place of ours.
void check_folder(CheckContext& context, const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  const auto facts = context.doors.probe.status(folder);
  if (!facts) return;
  const std::string name = context.display(folder);
  if (!facts->ours) {
    context.warn(fmt::format("{} belongs to another user", name),
                 {"its owner can replace the files in it"});
  } else if ((facts->mode & others_may_write) != 0) {
    context.fail(fmt::format("{} can be written to by others (mode {:04o})", name, facts->mode),
                 {fmt::format("chmod go-w {}", name)});
  }
}

void check_lines(CheckContext& context, const std::string& path, const aws::SharedFile& file,
                 aws::FileKind kind) {
  const std::string name = context.display(path);
  const auto problems = aws::problems(file, kind);
  if (problems.empty()) return context.ok(fmt::format("every client reads {} the same way", name));
  for (const aws::FileProblem& problem : problems) {
    const std::string what = fmt::format("{}, line {}: {}", name, problem.line, problem.what);
    if (problem.harm == aws::Harm::refused) {
      context.fail(what,
                   {"fix the line: until then the AWS CLI and boto3 cannot read any profile"});
    } else {
      context.warn(what, {"write the line so that every client reads it the same way"});
    }
  }
}

void check_file(CheckContext& context, const std::string& path, const char* variable,
                const aws::SharedFile& file, aws::FileKind kind) {
  const auto facts = context.doors.probe.status(path);
  if (!facts) {
    if (!context.doors.environment.get(variable)) {
      return context.ok(fmt::format("{} does not exist", context.display(path)));
    }
    return context.fail(
        fmt::format("{} names {}, which does not exist", variable, context.display(path)),
        {fmt::format("unset {}, or create the file", variable)});
  }
  check_mode(context, path, *facts, kind == aws::FileKind::credentials);
  check_folder(context, path);
  check_lines(context, path, file, kind);
}

void report_valid(CheckContext& context, const std::vector<SessionStatus>& sessions) {
  std::optional<base::Time> first_end;
  for (const SessionStatus& session : sessions) {
    if (!session.expiration) continue;
    first_end = std::min(*session.expiration, first_end.value_or(*session.expiration));
  }
  const std::string end = first_end ? os::local_time(*first_end) : "";
  if (sessions.size() == 1) {
    context.ok(fmt::format("the session in profile {} is valid{}", sessions.front().profile,
                           first_end ? " until " + end : ""));
  } else if (!sessions.empty()) {
    context.ok(fmt::format("the sessions in {} profiles are valid{}", sessions.size(),
                           first_end ? ", the first until " + end : ""));
  }
}

}  // namespace

void check_files(CheckContext& context) {
  context.paths = shared_file_paths(context.doors.environment);
  context.shared.emplace(read_shared_config(context.doors.files, context.paths));
  check_file(context, context.paths.config, "AWS_CONFIG_FILE", context.shared->config(),
             aws::FileKind::config);
  check_file(context, context.paths.credentials, "AWS_SHARED_CREDENTIALS_FILE",
             context.shared->credentials(), aws::FileKind::credentials);
}

void check_settings(CheckContext& context) {
  context.settings = read_settings(context.doors.environment, context.doors.files);
}

// Sessions of ours that have expired, and what would keep us from writing a new one.
void check_sessions(CheckContext& context) {
  if (!context.shared) return;
  const base::Time now = context.doors.clock.now();
  std::vector<SessionStatus> valid;
  const StateFolder folder = find_state_folder(context.doors.environment, context.doors.files);
  if (!folder.problem.empty()) context.warn(folder.problem);
  SessionCache cache(context.doors.files, folder.path);
  for (const SessionStatus& session :
       session_statuses(*context.shared, cache.all(), now, context.settings,
                        context.doors.environment, context.doors.files)) {
    if (!session.in_file) continue;
    const bool ours = session.owner == SessionStatus::Owner::ours;
    if (session.expiration && *session.expiration <= now) {
      const std::string what = fmt::format("the session in profile {} expired at {}",
                                           session.profile, os::local_time(*session.expiration));
      if (ours) {
        context.warn(
            what, {"get a new one with: aws-session-token",
                   fmt::format("or remove it with: aws-session-token logout {}", session.profile)});
      } else {
        context.warn(what, {fmt::format("renew it with {}, which wrote it",
                                        session.manager.empty() ? "the tool" : session.manager)});
      }
    } else if (ours) {
      valid.push_back(session);
    }
  }
  report_valid(context, valid);
  const std::string& target = context.settings.profile;
  const bool linked = context.shared->in_config(target, "manager") == aws::manager;
  aws::require_writable_target(*context.shared, target, false,
                               linked ? aws::Writing::link : aws::Writing::keys);
}

}  // namespace app
