#pragma once

#include "aws/files/profile.h"
#include "os/environment.h"
#include "os/files.h"

#include <string>

namespace app {

// Where the AWS clients keep their two files (SDKs and Tools Reference Guide, "Location of the
// shared config and credentials files"). Inside our own `exec` the real files are named by
// AWSST_CONFIG_FILE and AWSST_SHARED_CREDENTIALS_FILE, which win.
struct SharedFilePaths {
  std::string config;
  std::string credentials;
};

SharedFilePaths shared_file_paths(const os::Environment& environment);

// A file that is not there is empty.
aws::SharedFile read_shared_file(os::Files& files, const std::string& path);
// For looking things up: without any secret, so that it may be held through questions and requests
// (aws/files/without_secrets.h).
aws::SharedConfig read_shared_config(os::Files& files, const SharedFilePaths& paths);
// With them, to be let go of before a question is asked or a request made.
aws::SharedConfig read_shared_secrets(os::Files& files, const SharedFilePaths& paths);

// A path as people write one in a variable or in the shared files: `~/` at the front is the home
// folder, `$NAME` and `${NAME}` the value of a variable, as botocore has it; one that is not set
// stays as it is.
std::string expanded_path(const std::string& path, const os::Environment& environment);

// As another folder's process must name it; an empty one stays empty.
std::string absolute_path(const std::string& path, const os::Environment& environment);

// For people: the home folder as `~`.
std::string display_path(const os::Environment& environment, const std::string& path);

}  // namespace app
