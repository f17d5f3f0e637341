#include "app/commands/single_session.h"

#include "app/config/region.h"
#include "app/config/shared_files.h"
#include "aws/model/lookalike.h"
#include "base/error.h"

#include <fmt/core.h>

namespace app {
namespace {

void require_one_target(const SessionRequest& request) {
  if (request.profiles.size() + request.roles.size() <= 1) return;
  throw base::Error(base::ErrorKind::usage, "this command takes one PROFILE or role",
                    {"for several use: aws-session-token get, or exec"});
}

}  // namespace

SingleSession obtain_single(Sessions& sessions, os::Environment& environment, os::Files& files,
                            const SessionRequest& given, SessionUse use,
                            const Sessions::BeforeCode& before_code) {
  require_one_target(given);
  const Settings settings = read_settings(environment, files);
  const aws::SharedConfig shared = read_shared_config(files, shared_file_paths(environment));
  const SessionRequest request = sessions.with_role_of_environment(given, shared);
  if (use.greeting.empty()) {
    use.greeting_names_target = true;
    use.greeting = fmt::format("aws-session-token needs an MFA code for {}\n",
                               aws::shown(describe_target(request, settings)));
  }
  std::vector<TargetSession> results = sessions.obtain(request, use, settings, shared, before_code);
  const Regions regions(shared, environment, {request.region, settings.region, ""});
  const std::string region = regions.for_output(results.front().target.profile);
  return {std::move(results.front()), region};
}

std::string describe_target(const SessionRequest& request, const Settings& settings) {
  if (!request.profiles.empty()) return "profile " + request.profiles.front();
  if (request.no_role) return "the session itself";
  return "role " + (request.roles.empty() ? settings.role : request.roles.front());
}

}  // namespace app
