#pragma once

#include "app/doctor/finding.h"
#include "base/json.h"

#include <string>
#include <vector>

namespace app {

// Runs all checks, one after the other; an error in one of them becomes its finding and does not
// stop the others. Without a code only look-ups are sent to AWS. With one, each role of the chain
// is assumed as well, and the sessions are discarded. Throws Interrupted only.
std::vector<Finding> examine(const DoctorRequest& request, const DoctorDoors& doors);

// {"check", "status", "what", "what_to_do"} of each.
void add_findings(const std::vector<Finding>& findings, base::JsonWriter& json);

// A bundle for a bug report, as JSON: the findings, the names of the AWS variables that are set,
// and the names of the sections and keys in the shared files, with values only of keys that never
// hold a secret. Comments and lines that are not `key = value` are left out.
std::string bug_report(const std::vector<Finding>& findings, const std::string& version,
                       const DoctorDoors& doors);

}  // namespace app
