#pragma once

#include "app/doctor/check_context.h"

#include <string>
#include <vector>

namespace app {

// What to do about a look-up that was refused: the statement that the user's policies lack; or,
// where AWS's simulation has them allow it, and of an explicit deny, that no statement helps.
std::string denied_hint(CheckContext& context, const aws::ApiError& refusal,
                        const std::string& action, const std::vector<aws::Arn>& resources);

}  // namespace app
