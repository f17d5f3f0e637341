#include "app/sessions/prefetch.h"

#include "base/error.h"

namespace app {

std::vector<RoleAnswer> Prefetch::finish_roles(const std::string& serial_number,
                                               os::Messages& messages) {
  std::vector<RoleAnswer> answers;
  for (const auto& search : roles_) {
    try {
      answers.emplace_back(search->finish(serial_number, messages));
    } catch (const base::Error& error) {
      answers.emplace_back(error);
    }
  }
  return answers;
}

}  // namespace app
