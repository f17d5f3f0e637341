#pragma once

#include "app/doctor/finding.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace app {

// Every look there is, one after the other; what one of them throws is its finding and does not
// stop the others. Without a code nothing but look-ups goes to AWS, with one AssumeRole does too,
// for each role of a chain, and the sessions are thrown away. Throws Error{interrupted} only.
std::vector<Finding> examine(const DoctorRequest& request, const DoctorDoors& doors);

// {"check", "status", "what", "what_to_do"} of each.
nlohmann::ordered_json as_json(const std::vector<Finding>& findings);

// A bundle for a bug report, as JSON: the findings, the names of the AWS variables that are set,
// and of the shared files the names of sections and keys; values only of keys that are no secret by
// their nature. Comments and lines that are no `key = value` are left out.
std::string bug_report(const std::vector<Finding>& findings, const std::string& version,
                       const DoctorDoors& doors);

}  // namespace app
