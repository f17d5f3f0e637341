#include "app/doctor/check_context.h"
#include "aws/files/client_view.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <set>

namespace app {
namespace {

// What takes precedence over the profile that AWS_PROFILE names, or over every profile.
struct Shadow {
  const char* variable;
  const char* what;
};

constexpr std::array shadows = {
    Shadow{"AWS_ACCESS_KEY_ID",
           "Terraform, the AWS CLI and boto3 use the key in the environment and ignore "
           "AWS_PROFILE; the SDK for JavaScript does not"},
    Shadow{"AWS_SECURITY_TOKEN", "the AWS CLI prefers it to AWS_SESSION_TOKEN"},
    Shadow{"AWS_ACCESS_KEY", "only Terraform uses the key in it"},
    Shadow{"AWS_SECRET_KEY", "only Terraform uses the key in it"},
    Shadow{"AWS_WEB_IDENTITY_TOKEN_FILE",
           "Terraform and the AWS CLI use this identity and ignore AWS_PROFILE"},
    Shadow{"AWS_ROLE_ARN",
           "with AWS_WEB_IDENTITY_TOKEN_FILE it takes precedence over AWS_PROFILE in Terraform and "
           "the AWS CLI"},
    Shadow{
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "the credentials that it leads to are used instead of a profile without keys of its own"},
    Shadow{
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "the credentials that it leads to are used instead of a profile without keys of its own"},
};

void check_profile_variable(CheckContext& context, const char* variable) {
  const auto named = context.doors.environment.get(variable);
  if (!named || !context.shared || context.shared->has_profile(*named)) return;
  if (*named == context.settings.profile) {
    return context.warn(fmt::format("{} names {}, which has no session yet", variable, *named),
                        {"get one with: aws-session-token"});
  }
  context.fail(fmt::format("{} names {}, which is not a profile", variable, *named),
               {fmt::format("unset {}, or name one of: aws configure list-profiles", variable)});
}

}  // namespace

void check_variables(CheckContext& context) {
  const os::Environment& environment = context.doors.environment;
  for (const Shadow& shadow : shadows) {
    if (!environment.has(shadow.variable)) continue;
    context.warn(fmt::format("{} is set: {}", shadow.variable, shadow.what),
                 {fmt::format("unset {}, unless you set it on purpose", shadow.variable)});
  }
  if (environment.has("AWS_SESSION_TOKEN") && !environment.has("AWS_ACCESS_KEY_ID")) {
    context.warn("AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID", {"unset AWS_SESSION_TOKEN"});
  }
  check_profile_variable(context, "AWS_PROFILE");
  check_profile_variable(context, "AWS_DEFAULT_PROFILE");
  const auto profile = environment.get("AWS_PROFILE");
  const auto other = environment.get("AWS_DEFAULT_PROFILE");
  if (profile && other && *profile != *other) {
    context.warn(
        "AWS_DEFAULT_PROFILE differs from AWS_PROFILE: the AWS CLI v1 takes the former, "
        "all others the latter",
        {"unset AWS_DEFAULT_PROFILE"});
  }
}

namespace {

// The profile that is asked about, else the one that the clients would use, else the one that `get`
// writes.
std::string profile_in_use(const CheckContext& context) {
  if (!context.request.profile.empty()) return context.request.profile;
  const auto named = context.doors.environment.get("AWS_PROFILE");
  return named && context.shared->has_profile(*named) ? *named : context.settings.profile;
}

void tell_unusable(CheckContext& context, const std::string& profile, const std::string& client,
                   const std::string& why, bool to_everybody) {
  const bool role = !context.shared->text(profile, "role_arn").empty();
  context.say(to_everybody ? Finding::Status::failure : Finding::Status::warning,
              fmt::format("{} use profile {}: {}", client, profile, why),
              {role && !to_everybody
                   ? fmt::format("write a session beside it with: aws-session-token get {}; every "
                                 "client can use its profile",
                                 profile)
                   : "look at its section, and at the others with: aws configure list-profiles"});
}

// A profile is often missing because its section is named as in the other file.
void tell_missing(CheckContext& context, const std::string& profile) {
  const auto& sections = context.shared->config().sections();
  const auto found =
      std::find_if(sections.begin(), sections.end(),
                   [&](const aws::Section& section) { return section.name == profile; });
  if (found == sections.end()) return;  // reported where the role is looked for
  context.fail(fmt::format("{}, line {}: [{}] does not define a profile in this file",
                           context.display(context.paths.config), found->line + 1, profile),
               {fmt::format("write [profile {}]", profile)});
}

}  // namespace

// What other clients will use for the profile.
void check_clients(CheckContext& context) {
  if (!context.shared) return;
  const std::string profile = profile_in_use(context);
  if (!context.shared->has_profile(profile) && context.request.profile.empty()) {
    return context.ok(
        fmt::format("profile {} does not exist yet: aws-session-token will create it", profile));
  }
  if (!context.shared->has_profile(profile)) return tell_missing(context, profile);
  const auto views = aws::client_views(*context.shared, profile);
  std::set<std::string> taken;
  std::set<std::string> reasons;
  for (const aws::ClientView& view : views) {
    view.takes.empty() ? reasons.insert(view.why) : taken.insert(view.takes);
  }
  if (taken.size() == 1 && reasons.empty()) {
    // Whether AWS grants the role is reported by the checks of the role.
    const bool is_asked_for = !context.shared->text(profile, "role_arn").empty();
    return context.ok(fmt::format("for profile {} every client {} {}", profile,
                                  is_asked_for ? "asks AWS for" : "uses", *taken.begin()));
  }
  if (taken.empty() && reasons.size() == 1) {
    return tell_unusable(context, profile, "no client can", *reasons.begin(), true);
  }
  for (const aws::ClientView& view : views) {
    if (view.takes.empty()) {
      tell_unusable(context, profile, view.client + " cannot", view.why, taken.empty());
      continue;
    }
    // Nobody expects that clients which can all use a profile take different things from it.
    context.say(taken.size() > 1 ? Finding::Status::warning : Finding::Status::ok,
                fmt::format("for profile {}, {}: {}{}", profile, view.client, view.takes,
                            view.why.empty() ? "" : fmt::format(" ({})", view.why)));
  }
}

}  // namespace app
