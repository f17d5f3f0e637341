#include "app/config/region.h"

#include <algorithm>
#include <initializer_list>

namespace app {
namespace {

std::string first_of(std::initializer_list<std::string> regions) {
  const auto named = std::find_if(regions.begin(), regions.end(),
                                  [](const std::string& region) { return !region.empty(); });
  return named == regions.end() ? std::string() : *named;
}

}  // namespace

std::string Regions::for_requests(const std::string& profile) const {
  return first_of({named_.option, of_variables(), of_profile(profile), named_.setting,
                   of_profile(named_.source_profile)});
}

std::string Regions::for_output(const std::string& profile) const {
  return first_of({named_.option, of_profile(profile), of_variables(), named_.setting});
}

std::string Regions::for_helper(const std::string& profile) const {
  return first_of({named_.option, of_profile(profile), of_variables(), named_.setting,
                   of_profile(named_.source_profile)});
}

std::string Regions::for_command(const std::string& profile, bool env_keys) const {
  if (!named_.option.empty()) return named_.option;
  return env_keys && of_variables().empty() ? for_output(profile) : std::string();
}

std::string Regions::of_profile(const std::string& profile) const {
  return std::string(shared_.text(profile, "region"));
}

std::string Regions::of_variables() const {
  return first_of({environment_.get("AWS_REGION").value_or(""),
                   environment_.get("AWS_DEFAULT_REGION").value_or("")});
}

}  // namespace app
