#pragma once

#include "aws/api/error.h"
#include "base/error.h"

namespace aws {

// The refusal as a sentence and what to do next: Error{refused}, or Error{failed} where the fault
// is not AWS's saying no. The only place where AWS's codes become hints.
base::Error explain(const ApiError& error, const RequestFacts& facts);

}  // namespace aws
