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

std::string code_from(const std::string& mfa_process, os::Process& process) {
  const os::ProcessResult result = process.run_shell(mfa_process);
  if (result.status != 0) {
    throw base::Error(base::ErrorKind::failed,
                      fmt::format("mfa_process ended with exit code {}", result.status),
                      {"run it by hand; it must print the code and nothing else"});
  }
  return token_code(result.output);
}

}  // namespace

base::WipedString call_with_code(const std::function<aws::Call(const std::string& code)>& call,
                                 const TokenCodeSource& source, const aws::RequestFacts& facts,
                                 const aws::AccessKey& key, AwsClient& client, Questions& questions,
                                 os::Process& process) {
  for (int attempt = 1;; ++attempt) {
    const std::string code = source.given ? questions.given_token_code(*source.given)
                             : source.mfa_process.empty() ? questions.token_code()
                                                          : code_from(source.mfa_process, process);
    Answer answer = client.call(call(code), key);
    const auto reason = reason_for_another(answer);
    const bool asked = !source.given && source.mfa_process.empty();
    const bool again = reason && asked && attempt < most_codes && questions.may_ask_again();
    if (!again) return require(std::move(answer), facts);
    questions.remark(*reason + "\n");
  }
}

}  // namespace app
