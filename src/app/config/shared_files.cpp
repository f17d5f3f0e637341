#include "app/config/shared_files.h"

#include "aws/files/without_secrets.h"

namespace app {
namespace {

std::string expand_home(const os::Environment& environment, const std::string& path) {
  if (path == "~" || path.starts_with("~/")) return environment.home() + path.substr(1);
  return path;
}

std::string locate(const os::Environment& environment, const char* inside_exec,
                   const char* variable, const char* default_value) {
  if (const auto path = environment.get(inside_exec)) return *path;
  if (const auto path = environment.get(variable)) return expand_home(environment, *path);
  return expand_home(environment, default_value);
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

std::string absolute_path(const std::string& path, const os::Environment& environment) {
  return path.empty() || path.starts_with('/') ? path : environment.working_folder() + "/" + path;
}

std::string display_path(const os::Environment& environment, const std::string& path) {
  const std::string home = environment.home() + "/";
  return path.starts_with(home) ? "~/" + path.substr(home.size()) : path;
}

}  // namespace app
