#include "app/settings.h"

#include "app/shared_files.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

struct Key {
  std::string name;
  void (*set)(Settings&, std::string_view);  // throws std::invalid_argument for a wrong value
};

base::Seconds duration(std::string_view text) {
  const auto parsed = base::parse_duration(text);
  if (!parsed) throw std::invalid_argument("45m, 12h or a number of seconds");
  return *parsed;
}

const std::vector<Key>& keys() {
  static const std::vector<Key> table = {
      {"username", [](Settings& s, std::string_view v) { s.username = v; }},
      {"role", [](Settings& s, std::string_view v) { s.role = v; }},
      {"source_profile", [](Settings& s, std::string_view v) { s.source_profile = v; }},
      {"profile", [](Settings& s, std::string_view v) { s.profile = v; }},
      {"serial_number", [](Settings& s, std::string_view v) { s.serial_number = v; }},
      {"duration",
       [](Settings& s, std::string_view v) {
         if (v != "max" && !base::parse_duration(v)) {
           throw std::invalid_argument("45m, 12h, a number of seconds, or max");
         }
         s.duration = v;
       }},
      {"session_duration",
       [](Settings& s, std::string_view v) { s.session_duration = duration(v); }},
      {"region", [](Settings& s, std::string_view v) { s.region = v; }},
      {"mfa_process", [](Settings& s, std::string_view v) { s.mfa_process = v; }},
      {"min_ttl", [](Settings& s, std::string_view v) { s.min_ttl = duration(v); }},
  };
  return table;
}

const Key& known_key(std::string_view name, ErrorKind kind, const std::string& place) {
  const auto key = std::find_if(keys().begin(), keys().end(),
                                [&](const Key& known) { return known.name == name; });
  if (key != keys().end()) return *key;
  std::vector<std::string> names;
  for (const Key& known : keys()) names.push_back(known.name);
  const auto near = base::nearest(name, names);
  throw Error(kind, fmt::format("{}there is no setting {}", place, base::printable(name)),
              {near ? fmt::format("did you mean {}?", *near)
                    : fmt::format("the settings are {}", base::join_words(names))});
}

void apply(Settings& settings, std::string_view name, std::string_view value, ErrorKind kind,
           const std::string& place) {
  const Key& key = known_key(name, kind, place);
  if (value.empty()) return;
  try {
    key.set(settings, value);
  } catch (const std::invalid_argument& expected) {
    throw Error(kind, fmt::format("{}{} cannot be `{}`", place, key.name, base::printable(value)),
                {fmt::format("it takes {}", expected.what())});
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

std::string settings_path(const os::Environment& environment) {
  const std::string folder =
      environment.get("XDG_CONFIG_HOME").value_or(environment.home() + "/.config");
  return folder + "/aws-session-token/config";
}

Settings read_settings(const os::Environment& environment, os::Files& files) {
  Settings settings;
  const std::string path = settings_path(environment);
  const aws::SharedFile file = read_shared_file(files, path);
  for (const aws::Section& section : file.sections()) {
    require_known(section, path);
    if (section.name != "settings") continue;
    for (const aws::Property& property : section.properties()) {
      apply(settings, property.key, property.value, ErrorKind::failed,
            fmt::format("{}, line {}: ", path, property.line + 1));
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

void require_setting(const std::string& name) { known_key(name, ErrorKind::usage, ""); }

void write_setting(const os::Environment& environment, os::Files& files, const std::string& name,
                   const std::string& value) {
  Settings tried;
  apply(tried, name, value, ErrorKind::usage, "");
  const bool is_line = std::none_of(value.begin(), value.end(),
                                    [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
  if (!is_line) throw Error(ErrorKind::usage, "the value of a setting is one line");
  aws::SectionEdit edit;
  edit.profile = "settings";
  if (value.empty()) {
    edit.remove = {name};
  } else {
    edit.set.emplace_back(name, base::WipedString(value));
  }
  files.update(settings_path(environment), [&](base::WipedString bytes) {
    base::WipedString text =
        aws::edited(aws::SharedFile(std::move(bytes)), aws::FileKind::credentials, {&edit, 1});
    const aws::SharedFile file(text);
    for (const aws::Section& section : file.sections()) {
      const auto property = section.find(name);
      if (section.name != "settings" || !property || property->value == value) continue;
      throw Error(ErrorKind::usage, "the value cannot be written so that it is read back the same",
                  {"leave out blanks at its ends, and ` #` and ` ;`, which begin a comment"});
    }
    return text;
  });
}

}  // namespace app
