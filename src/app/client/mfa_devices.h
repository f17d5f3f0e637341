#pragma once

#include "app/client/aws_client.h"
#include "aws/api/iam.h"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace app {

// Makes one call with the long-term key, and waits for its answer.
using Ask = std::function<Answer(const aws::Call& call)>;

// All pages of ListMFADevices, of the key's owner where no user is named; AWS's refusal where
// the user may not look. Throws Error as require(), and Error{failed} for a list that does not end.
std::variant<std::vector<aws::iam::MfaDevice>, aws::ApiError> list_mfa_devices(
    const std::string& user_name, const aws::RequestFacts& facts, const Ask& ask);

}  // namespace app
