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
         if (v != "max") duration(v);
         s.duration = v;
       }},
      {"session_duration",
       [](Settings& s, std::string_view v) { s.session_duration = duration(v); }},
      {"region", [](Settings& s, std::string_view v) { s.region = v; }},
      {"mfa_process", [](Settings& s, std::string_view v) { s.mfa_process = v; }},
  };
  return table;
}

void apply(Settings& settings, const aws::Property& property, const std::string& path) {
  const auto key = std::find_if(keys().begin(), keys().end(),
                                [&](const Key& k) { return k.name == property.key; });
  const std::string place = fmt::format("{}, line {}", path, property.line + 1);
  if (key == keys().end()) {
    std::vector<std::string> names;
    for (const Key& known : keys()) names.push_back(known.name);
    const auto near = base::nearest(property.key, names);
    throw Error(ErrorKind::failed,
                fmt::format("{}: there is no setting {}", place, base::printable(property.key)),
                {near ? fmt::format("did you mean {}?", *near)
                      : fmt::format("the settings are {}", base::join_words(names))});
  }
  if (property.value.empty()) return;
  try {
    key->set(settings, property.value);
  } catch (const std::invalid_argument& expected) {
    throw Error(
        ErrorKind::failed,
        fmt::format("{}: {} cannot be `{}`", place, key->name, base::printable(property.value)),
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
    for (const aws::Property& property : section.properties()) apply(settings, property, path);
  }
  return settings;
}

}  // namespace app
