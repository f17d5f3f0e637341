#include "app/commands/status.h"
#include "app/config/state_folder.h"
#include "app/doctor/doctor_patient.h"
#include "app/sessions/session_cache.h"
#include "aws/files/session_profile.h"
#include "aws/files/shared_file_check.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

constexpr unsigned others_may_read = 0044;
constexpr unsigned others_may_write = 0022;

void look_at_mode(Patient& patient, const std::string& path, const os::FileFacts& facts,
                  bool holds_keys) {
  const std::string name = patient.display(path);
  if (!facts.is_file) return patient.fail(fmt::format("{} is no file", name));
  if (!facts.ours) {
    patient.warn(fmt::format("{} belongs to another user", name),
                 {"what is written there can be read by him"});
  }
  if ((facts.mode & others_may_write) != 0) {
    patient.fail(fmt::format("{} can be written by others (mode {:04o})", name, facts.mode),
                 {fmt::format("chmod 600 {}", name)});
  } else if (holds_keys && (facts.mode & others_may_read) != 0) {
    patient.warn(fmt::format("{} can be read by others (mode {:04o})", name, facts.mode),
                 {fmt::format("chmod 600 {}", name)});
  }
  for (const std::string& stray : facts.strays) {
    patient.warn(
        fmt::format("{} was left behind by an update that was killed", patient.display(stray)),
        {"it may hold keys; remove it, unless an aws-session-token is at work"});
  }
}

void look_at_lines(Patient& patient, const std::string& path, const aws::SharedFile& file,
                   aws::FileKind kind) {
  const std::string name = patient.display(path);
  const auto problems = aws::problems(file, kind);
  if (problems.empty()) return patient.ok(fmt::format("{} is read alike by every client", name));
  for (const aws::FileProblem& problem : problems) {
    const std::string what = fmt::format("{}, line {}: {}", name, problem.line, problem.what);
    if (problem.harm == aws::Harm::refused) {
      patient.fail(what,
                   {"mend the line; until then the AWS CLI and boto3 read no profile at all"});
    } else {
      patient.warn(what, {"write the line so that every client reads it alike"});
    }
  }
}

void look_at_file(Patient& patient, const std::string& path, const char* variable,
                  const aws::SharedFile& file, aws::FileKind kind) {
  const auto facts = patient.doors.look.look(path);
  if (!facts) {
    if (!patient.doors.environment.get(variable)) {
      return patient.ok(fmt::format("{} is not there", patient.display(path)));
    }
    return patient.fail(
        fmt::format("{} names {}, which is not there", variable, patient.display(path)),
        {fmt::format("unset {}, or make the file", variable)});
  }
  look_at_mode(patient, path, *facts, kind == aws::FileKind::credentials);
  look_at_lines(patient, path, file, kind);
}

void tell_of_the_living(Patient& patient, const std::vector<SessionStatus>& sessions) {
  std::optional<base::Time> first_end;
  for (const SessionStatus& session : sessions) {
    if (!session.expiration) continue;
    first_end = std::min(*session.expiration, first_end.value_or(*session.expiration));
  }
  const std::string end = first_end ? base::format_rfc3339(*first_end) : "";
  if (sessions.size() == 1) {
    patient.ok(fmt::format("the session in profile {} lives{}", sessions.front().profile,
                           first_end ? " until " + end : ""));
  } else if (!sessions.empty()) {
    patient.ok(fmt::format("the sessions in {} profiles live{}", sessions.size(),
                           first_end ? ", the first until " + end : ""));
  }
}

}  // namespace

void look_at_files(Patient& patient) {
  patient.paths = shared_file_paths(patient.doors.environment);
  patient.shared.emplace(read_shared_config(patient.doors.files, patient.paths));
  look_at_file(patient, patient.paths.config, "AWS_CONFIG_FILE", patient.shared->config(),
               aws::FileKind::config);
  look_at_file(patient, patient.paths.credentials, "AWS_SHARED_CREDENTIALS_FILE",
               patient.shared->credentials(), aws::FileKind::credentials);
}

void look_at_settings(Patient& patient) {
  patient.settings = read_settings(patient.doors.environment, patient.doors.files);
}

// What is written by us and is over, and what would keep us from writing.
void look_at_sessions(Patient& patient) {
  if (!patient.shared) return;
  const base::Time now = patient.doors.clock.now();
  std::vector<SessionStatus> living;
  SessionCache cache(patient.doors.files,
                     state_folder(patient.doors.environment, patient.doors.files));
  for (const SessionStatus& session :
       session_statuses(*patient.shared, cache.all(), now, patient.settings,
                        patient.doors.environment, patient.doors.files)) {
    if (!session.in_file) continue;
    const bool ours = session.owner == SessionStatus::Owner::ours;
    if (session.expiration && *session.expiration <= now) {
      const std::string what =
          fmt::format("the session in profile {} is over since {}", session.profile,
                      base::format_rfc3339(*session.expiration));
      if (ours) {
        patient.warn(
            what, {"get a new one with: aws-session-token",
                   fmt::format("or remove it with: aws-session-token logout {}", session.profile)});
      } else {
        patient.warn(what, {fmt::format("renew it with {}, which wrote it",
                                        session.manager.empty() ? "the tool" : session.manager)});
      }
    } else if (ours) {
      living.push_back(session);
    }
  }
  tell_of_the_living(patient, living);
  const std::string& target = patient.settings.profile;
  const bool linked = patient.shared->in_config(target, "manager") == aws::manager;
  aws::require_writable_target(*patient.shared, target, false,
                               linked ? aws::Writing::link : aws::Writing::keys);
}

}  // namespace app
