#include "app/commands/configure.h"

#include "app/config/role_choice.h"
#include "app/config/settings.h"
#include "app/config/shared_files.h"
#include "base/error.h"

#include <algorithm>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// A profile that is not whole yet may be so when it is used.
void require_role(const aws::SharedConfig& shared, const Settings& settings) {
  try {
    choose_role(shared, settings);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) throw;
  }
}

}  // namespace

void write_setting(const os::Environment& environment, os::Files& files, const std::string& name,
                   const std::string& value) {
  const Settings tried = with_setting(name, value);
  if (name == "role" && !value.empty()) {
    require_role(read_shared_config(files, shared_file_paths(environment)), tried);
  }
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
