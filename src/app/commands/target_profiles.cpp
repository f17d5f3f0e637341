#include "app/commands/target_profiles.h"

#include "app/config/profile_pattern.h"
#include "aws/model/arn.h"
#include "base/error.h"
#include "base/text.h"

#include <fmt/core.h>
#include <map>

namespace app {
namespace {

// {account} of what is not a role, or of one that was not found.
constexpr std::string_view no_account = "none";

[[noreturn]] void refuse_pair(const Target& one, const Target& other, const std::string& profile) {
  const bool same_role = one.role_arn == other.role_arn;
  // Of what was not found the name alone is known, which may be the same in two paths.
  const bool is_known = !other.profile.empty() || !other.role_arn.empty();
  if (is_known && same_role && one.name == other.name && one.profile == other.profile) {
    throw base::Error(base::ErrorKind::usage,
                      fmt::format("{} {} was given twice",
                                  other.profile.empty() ? "role" : "profile", other.name),
                      {"give it once"});
  }
  const auto described = [&](const Target& target) {
    return same_role || target.role_arn.empty() ? target.name : target.role_arn;
  };
  throw base::Error(base::ErrorKind::usage,
                    fmt::format("{} and {} would both be written to profile {}", described(one),
                                described(other), profile),
                    {"give a pattern that tells them apart, such as -p '{account}-{name}'"});
}

}  // namespace

std::vector<std::string> target_profiles(std::span<const Target> targets,
                                         const std::string& pattern) {
  if (targets.size() > 1 && !has_placeholder(pattern)) {
    throw base::Error(base::ErrorKind::usage,
                      fmt::format("`{}` names one profile, and there are {} roles",
                                  base::printable(pattern), targets.size()),
                      {"give a pattern, such as -p '{name}-session' or -p '{account}-{name}'"});
  }
  std::vector<std::string> names;
  std::map<std::string, const Target*> taken;
  for (const Target& target : targets) {
    const auto arn = aws::parse_arn(target.role_arn);
    names.push_back(fill_in(pattern, target.name, arn ? arn->account : no_account));
    const auto [other, fresh] = taken.emplace(names.back(), &target);
    if (!fresh) refuse_pair(*other->second, target, names.back());
  }
  return names;
}

}  // namespace app
