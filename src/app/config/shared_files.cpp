#include "app/config/shared_files.h"

#include "aws/files/without_secrets.h"
#include "base/text.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace app {
namespace {

// The variable's name at the front of what follows a `$`, and how much of the text it takes up;
// empty where there is none.
std::pair<std::string, std::size_t> name_in_front(std::string_view text) {
  if (text.starts_with('{')) {
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return {};
    return {std::string(text.substr(1, end - 1)), end + 1};
  }
  const auto end = std::find_if_not(text.begin(), text.end(),
                                    [](char c) { return base::is_letter_or_digit(c) || c == '_'; });
  return {std::string(text.begin(), end), static_cast<std::size_t>(end - text.begin())};
}

std::string locate(const os::Environment& environment, const char* inside_exec,
                   const char* variable, const char* default_value) {
  if (const auto path = environment.get(inside_exec)) return *path;
  return expanded_path(environment.get(variable).value_or(default_value), environment);
}

}  // namespace

SharedFilePaths shared_file_paths(const os::Environment& environment) {
  return {locate(environment, "AWSST_CONFIG_FILE", "AWS_CONFIG_FILE", "~/.aws/config"),
          locate(environment, "AWSST_SHARED_CREDENTIALS_FILE", "AWS_SHARED_CREDENTIALS_FILE",
                 "~/.aws/credentials")};
}

aws::SharedFile read_shared_file(os::Files& files, const std::string& path) {
  return aws::SharedFile(files.read(path).value_or(base::WipedString()));
}

aws::SharedConfig read_shared_config(os::Files& files, const SharedFilePaths& paths) {
  const auto read = [&](const std::string& path) {
    return aws::SharedFile(aws::without_secrets(files.read(path).value_or(base::WipedString())));
  };
  return {read(paths.config), read(paths.credentials)};
}

aws::SharedConfig read_shared_secrets(os::Files& files, const SharedFilePaths& paths) {
  return {read_shared_file(files, paths.config), read_shared_file(files, paths.credentials)};
}

std::string expanded_path(const std::string& path, const os::Environment& environment) {
  const bool from_home = path == "~" || path.starts_with("~/");
  std::string expanded = from_home ? environment.home() : "";
  for (std::size_t i = from_home ? 1 : 0; i < path.size(); ++i) {
    if (path[i] == '$') {
      const auto [name, length] = name_in_front(std::string_view(path).substr(i + 1));
      if (const auto value = name.empty() ? std::nullopt : environment.get(name)) {
        expanded += *value;
        i += length;
        continue;
      }
    }
    expanded += path[i];
  }
  return expanded;
}

std::string absolute_path(const std::string& path, const os::Environment& environment) {
  return path.empty() || path.starts_with('/') ? path : environment.working_folder() + "/" + path;
}

std::string display_path(const os::Environment& environment, const std::string& path) {
  const std::string home = environment.home() + "/";
  return path.starts_with(home) ? "~/" + path.substr(home.size()) : path;
}

}  // namespace app
