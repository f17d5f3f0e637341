#include "app/commands/status.h"

#include "app/config/settings.h"
#include "app/config/state_folder.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session_table.h"
#include "os/locale.h"
#include "os/screen.h"

#include <algorithm>
#include <fmt/core.h>
#include <unistd.h>

namespace cli {
namespace {

using app::SessionStatus;
using Owner = app::SessionStatus::Owner;

constexpr base::Seconds hour{3600};
constexpr base::Seconds soon{15 * 60};
constexpr base::Seconds very_soon{5 * 60};

// How the table is drawn.
struct Look {
  bool colors = os::is_screen(STDOUT_FILENO);
  bool blocks = os::is_utf8_locale();
  std::size_t columns = static_cast<std::size_t>(os::screen_columns(STDOUT_FILENO));
};

std::string place_of(const SessionStatus& status) {
  if (status.owner == Owner::other_tool) {
    return status.manager.empty() ? "file (other tool)" : fmt::format("file ({})", status.manager);
  }
  if (status.linked) return "link";
  if (status.in_file && status.in_cache) return "file, cache";
  return status.in_file ? "file" : "cache";
}

// Six cells of ten minutes are the next hour, in every row: a bar that is not full tells what ends
// first.
std::string bar(base::Seconds left, bool blocks) {
  constexpr int cells = 6;
  const auto filled =
      std::clamp<long>((left.count() * cells + hour.count() - 1) / hour.count(), 0, cells);
  std::string text;
  for (int i = 0; i < cells; ++i) {
    text += i < filled ? (blocks ? "█" : "#") : (blocks ? "░" : ".");
  }
  return text;
}

std::string colored(const std::string& text, base::Seconds left, bool colors) {
  if (!colors) return text;
  const char* const color = left > soon ? "32" : left > very_soon ? "33" : "31";
  return fmt::format("\033[{}m{}\033[0m", color, text);
}

std::string left_of(const SessionStatus& status, base::Time now, const Look& look) {
  if (!status.expiration) return status.linked ? "renewed on use" : "unknown";
  const base::Seconds left = *status.expiration - now;
  return colored(bar(left, look.blocks), left, look.colors) + " " + base::format_duration(left);
}

std::string described_role(const SessionStatus& status) {
  if (!status.role_arn.empty()) return role_of(status.role_arn);
  if (status.owner == Owner::other_tool || !status.is_known) return "-";
  return status.user_name.empty() ? "MFA session" : fmt::format("MFA ({})", status.user_name);
}

void print_table(const std::vector<SessionStatus>& all, base::Time now) {
  const Look look;
  Table table({"PROFILE", "ACCOUNT", "ROLE", "STORED IN", "LEFT"});
  for (const SessionStatus& status : all) {
    table.add({status.profile.empty() ? "-" : status.profile, account_of(status.role_arn),
               described_role(status), place_of(status), left_of(status, now, look)});
  }
  std::string text;
  for (const std::string& line : table.lines(look.columns)) text += line + "\n";
  print(text);
}

// What people see: sessions that are over serve nobody.
void print_text(std::vector<SessionStatus> all, base::Time now, const Doors& doors,
                const app::StateFolder& folder) {
  const auto expired = std::erase_if(all, [&](const SessionStatus& status) {
    return status.expiration && *status.expiration <= now;
  });
  if (all.empty()) {
    print("There is no session. Get one with: aws-session-token\n");
  } else {
    print_table(all, now);
  }
  if (expired > 0) {
    print(
        fmt::format("{} expired session{} not shown.\n", expired, expired == 1 ? " is" : "s are"));
  }
  if (all.empty() || folder.path.empty()) return;
  print(fmt::format("The cache is {}, {}.\n",
                    aws::shown(app::display_path(doors.environment, folder.path)),
                    folder.in_memory ? "in memory: it is gone when you log out"
                                     : "on disk: no usable XDG_RUNTIME_DIR"));
}

void print_json(const std::vector<SessionStatus>& all, base::Time now, const std::string& cache) {
  base::JsonWriter json = json_writer();
  json.open_object().key("sessions").open_array();
  for (const SessionStatus& status : all) {
    json.open_object();
    if (!status.profile.empty()) json.member("profile", status.profile);
    if (!status.role_arn.empty()) json.member("role_arn", status.role_arn);
    if (!status.user_name.empty()) json.member("username", status.user_name);
    if (status.expiration) {
      json.member("expiration", base::format_rfc3339(*status.expiration));
      json.key("seconds_left").number(std::max<long>(0, (*status.expiration - now).count()));
    }
    json.key("in_file").boolean(status.in_file);
    json.key("in_cache").boolean(status.in_cache);
    json.key("linked").boolean(status.linked);
    json.key("ours").boolean(status.owner == Owner::ours).close();
  }
  json.close();
  if (!cache.empty()) json.member("cache", cache);
  print_document(json.close());
}

// "prod 43 min": without the seconds, which would be old at once.
void print_left(const std::string& profile, base::Seconds left) {
  const std::string time = left.count() <= 0   ? "expired"
                           : left.count() < 60 ? "< 1 min"
                                               : base::format_duration(left - left % 60);
  print(fmt::format("{} {}\n", aws::shown(profile), time));
}

// For the profile in use; nothing where it has no session.
void print_prompt(const std::vector<SessionStatus>& all, base::Time now,
                  const std::string& profile) {
  const SessionStatus* last = nullptr;
  for (const SessionStatus& status : all) {
    if (status.profile != profile || !status.expiration) continue;
    if (last == nullptr || *status.expiration > *last->expiration) last = &status;
  }
  if (last == nullptr) return;
  print_left(profile, *last->expiration - now);
}

// What is wrong with the settings is no reason to hide the sessions.
app::Settings readable_settings(const Doors& doors, bool quiet) {
  try {
    return app::read_settings(doors.environment, doors.files);
  } catch (const base::Error& error) {
    Notes(quiet, false).note(error.what());
    app::Settings defaults;
    defaults.profile = app::default_profile(doors.environment, doors.files);
    return defaults;
  }
}

}  // namespace

int run_status(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  bool json = false;
  bool prompt = false;
  Options options(command);
  options.bind("json", json);
  options.bind("prompt", prompt);
  if (!options.parse(arguments)) return 0;

  const app::SharedFilePaths paths = app::shared_file_paths(doors.environment);
  const app::StateFolder folder = app::find_state_folder(doors.environment, doors.files);
  if (!prompt && !folder.problem.empty()) os::StderrMessages(false, false).note(folder.problem);
  const base::Time now = doors.clock.now();
  const aws::SharedConfig shared = app::read_shared_config(doors.files, paths);
  const app::Settings settings = readable_settings(doors, prompt);
  const auto all = app::session_statuses(shared, app::SessionCache(doors.files, folder.path).all(),
                                         now, settings, doors.environment, doors.files);
  if (json) {
    print_json(all, now, folder.path);
  } else if (prompt) {
    // Inside exec the variable tells of the very session that the command uses.
    const auto inside = doors.environment.get("AWSST_EXEC");
    const auto end = doors.environment.get("AWS_CREDENTIAL_EXPIRATION");
    if (const auto time = inside && end ? base::parse_rfc3339(*end) : std::nullopt) {
      print_left(*inside, *time - now);
    } else {
      print_prompt(all, now, doors.environment.get("AWS_PROFILE").value_or(settings.profile));
    }
  } else {
    print_text(all, now, doors, folder);
  }
  return 0;
}

}  // namespace cli
