#include "app/doctor/doctor.h"

#include "app/doctor/check_context.h"
#include "base/error.h"

#include <array>

namespace app {
namespace {

struct Check {
  const char* name;
  void (*run)(CheckContext& context);
};

// In this order, since later checks need what earlier ones have learned.
constexpr std::array checks = {
    Check{"files", check_files},
    Check{"settings", check_settings},
    Check{"variables", check_variables},
    Check{"sessions", check_sessions},
    Check{"files", check_writes},
    Check{"clients", check_clients},
    Check{"key", find_key},
    Check{"connection", check_connection},
    Check{"key", check_key},
    Check{"devices", check_devices},
    Check{"role", find_roles},
    Check{"role", check_request},
    Check{"role", check_trust_policies},
    Check{"code", try_code},
    Check{"permissions", check_permissions},
};

}  // namespace

std::vector<Finding> examine(const DoctorRequest& request, const DoctorDoors& doors) {
  std::vector<Finding> findings;
  CheckContext context{.request = request, .doors = doors, .findings = findings};
  for (const Check& check : checks) {
    context.check = check.name;
    try {
      check.run(context);
    } catch (const base::Error& error) {
      context.fail(error.what(), error.hints());
    }
  }
  return findings;
}

}  // namespace app
