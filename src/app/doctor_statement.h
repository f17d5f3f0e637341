#pragma once

#include "app/doctor_patient.h"

#include <string>

namespace app {

// The hint that hands out what a policy of the user lacks: the statement, in one line of JSON, for
// this user and, as far as it is known, this role.
std::string statement_to_add(const Patient& patient, const std::string& action);

// The same for a look-up that was refused; of an explicit deny it says that no statement helps.
std::string denied_hint(const Patient& patient, const aws::ApiError& refusal,
                        const std::string& action);

}  // namespace app
