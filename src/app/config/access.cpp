#include "app/config/access.h"

#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

bool names_its_key(const RoleChoice& choice) {
  return choice.chain && choice.chain->source != aws::KeySource::unnamed;
}

std::string place_of(const aws::Chain& chain) {
  return chain.source == aws::KeySource::profile ? "profile " + chain.source_profile
                                                 : "the environment";
}

}  // namespace

Access find_access(const SessionRequest& request, const Settings& settings,
                   const aws::SharedConfig& shared, const os::Environment& environment,
                   std::span<const RoleChoice> choices, os::Messages& messages) {
  const auto leader = std::find_if(choices.begin(), choices.end(), names_its_key);
  const RoleChoice* const first = leader != choices.end() ? &*leader
                                  : choices.empty()       ? nullptr
                                                          : &choices.front();
  if (request.source_profile.empty() && leader != choices.end()) {
    const auto other = std::find_if(leader, choices.end(), [&](const RoleChoice& choice) {
      return names_its_key(choice) &&
             (choice.chain->source != leader->chain->source ||
              choice.chain->source_profile != leader->chain->source_profile);
    });
    if (other != choices.end()) {
      throw base::Error(
          base::ErrorKind::usage,
          fmt::format("{} starts from the key of {}, {} from that of {}: one code opens one key",
                      leader->profile, place_of(*leader->chain), other->profile,
                      place_of(*other->chain)),
          {"run it once for each key"});
    }
  }
  SourceKey source =
      find_source_key(shared, environment, settings, request.source_profile,
                      first != nullptr && first->chain ? &*first->chain : nullptr, messages);
  Connection connection =
      resolve_connection({.region = request.region,
                          .endpoint_url = request.endpoint_url,
                          .settings_region = settings.region,
                          .partition_hint = first != nullptr ? partition_of(*first) : "",
                          .profile = first != nullptr ? first->profile : "",
                          .source_profile = source.profile},
                         shared, environment);
  return {std::move(source), std::move(connection)};
}

}  // namespace app
