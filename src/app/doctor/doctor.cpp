#include "app/doctor/doctor.h"

#include "app/doctor/doctor_patient.h"
#include "base/error.h"

#include <array>

namespace app {
namespace {

struct Look {
  const char* name;
  void (*run)(Patient& patient);
};

// In this order: a later one needs what an earlier one has learned.
constexpr std::array looks = {
    Look{"files", look_at_files},
    Look{"settings", look_at_settings},
    Look{"variables", look_at_variables},
    Look{"sessions", look_at_sessions},
    Look{"clients", look_at_clients},
    Look{"key", look_for_the_key},
    Look{"connection", look_at_the_connection},
    Look{"key", look_at_the_key},
    Look{"devices", look_at_devices},
    Look{"role", look_for_the_roles},
    Look{"role", look_at_the_request},
    Look{"role", look_at_trust_policies},
    Look{"code", try_the_code},
    Look{"permissions", look_at_permissions},
};

}  // namespace

std::string name_of(Finding::Status status) {
  constexpr std::array names = {"ok", "likely", "unknown", "warning", "failure"};
  return names.at(static_cast<std::size_t>(status));
}

std::vector<Finding> examine(const DoctorRequest& request, const DoctorDoors& doors) {
  std::vector<Finding> findings;
  Patient patient{.request = request, .doors = doors, .findings = findings};
  for (const Look& look : looks) {
    patient.check = look.name;
    try {
      look.run(patient);
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::interrupted) throw;
      patient.fail(error.what(), error.hints());
    }
  }
  return findings;
}

}  // namespace app
