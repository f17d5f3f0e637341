#pragma once

#include "os/random.h"

#include <string>
#include <string_view>

// Made-up identifiers and secrets in the forms that AWS gives them.
namespace sandbox {

// `prefix` and `length` more of A-Z2-7: AKIA (access key, 16), ASIA (temporary access key, 16),
// AIDA (user, 17), AROA (role, 17).
std::string make_id(std::string_view prefix, int length, os::Random& random);
std::string make_access_key_id(std::string_view prefix, os::Random& random);
std::string make_secret_access_key(os::Random& random);  // 40 characters of base64
std::string make_session_token(os::Random& random);      // 344 characters of padded base64
std::string make_signin_token(os::Random& random);       // 600 characters of base64url
std::string make_totp_secret(os::Random& random);        // 64 characters of base32
std::string make_request_id(os::Random& random);         // a version 4 UUID
std::string make_extended_request_id(os::Random& random);

}  // namespace sandbox
