#include "app/config/settings.h"

#include "app/config/profile_pattern.h"
#include "app/config/shared_files.h"
#include "app/config/xdg_folder.h"
#include "aws/api/endpoint.h"
#include "aws/model/constraints.h"
#include "aws/model/lookalike.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <vector>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

struct Key {
  std::string name;
  void (*set)(Settings&, std::string_view);  // throws Error for a value that can never work
};

[[noreturn]] void refuse(std::string why) { throw Error(ErrorKind::usage, std::move(why)); }

void require(const std::optional<std::string>& objection) {
  if (objection) refuse(*objection);
}

base::Seconds duration(std::string_view text, const char* forms) {
  if (const auto parsed = base::parse_duration(text)) return *parsed;
  refuse(fmt::format("it takes {}", forms));
}

const std::vector<Key>& keys() {
  static const std::vector<Key> table = {
      {"username",
       [](Settings& s, std::string_view v) {
         require(aws::objection("ListMFADevices", "UserName", v));
         s.username = v;
       }},
      {"role", [](Settings& s, std::string_view v) { s.role = v; }},
      {"source_profile", [](Settings& s, std::string_view v) { s.source_profile = v; }},
      {"profile",
       [](Settings& s, std::string_view v) {
         require_profile_pattern(v);
         s.profile = v;
       }},
      {"serial_number",
       [](Settings& s, std::string_view v) {
         require(aws::objection("AssumeRole", "SerialNumber", v));
         s.serial_number = v;
       }},
      {"duration",
       [](Settings& s, std::string_view v) {
         if (v != "max") {
           const auto seconds = duration(v, "45m, 12h, a number of seconds, or max").count();
           require(aws::objection("AssumeRole", "DurationSeconds", seconds));
         }
         s.duration = v;
       }},
      {"session_duration",
       [](Settings& s, std::string_view v) {
         s.session_duration = duration(v, "45m, 12h or a number of seconds");
         const auto seconds = s.session_duration->count();
         require(aws::objection("GetSessionToken", "DurationSeconds", seconds));
       }},
      {"region",
       [](Settings& s, std::string_view v) {
         if (!aws::is_region_name(v)) refuse("a region looks like eu-central-1");
         s.region = v;
       }},
      {"mfa_process", [](Settings& s, std::string_view v) { s.mfa_process = v; }},
      {"min_ttl",
       [](Settings& s, std::string_view v) {
         s.min_ttl = duration(v, "45m, 12h or a number of seconds");
       }},
  };
  return table;
}

// What stands in the file, at its `place`, has failed; what is typed is wrong use.
ErrorKind kind_at(const std::string& place) {
  return place.empty() ? ErrorKind::usage : ErrorKind::failed;
}

const Key& known_key(std::string_view name, const std::string& place) {
  const auto key = std::find_if(keys().begin(), keys().end(),
                                [&](const Key& known) { return known.name == name; });
  if (key != keys().end()) return *key;
  std::vector<std::string> names;
  for (const Key& known : keys()) names.push_back(known.name);
  const auto near = base::nearest(name, names);
  throw Error(kind_at(place), fmt::format("{}there is no setting {}", place, base::printable(name)),
              {near ? fmt::format("did you mean {}?", *near)
                    : fmt::format("the settings are {}", base::join_words(names))});
}

void apply(Settings& settings, std::string_view name, std::string_view value,
           const std::string& place) {
  const Key& key = known_key(name, place);
  if (value.empty()) {
    // Nothing is what configure takes a setting away with; in the file a limit was meant.
    const bool is_limit = name.ends_with("duration");
    if (!is_limit || place.empty()) return;
    throw Error(kind_at(place), fmt::format("{}{} is empty", place, name),
                {"give it a value, or remove the line"});
  }
  try {
    key.set(settings, value);
  } catch (const Error& why) {
    throw impossible_setting(name, value, place, why);
  }
}

// [key PROFILE] says where a moved key rests.
void require_known(const aws::Section& section, const std::string& path) {
  if (section.name == "settings" || section.name.starts_with("key ")) return;
  throw Error(ErrorKind::failed,
              fmt::format("{}, line {}: there is no section [{}]", path, section.line + 1,
                          base::printable(section.name)),
              {"the settings stand in [settings]"});
}

}  // namespace

Error impossible_setting(std::string_view name, std::string_view value, const std::string& place,
                         const Error& why) {
  // A number of seconds may well have six digits.
  const bool is_time = name.ends_with("duration") || name == "min_ttl";
  const aws::Lookalike looks = is_time ? aws::Lookalike::none : aws::lookalike(value);
  std::vector<std::string> hints = {why.what()};
  hints.insert(hints.end(), why.hints().begin(), why.hints().end());
  return {kind_at(place),
          fmt::format("{}{} cannot be {}", place, name,
                      looks == aws::Lookalike::none
                          ? fmt::format("`{}`", base::printable(value))
                          : fmt::format("what looks like {}", aws::describe(looks))),
          std::move(hints)};
}

std::string settings_path(const os::Environment& environment) {
  return xdg_folder(environment, "XDG_CONFIG_HOME", "/.config") + "/aws-session-token/config";
}

Settings read_settings(const os::Environment& environment, os::Files& files) {
  Settings settings;
  const std::string path = settings_path(environment);
  const aws::SharedFile file = read_shared_file(files, path);
  for (const aws::Section& section : file.sections()) {
    require_known(section, path);
    if (section.name != "settings") continue;
    for (const aws::Property& property : section.properties()) {
      const std::string place = fmt::format("{}, line {}: ", path, property.line + 1);
      apply(settings, property.key, property.value, place);
      if (property.key == "role" && !property.value.empty()) settings.role_place = place;
    }
  }
  return settings;
}

std::vector<std::pair<std::string, std::string>> settings_set(const os::Environment& environment,
                                                              os::Files& files) {
  const aws::SharedFile file = read_shared_file(files, settings_path(environment));
  std::vector<std::pair<std::string, std::string>> all;
  for (const Key& key : keys()) {
    std::string value;
    for (const aws::Section& section : file.sections()) {
      const auto property = section.find(key.name);
      if (section.name == "settings" && property) value = property->value;
    }
    all.emplace_back(key.name, value);
  }
  return all;
}

std::string default_profile(const os::Environment& environment, os::Files& files) {
  for (const auto& [name, value] : settings_set(environment, files)) {
    if (name == "profile" && !value.empty()) return value;
  }
  return Settings{}.profile;
}

void require_setting(const std::string& name) { known_key(name, ""); }

Settings with_setting(const std::string& name, const std::string& value) {
  Settings settings;
  apply(settings, name, value, "");
  return settings;
}

}  // namespace app
