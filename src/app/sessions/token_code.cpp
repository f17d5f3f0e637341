#include "app/sessions/token_code.h"

#include "base/error.h"

#include <fmt/core.h>
#include <utility>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int max_codes = 3;

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
    throw Error(ErrorKind::failed,
                fmt::format("mfa_process ended with exit code {}", result.status),
                {"run it by hand; it must print the code and nothing else"});
  }
  return token_code(result.output);
}

}  // namespace

aws::Call CodeRequest::with(const aws::sts::Mfa& mfa) const {
  return role ? aws::sts::assume_role(*role, mfa) : aws::sts::get_session_token(duration, mfa);
}

// From the answer to the question to the request: the code is checked where it is read
// (token_code()), entered among the spent ones, and part of this one request only.
base::WipedString TokenCodes::redeem(const CodeRequest& request) {
  for (int sent = 0;;) {
    const aws::sts::Mfa mfa = next(request.user.serial_number);
    Answer answer = account_.client.call(request.with(mfa), account_.key());
    const auto* failure = std::get_if<os::HttpFailure>(&answer);
    if (failure != nullptr && !failure->body_sent) {
      take_back(mfa);
    }
    const auto reason = reason_for_another(answer);
    if (!reason || ++sent == max_codes || !another_after(*reason)) {
      return require(std::move(answer), facts_of(request));
    }
  }
}

// A code that nobody gave to AWS yet.
aws::sts::Mfa TokenCodes::next(const std::string& serial_number) {
  for (;;) {
    aws::sts::Mfa mfa{serial_number, next_code()};
    if (spent_.enter(serial_number, mfa.token_code)) return mfa;
    const std::string wait = base::format_duration(until_next_code(account_.client.now()));
    if (another_after(fmt::format("this code was used already; the next one comes in {}", wait))) {
      continue;
    }
    throw Error(ErrorKind::failed, "this MFA code was used already, and a code works once",
                {fmt::format("the next one comes in {}", wait)});
  }
}

std::string TokenCodes::next_code() {
  if (source_.given) return *source_.given;
  if (source_.on_input) return questions_.token_code_on_input();
  if (!source_.mfa_process.empty()) return code_from(source_.mfa_process, process_);
  if (!source_.whose.empty() && questions_.may_ask_again()) {
    questions_.remark(std::exchange(source_.whose, {}) + "\n");
  }
  return questions_.token_code();
}

// True when another code can be had: the person was told why, or the next step of the device is
// there.
bool TokenCodes::another_after(const std::string& reason) {
  if (source_.given || source_.on_input) return false;
  if (source_.mfa_process.empty()) {
    if (!questions_.may_ask_again()) return false;
    questions_.remark(reason + "\n");
    return true;
  }
  if (waited_) return false;
  waited_ = true;
  wait_for_next_code();
  return true;
}

void TokenCodes::wait_for_next_code() {
  const base::Seconds wait = until_next_code(account_.client.now()) + base::Seconds{1};
  if (!questions_.may_ask_again()) {
    messages_.note(fmt::format("waiting {} for the next code", base::format_duration(wait)));
    return clock_.sleep(wait);
  }
  for (base::Seconds left = wait; left.count() > 0; left -= base::Seconds{1}) {
    questions_.remark(fmt::format("\rWaiting for the next code: {} s ", left.count()));
    clock_.sleep(base::Seconds{1});
  }
  questions_.remark("\n");
}

// At worst a code that was not sent counts as used.
void TokenCodes::take_back(const aws::sts::Mfa& mfa) {
  try {
    spent_.take_back(mfa.serial_number, mfa.token_code);
  } catch (const Error& error) {
    messages_.note(
        fmt::format("the code counts as used, although it was not sent: {}", error.what()));
  }
}

aws::RequestFacts TokenCodes::facts_of(const CodeRequest& request) const {
  aws::RequestFacts facts;
  facts.operation = request.role ? "AssumeRole" : "GetSessionToken";
  facts.access_key_id = account_.key().access_key_id;
  facts.user_name = request.user.user_name;
  facts.serial_number = request.user.serial_number;
  facts.region = account_.client.connection().sts.signing_region;
  facts.code_sent = true;
  facts.clock_offset = account_.client.clock_offset();
  if (!request.role) return facts;
  facts.role_arn = request.role->role_arn;
  facts.external_id_sent = !request.role->external_id.empty();
  facts.role_seen = request.role_seen;
  return facts;
}

}  // namespace app
