#pragma once

#include "app/client/account.h"
#include "app/config/access.h"
#include "app/config/role_choice.h"
#include "app/config/settings.h"
#include "app/config/shared_files.h"
#include "app/doctor/finding.h"
#include "aws/api/iam.h"
#include "aws/api/sts.h"
#include "os/messages.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// For the parts of the doctor only: what the checks share, and what each has learned for the next.
namespace app {

// Records what the parts of the tool would print beside their result.
class RecordedMessages : public os::Messages {
 public:
  void note(std::string_view line) override { notes.emplace_back(line); }
  void detail(std::string_view) override {}
  void progress(std::string_view) override {}
  std::vector<std::string> notes;
};

// One role on the way from the key to the session that is wanted.
struct RoleOnTheWay {
  aws::RoleStep step;  // as the profile has it
  aws::Arn arn;
  std::string name;                    // in findings: short, unless two have the same name
  std::optional<aws::iam::Role> seen;  // GetRole's answer
  aws::sts::AssumeRole request;        // what is sent for it, without the code
  bool is_wrong = false;               // it cannot be assumed under that ARN
  bool trust_suffices = false;         // its trust policy names its caller, in the same account
  bool is_open = false;                // it was assumed with the code
};

struct CheckContext {
  const DoctorRequest& request;
  const DoctorDoors& doors;
  std::vector<Finding>& findings;
  std::string check = {};  // the name of the current one

  SharedFilePaths paths = {};
  std::optional<aws::SharedConfig> shared = {};
  Settings settings = {};
  std::optional<RoleChoice> choice = {};
  RecordedMessages messages = {};
  std::unique_ptr<Account> account = {};
  bool iam_answers = false;
  bool iam_lost = false;                  // IAM does not answer: it is not asked again
  std::optional<bool> may_simulate = {};  // nothing: not tried yet
  std::optional<aws::Arn> user = {};      // whose key it is
  std::string serial_number = {};         // the device to use
  std::vector<RoleOnTheWay> roles = {};   // in the order in which they are assumed
  bool planned = false;                   // their requests are complete

  void say(Finding::Status status, std::string what, std::vector<std::string> what_to_do = {}) {
    findings.push_back({status, check, std::move(what), std::move(what_to_do)});
  }
  void ok(std::string what) { say(Finding::Status::ok, std::move(what)); }
  void likely(std::string what) { say(Finding::Status::likely, std::move(what)); }
  void unknown(std::string what, std::vector<std::string> what_to_do = {}) {
    say(Finding::Status::unknown, std::move(what), std::move(what_to_do));
  }
  void warn(std::string what, std::vector<std::string> what_to_do = {}) {
    say(Finding::Status::warning, std::move(what), std::move(what_to_do));
  }
  void fail(std::string what, std::vector<std::string> what_to_do = {}) {
    say(Finding::Status::failure, std::move(what), std::move(what_to_do));
  }
  std::string display(const std::string& path) const {
    return display_path(doors.environment, path);
  }

  std::string user_name() const { return std::string(aws::name_of(*user)); }
  // Who assumes the role of this index: the user, or the role before it.
  std::string caller_name(std::size_t i) const { return i == 0 ? user_name() : roles[i - 1].name; }
  aws::Arn caller_arn(std::size_t i) const { return i == 0 ? *user : roles[i - 1].arn; }
  bool is_own(const aws::Arn& arn) const { return arn.account == user->account; }
};

// What is known of a request that is signed with the long-term key.
aws::RequestFacts facts_of(const CheckContext& context, const std::string& operation);

// IAM's answer or refusal to the long-term key. Throws Error{failed} where no answer comes; from
// then on the checks that need IAM are skipped, so that this is reported once.
Answer ask_iam(CheckContext& context, const aws::Call& call);

// What is on this machine: doctor_files.cpp, doctor_writes.cpp,
// doctor_environment.cpp.
void check_files(CheckContext& context);
void check_settings(CheckContext& context);
void check_sessions(CheckContext& context);
void check_writes(CheckContext& context);
void check_variables(CheckContext& context);
void check_clients(CheckContext& context);

// What AWS says: doctor_account.cpp, doctor_role.cpp, doctor_trust.cpp, doctor_permissions.cpp,
// doctor_code.cpp. Each is skipped where an earlier one that it needs has failed.
void find_key(CheckContext& context);
void check_connection(CheckContext& context);
void check_key(CheckContext& context);
void check_devices(CheckContext& context);
void find_roles(CheckContext& context);
void check_request(CheckContext& context);
void check_trust_policies(CheckContext& context);
void check_permissions(CheckContext& context);
void try_code(CheckContext& context);

}  // namespace app
