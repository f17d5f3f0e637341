#pragma once

#include "app/access.h"
#include "app/account.h"
#include "app/doctor.h"
#include "app/role_choice.h"
#include "app/settings.h"
#include "app/shared_files.h"
#include "aws/iam.h"
#include "os/talk.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Between the parts of the doctor only: what the looks share, and what each has learned for the
// next.
namespace app {

// What the parts of the tool say beside their result, kept instead of said.
class KeptTalk : public os::Talk {
 public:
  void note(std::string_view line) override { notes.emplace_back(line); }
  void detail(std::string_view) override {}
  void progress(std::string_view) override {}
  std::vector<std::string> notes;
};

struct Patient {
  const DoctorRequest& request;
  const DoctorDoors& doors;
  std::vector<Finding>& findings;
  std::string check = {};  // the present one

  SharedFilePaths paths = {};
  std::optional<aws::SharedConfig> shared = {};
  Settings settings = {};
  std::optional<RoleChoice> choice = {};
  KeptTalk talk = {};
  std::unique_ptr<Account> account = {};
  bool reached = false;                     // AWS has answered
  std::optional<aws::Arn> user = {};        // whose key it is
  std::string serial_number = {};           // the device to use
  std::string role_arn = {};                // of the first role
  std::optional<aws::iam::Role> role = {};  // as GetRole has it

  void say(Finding::Status status, std::string what, std::vector<std::string> what_to_do = {}) {
    findings.push_back({status, check, std::move(what), std::move(what_to_do)});
  }
  void ok(std::string what) { say(Finding::Status::ok, std::move(what)); }
  void warn(std::string what, std::vector<std::string> what_to_do = {}) {
    say(Finding::Status::warning, std::move(what), std::move(what_to_do));
  }
  void fail(std::string what, std::vector<std::string> what_to_do = {}) {
    say(Finding::Status::failure, std::move(what), std::move(what_to_do));
  }
  std::string display(const std::string& path) const {
    return display_path(doors.environment, path);
  }
};

// What is on this machine: doctor_files.cpp, doctor_environment.cpp.
void look_at_files(Patient& patient);
void look_at_settings(Patient& patient);
void look_at_sessions(Patient& patient);
void look_at_variables(Patient& patient);
void look_at_clients(Patient& patient);

// What AWS says: doctor_account.cpp, doctor_role.cpp. Each is passed over where an earlier one has
// failed that it needs.
void look_for_the_key(Patient& patient);
void look_at_the_connection(Patient& patient);
void look_at_the_key(Patient& patient);
void look_at_devices(Patient& patient);
void look_for_the_role(Patient& patient);
void look_at_the_trust_policy(Patient& patient);
void look_at_permissions(Patient& patient);
void try_the_code(Patient& patient);

}  // namespace app
