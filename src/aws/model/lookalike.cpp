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

enum class Kind { capital, small_letter, digit, sign, other };

Kind kind_of(char c) noexcept {
  if (is_in(capitals, c)) return Kind::capital;
  if (is_in(small_letters, c)) return Kind::small_letter;
  if (is_in(digits, c)) return Kind::digit;
  return c == '/' || c == '+' ? Kind::sign : Kind::other;
}

constexpr std::size_t secret_size = 40;

// Whether 40 characters of base64 fall into more words than a name or a path of that length has:
// "MyRole" is two, "wJaLr" is three. Of random ones, all but one in some ten thousand have eleven.
bool is_random(std::string_view text) noexcept {
  constexpr int least_words = 11;
  int words = 0;
  int capitals_in_a_row = 0;
  bool has_capital = false;
  bool has_small_letter = false;
  Kind last = Kind::sign;
  for (const char c : text) {
    const Kind kind = kind_of(c);
    has_capital = has_capital || kind == Kind::capital;
    has_small_letter = has_small_letter || kind == Kind::small_letter;
    const bool ends_capitals = kind == Kind::small_letter && last == Kind::capital;
    const bool begins_word =
        ends_capitals ? capitals_in_a_row > 1 : kind != last && kind != Kind::sign;
    words += begins_word ? 1 : 0;
    capitals_in_a_row = kind == Kind::capital ? capitals_in_a_row + 1 : 0;
    last = kind;
  }
  return words >= least_words && has_capital && has_small_letter;
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

bool is_access_key_id(std::string_view text) noexcept {
  constexpr std::size_t shortest = 16;  // of AWS's
  if (text.empty() || text.size() > 128) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const Kind kind = kind_of(c);
    return kind == Kind::capital || kind == Kind::digit ||
           (text.size() < shortest && (kind == Kind::small_letter || c == '_'));
  });
}

bool may_hold_secret(std::string_view text) noexcept {
  for (std::size_t begin = 0; begin + secret_size <= text.size(); ++begin) {
    const std::string_view window = text.substr(begin, secret_size);
    const auto other = std::find_if(window.begin(), window.end(),
                                    [](char c) { return kind_of(c) == Kind::other; });
    if (other == window.end() && is_random(window)) return true;
    // No 40 characters of base64 hold the other one.
    if (other != window.end()) begin += static_cast<std::size_t>(other - window.begin());
  }
  return false;
}

std::string shown(std::string_view text) {
  if (!may_hold_secret(text)) return base::printable(text);
  const auto is_base64 = [](char c) { return kind_of(c) != Kind::other; };
  std::string result;
  for (auto it = text.begin(); it != text.end();) {
    const auto end = std::find_if_not(it, text.end(), is_base64);
    const std::string_view run(it, end);
    result += may_hold_secret(run) ? "(left out)" : run;
    it = std::find_if(end, text.end(), is_base64);
    result.append(end, it);
  }
  return base::printable(result);
}

}  // namespace aws
