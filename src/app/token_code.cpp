#include "app/token_code.h"

#include "base/error.h"

#include <fmt/format.h>

namespace app {
namespace {

constexpr int most_codes = 3;

// What to tell a person before the next code; nothing when another code would not help.
std::optional<std::string> reason_for_another(const Answer& answer) {
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    if (!failure->body_sent) return std::nullopt;
    return fmt::format("{}; the code may be spent: wait for the next one", failure->what);
  }
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  if (refusal == nullptr) return std::nullopt;
  if (aws::is_code_refused(*refusal)) {
    return "AWS refused the MFA code; a code works once: wait for the next one on your device";
  }
  if (aws::is_clock_skew(*refusal)) {
    return "the clock of this machine was wrong; that is allowed for now: wait for the next code";
  }
  return std::nullopt;
}

}  // namespace

base::WipedString call_with_code(const std::function<aws::Call(const std::string& code)>& call,
                                 const std::optional<std::string>& given,
                                 const aws::RequestFacts& facts, const aws::AccessKey& key,
                                 AwsClient& client, Questions& questions) {
  for (int attempt = 1;; ++attempt) {
    const std::string code = given ? questions.given_token_code(*given) : questions.token_code();
    Answer answer = client.call(call(code), key);
    const auto reason = reason_for_another(answer);
    const bool again = reason && !given && attempt < most_codes && questions.may_ask_again();
    if (!again) return require(std::move(answer), facts);
    questions.remark(*reason + "\n");
  }
}

}  // namespace app
