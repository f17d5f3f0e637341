#pragma once

#include "app/aws_client.h"
#include "app/key_owner.h"
#include "app/questions.h"
#include "aws/credentials.h"

#include <string>

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
// name, and that is said. Throws Error{failed} when the user has no device that STS takes codes of.
MfaUser find_mfa_user(const MfaUserRequest& request, AwsClient& client, KeyOwner& owner,
                      const aws::AccessKey& key, Questions& questions, os::Talk& talk);

}  // namespace app
