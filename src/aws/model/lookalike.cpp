#include "aws/model/lookalike.h"

#include "base/text.h"

#include <algorithm>

namespace aws {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view modhex = "cbdefghijklnrtuv";

bool is_in(std::string_view set, char c) noexcept { return set.find(c) != std::string_view::npos; }

bool has_one_of(std::string_view text, std::string_view set) noexcept {
  return text.find_first_of(set) != std::string_view::npos;
}

bool like_access_key_id(std::string_view text) noexcept {
  return (text.starts_with("AKIA") || text.starts_with("ASIA")) && text.size() >= 16 &&
         text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_in(capitals, c) || is_in(digits, c);
         });
}

bool like_secret_access_key(std::string_view text) noexcept {
  return text.size() == 40 && has_one_of(text, capitals) && has_one_of(text, small_letters) &&
         has_one_of(text, digits) && std::all_of(text.begin(), text.end(), [](char c) {
           return is_in(capitals, c) || is_in(small_letters, c) || is_in(digits, c) || c == '/' ||
                  c == '+';
         });
}

}  // namespace

Lookalike lookalike(std::string_view text) noexcept {
  if (like_access_key_id(text)) return Lookalike::access_key_id;
  if (like_secret_access_key(text)) return Lookalike::secret_access_key;
  if (text.size() == 6 && base::is_digits(text)) return Lookalike::token_code;
  if (text.size() >= 32 && text.size() <= 48 &&
      text.find_first_not_of(modhex) == std::string_view::npos) {
    return Lookalike::yubikey_otp;
  }
  return Lookalike::none;
}

std::string_view describe(Lookalike what) noexcept {
  switch (what) {
    case Lookalike::access_key_id:
      return "an access key ID";
    case Lookalike::secret_access_key:
      return "a secret access key";
    case Lookalike::token_code:
      return "an MFA code";
    case Lookalike::yubikey_otp:
      return "a YubiKey OTP";
    case Lookalike::none:
      break;
  }
  return {};
}

}  // namespace aws
