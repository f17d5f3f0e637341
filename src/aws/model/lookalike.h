#pragma once

#include <string_view>

namespace aws {

// What a person may type or paste into the wrong place. A guess from the shape alone: for speech,
// and to keep such text out of messages; never a reason to trust or to refuse a key.
enum class Lookalike {
  none,
  access_key_id,      // AKIA... or ASIA...: capitals and digits, 16 to 128 (IAM's AccessKey)
  secret_access_key,  // 40 characters of base64, of all three kinds; a role may be named so
  token_code,         // six digits
  yubikey_otp         // 32 to 48 letters of Yubico's modhex alphabet
};

Lookalike lookalike(std::string_view text) noexcept;
// With its article: "an access key ID". Empty for none.
std::string_view describe(Lookalike what) noexcept;

}  // namespace aws
