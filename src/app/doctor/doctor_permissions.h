#pragma once

#include "app/doctor/check_context.h"

#include <string>
#include <vector>

namespace app {

// What to do about a look-up that was refused: add the statement that the user's policies lack.
// Where AWS's simulation says that they allow it, or a policy denies it explicitly, no statement
// helps.
std::string denied_hint(CheckContext& context, const aws::ApiError& refusal,
                        const std::string& action, const std::vector<aws::Arn>& resources);

}  // namespace app
