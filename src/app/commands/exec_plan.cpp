#include "app/commands/exec_plan.h"

#include "aws/api/endpoint.h"
#include "aws/model/arn.h"
#include "aws/output/session_variables.h"

#include <array>
#include <fmt/core.h>

namespace app {
namespace {

// Beside what conflicts with any session: what would make a client take other credentials, or other
// files, than the overlay's.
constexpr std::array conflicting_with_overlay = {
    "AWS_ACCESS_KEY_ID",   "AWS_SECRET_ACCESS_KEY",  "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_FILE", "AWS_SHARED_CONFIG_FILE", "AWS_SESSION_EXPIRATION"};

void add(std::vector<std::string>& words, const char* option, const std::string& value) {
  if (!value.empty()) words.push_back(fmt::format("--{}={}", option, value));
}

base::WipedString wiped(std::string_view text) { return base::WipedString(text); }

// Of a profile whose credential_process prints a long-term key.
void withhold_key(aws::OverlayPlan& plan, const std::string& profile) {
  plan.processes.try_emplace(profile);
}

}  // namespace

std::string ExecPlan::profile() const {
  return request_.profiles.empty() ? settings_.profile : request_.profiles.front();
}

aws::OverlayPlan ExecPlan::overlay() const {
  aws::OverlayPlan plan;
  for (const aws::Chain& chain : aws::assumable_profiles(shared_)) {
    const std::string& profile = chain.roles.back().profile;
    const bool is_printed = chain.source == aws::KeySource::credential_process;
    const bool named = is_printed || chain.source == aws::KeySource::profile;
    const bool same_key =
        chain.source == aws::KeySource::unnamed ||
        (named ? chain.source_profile == source_profile() : starts_from_environment());
    plan.processes[profile] = helper({profile}, profile, same_key, false);
    if (is_printed) withhold_key(plan, chain.source_profile);
  }
  const bool is_key_in_file =
      starts_from_environment() || aws::holds_long_term_key(shared_, source_profile());
  if (!is_key_in_file) withhold_key(plan, source_profile());
  for (const std::string& profile : request_.profiles) {
    std::vector<std::string> target = {profile};
    if (request_.no_role) target.emplace_back("--no-role");
    plan.processes[profile] = helper(target, profile, true, true);
  }
  // `session_token` stands for what was asked for; of several roles, each has its name as well.
  const std::size_t roles = sessions_.size() - request_.profiles.size();
  for (std::size_t i = 0; i < roles && roles > 1; ++i) {
    const std::string name = sessions_[request_.profiles.size() + i].target.name + "-session";
    if (aws::is_profile_name(name)) plan.processes[name] = helper(role_words(i), "", true, true);
  }
  plan.processes[settings_.profile] =
      roles > 0 ? helper(role_words(0), "", true, true) : plan.processes[request_.profiles.front()];
  plan.regions[settings_.profile] =
      regions().for_helper(request_.profiles.empty() ? "" : profile());
  std::erase_if(plan.regions, [](const auto& region) { return region.second.empty(); });
  return plan;
}

aws::OverlayPlan ExecPlan::bare() const {
  aws::OverlayPlan plan = overlay();
  plan.processes[profile()].clear();
  plan.processes[settings_.profile].clear();
  plan.without_keys = true;
  return plan;
}

// What to say for the role that was asked for outside of any profile. Without the long-term key it
// could not be looked up: then it is its ARN.
std::vector<std::string> ExecPlan::role_words(std::size_t role) const {
  const Target& target = sessions_[request_.profiles.size() + role].target;
  if (request_.no_role) return {"--no-role"};
  if (starts_from_environment() && !target.role_arn.empty() && target.profile.empty()) {
    return {"--role=" + target.role_arn};
  }
  return {"--role=" + (request_.roles.empty() ? settings_.role : request_.roles[role])};
}

std::string ExecPlan::helper(const std::vector<std::string>& target, const std::string& profile,
                             bool same_key, bool asked_for) const {
  std::vector<std::string> words = {environment_.program(), "credential-process"};
  words.insert(words.end(), target.begin(), target.end());
  add_options(words, same_key, asked_for);
  std::string region = regions().for_helper(profile);
  // Else it would take the one that the command gets for its first profile.
  if (region.empty() && !command_region().empty()) {
    const auto arn = aws::parse_arn(shared_.text(profile, "role_arn"));
    region = aws::default_region(arn ? arn->partition : "aws");
  }
  add(words, "region", region);
  return aws::credential_process(words);
}

void ExecPlan::add_options(std::vector<std::string>& words, bool same_key, bool asked_for) const {
  std::vector<std::string> more;
  if (same_key) {
    more = caller_words(request_);
    add(more, "source-profile", source_profile());
  }
  SessionRequest said = request_;
  for (const RoleOption& option : role_options()) {
    // How the roles that were asked for are assumed; every other profile says that itself.
    if (!asked_for && !option.profile_key.empty()) option.clear(said);
  }
  for (std::string& word : session_words(said, environment_)) more.push_back(std::move(word));
  words.insert(words.end(), more.begin(), more.end());
}

Regions ExecPlan::regions() const {
  return Regions(shared_, environment_, {request_.region, settings_.region, source_profile()});
}

std::string ExecPlan::command_region() const {
  return regions().for_command(request_.profiles.empty() ? "" : request_.profiles.front(),
                               env_keys_);
}

std::map<std::string, std::optional<base::WipedString>> ExecPlan::variables(
    const SharedFilePaths& real) const {
  const Session& session = *sessions_.front().session();
  std::map<std::string, std::optional<base::WipedString>> variables;
  // Unset, since an empty one is an error to some.
  for (const char* name : conflicting_with_overlay) variables[name] = std::nullopt;
  for (const std::string_view name : aws::conflicting_variables()) {
    variables[std::string(name)] = std::nullopt;
  }
  variables["AWS_PROFILE"] = wiped(profile());
  variables["AWS_SDK_LOAD_CONFIG"] = wiped("1");  // else older Go programs read no config file
  variables["AWS_CREDENTIAL_EXPIRATION"] =
      wiped(base::format_rfc3339(session.credentials.expiration));
  if (const std::string region = command_region(); !region.empty()) {
    variables["AWS_REGION"] = variables["AWS_DEFAULT_REGION"] = wiped(region);
  }
  if (env_keys_) {
    variables["AWS_ACCESS_KEY_ID"] = wiped(session.credentials.access_key_id);
    variables["AWS_SECRET_ACCESS_KEY"] = wiped(session.credentials.secret_access_key.reveal());
    variables["AWS_SESSION_TOKEN"] = wiped(session.credentials.session_token.reveal());
  }
  // For this program, when the command runs it.
  variables["AWSST_EXEC"] = wiped(profile());
  variables["AWSST_CONFIG_FILE"] = wiped(absolute_path(real.config, environment_));
  variables["AWSST_SHARED_CREDENTIALS_FILE"] = wiped(absolute_path(real.credentials, environment_));
  if (starts_from_environment()) {
    variables["AWSST_SOURCE_ACCESS_KEY_ID"] = wiped(sessions_.front().source_access_key_id);
  }
  return variables;
}

}  // namespace app
