#pragma once

#include "app/client/account.h"
#include "app/sessions/questions.h"
#include "aws/api/iam.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

// The user and the device whose codes are to be given to AWS.
struct MfaUser {
  std::string user_name;
  std::string serial_number;
};

struct MfaUserRequest {
  std::string user_name;             // empty: the owner of the key
  std::string serial_number;         // given outright: not looked up
  std::string likely_serial_number;  // the setting: a default where several devices are found
};

// Finds them by ListMFADevices, asking a person where several devices can be used. Where the
// look-up is not permitted, GetCallerIdentity gives the user and the device is guessed from the
// name, and that is said.
class MfaUserSearch {
 public:
  // Sends the first request, whose answer may come while a person types.
  MfaUserSearch(MfaUserRequest request, Account& account);
  // Waits for the rest. Throws Error{failed} when the user has no device that STS takes codes of.
  MfaUser finish(Questions& questions, os::Messages& messages);

 private:
  std::optional<std::vector<aws::iam::MfaDevice>> list_devices();

  MfaUserRequest request_;
  Account& account_;
  std::optional<AwsClient::Pending> first_page_;
};

}  // namespace app
