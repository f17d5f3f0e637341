#pragma once

#include "base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

// Time-based one-time codes (RFC 6238) as AWS's virtual MFA devices make them: SHA-1, 30 seconds,
// six digits.
namespace sandbox::totp {

// A step is a count of 30 seconds since 1970: a code belongs to exactly one.
std::uint64_t step_at(base::Time time) noexcept;

// The six digits of that step. `secret` is base32 (RFC 4648; case, blanks and padding do not
// matter). Throws Error{usage} when it is not.
std::string code(std::string_view secret, std::uint64_t step);

}  // namespace sandbox::totp
