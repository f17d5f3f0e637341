#include "app/doctor/finding.h"

#include <array>

namespace app {

std::string name_of(Finding::Status status) {
  constexpr std::array names = {"ok", "likely", "unknown", "warning", "failure"};
  return names.at(static_cast<std::size_t>(status));
}

}  // namespace app
