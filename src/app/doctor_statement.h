#pragma once

#include "app/doctor_patient.h"

#include <string>

namespace app {

// The hint that hands out what a policy of the user lacks: the statement, in one line of JSON, for
// this user and, as far as it is known, this role.
std::string statement_to_add(const Patient& patient, const std::string& action);

}  // namespace app
