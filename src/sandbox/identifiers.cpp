#include "sandbox/identifiers.h"

namespace sandbox {
namespace {

constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hexadecimal = "0123456789abcdef";

std::string letters(std::string_view alphabet, int length, os::Random& random) {
  std::string text;
  for (int i = 0; i < length; ++i) {
    text += alphabet[random.below(static_cast<std::uint32_t>(alphabet.size()))];
  }
  return text;
}

}  // namespace

std::string make_id(std::string_view prefix, int length, os::Random& random) {
  return std::string(prefix) + letters(base32, length, random);
}

std::string make_access_key_id(std::string_view prefix, os::Random& random) {
  return make_id(prefix, 16, random);
}

std::string make_secret_access_key(os::Random& random) { return letters(base64, 40, random); }

// The form of 256 bytes; '/', '+' and '=' are always there, since every client must cope with them.
// The letter before "==" carries two bits only.
std::string make_session_token(os::Random& random) {
  return "IQoJb3JpZ2luX2VjE/+" + letters(base64, 322, random) + "A==";
}

std::string make_signin_token(os::Random& random) { return letters(base64url, 600, random); }

std::string make_totp_secret(os::Random& random) { return letters(base32, 64, random); }

std::string make_request_id(os::Random& random) {
  return letters(hexadecimal, 8, random) + '-' + letters(hexadecimal, 4, random) + "-4" +
         letters(hexadecimal, 3, random) + '-' + letters("89ab", 1, random) +
         letters(hexadecimal, 3, random) + '-' + letters(hexadecimal, 12, random);
}

std::string make_extended_request_id(os::Random& random) { return letters(base64, 64, random); }

}  // namespace sandbox
