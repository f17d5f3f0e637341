#pragma once

#include "aws/call.h"
#include "base/time.h"

#include <string>
#include <vector>

// The operations of AWS Identity and Access Management that the tool uses (IAM API Reference,
// version 2010-05-08). Builders check their parameters and throw Error{usage}; parsers throw
// Error{failed} when an answer lacks what it must hold.
namespace aws::iam {

// An empty user name means the owner of the signing key. `marker` is empty for the first page.
Call list_mfa_devices(const std::string& user_name, const std::string& marker);
Call get_role(const std::string& role_name);

struct MfaDevice {
  std::string user_name;
  std::string serial_number;
};
struct MfaDevicePage {
  std::vector<MfaDevice> devices;
  std::string marker;  // of the next page; empty on the last
};
MfaDevicePage parse_list_mfa_devices(base::WipedString& body);

struct Role {
  std::string arn;
  base::Seconds max_session_duration;  // one hour where AWS does not say
};
Role parse_get_role(base::WipedString& body);

}  // namespace aws::iam
