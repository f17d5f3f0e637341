#pragma once

#include <string>
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

// Whether an access key ID may look so. AWS's have 16 to 128 capitals and digits; up to 15
// characters of any case, digits and `_` are what other servers than AWS's take ("test"). Never
// true for a secret access key: what this refuses is neither sent nor shown, since it may be one.
bool is_access_key_id(std::string_view text) noexcept;

// Whether a secret access key may stand anywhere in the text: 40 characters of base64 in a row that
// are not words, as those of names and paths are. True for all but one of some ten thousand
// secrets.
bool may_hold_secret(std::string_view text) noexcept;

// Text from a file, a server or a variable as a person may see it: base::printable(), and without
// what may be a secret access key. For texts that become part of a message, a table or JSON; never
// for what is to be used again.
std::string shown(std::string_view text);

}  // namespace aws
