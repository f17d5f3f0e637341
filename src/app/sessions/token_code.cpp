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

base::WipedString TokenCodes::redeem(const std::function<aws::Call(const std::string& code)>& call,
                                     const aws::RequestFacts& facts, Account& account) {
  for (int sent = 0;;) {
    const std::string code = next_code();
    bool fresh = true;
    record([&] { fresh = spent_.enter(facts.serial_number, code, clock_.now()); });
    if (!fresh) {
      const std::string wait = base::format_duration(until_next_code(account.client.now()));
      if (another_after(fmt::format("this code was used already; the next one comes in {}", wait),
                        account)) {
        continue;
      }
      throw Error(ErrorKind::failed, "this MFA code was used already, and a code works once",
                  {fmt::format("the next one comes in {}", wait)});
    }
    Answer answer = account.client.call(call(code), account.key());
    const auto* failure = std::get_if<os::HttpFailure>(&answer);
    if (failure != nullptr && !failure->body_sent) {
      record([&] { spent_.take_back(facts.serial_number, code, clock_.now()); });
    }
    const auto reason = reason_for_another(answer);
    if (!reason || ++sent == max_codes || !another_after(*reason, account)) {
      return require(std::move(answer), facts);
    }
  }
}

std::string TokenCodes::next_code() {
  if (source_.given) return questions_.given_token_code(*source_.given);
  if (!source_.mfa_process.empty()) return code_from(source_.mfa_process, process_);
  if (!source_.whose.empty() && questions_.may_ask_again()) {
    questions_.remark(std::exchange(source_.whose, {}) + "\n");
  }
  return questions_.token_code();
}

// True when another code can be had: the person was told why, or the next step of the device is
// there.
bool TokenCodes::another_after(const std::string& reason, Account& account) {
  if (source_.given) return false;
  if (source_.mfa_process.empty()) {
    if (!questions_.may_ask_again()) return false;
    questions_.remark(reason + "\n");
    return true;
  }
  if (waited_) return false;
  waited_ = true;
  wait_for_next_code(account);
  return true;
}

void TokenCodes::wait_for_next_code(Account& account) {
  const base::Seconds wait = until_next_code(account.client.now()) + base::Seconds{1};
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

// The record is a help, not a condition: without it AWS itself refuses what is spent.
void TokenCodes::record(const std::function<void()>& change) {
  try {
    change();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    messages_.note(fmt::format("spent codes cannot be remembered: {}", error.what()));
  }
}

}  // namespace app
