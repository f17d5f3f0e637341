#include "app/sessions/questions.h"

#include "aws/model/constraints.h"
#include "aws/model/lookalike.h"
#include "base/error.h"
#include "base/text.h"

#include <fmt/core.h>
#include <utility>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::chrono::milliseconds min_answer_time{3000};  // for a person to see a question at all

[[noreturn]] void throw_input_ended(const std::string& option) {
  throw Error(ErrorKind::unanswered, "the input ended where an answer is needed",
              {fmt::format("give it with {}", option)});
}

}  // namespace

std::string token_code(std::string_view text) {
  std::string code(text);
  std::erase_if(code, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  const aws::Lookalike kind = aws::lookalike(code);
  if (kind == aws::Lookalike::token_code) return code;
  std::string what = "an MFA code has six digits";
  if (code.empty()) {
    what += ", and nothing was given";
  } else if (kind != aws::Lookalike::none) {
    what += fmt::format("; this looks like {}", aws::describe(kind));
  } else if (!base::is_digits(code)) {
    what += "; this has other characters too: was it a password?";
  } else {
    what += fmt::format("; this has {}", code.size());
  }
  throw Error(ErrorKind::usage, what,
              {"read the code from the app or the token of your MFA device"});
}

void give_code(SessionRequest& request, const std::string& option) {
  request.code_on_input = option == "-";
  request.code.reset();
  if (!request.code_on_input) request.code = token_code(option);
}

Questions::Questions(os::Terminal& terminal, os::Clock& clock, bool no_input, std::string greeting,
                     std::optional<std::chrono::milliseconds> timeout)
    : terminal_(terminal), clock_(clock), no_input_(no_input), greeting_(std::move(greeting)) {
  if (timeout) gives_up_ = clock.monotonic() + *timeout;
}

std::string Questions::username(const std::string& default_value) {
  asked_username_ = true;
  std::string name;
  ask_until_taken([&] {
    name = ask_or("Username", default_value, "--username");
    if (!name.empty()) aws::check("ListMFADevices", "UserName", name);
  });
  return name;
}

void Questions::role(const std::string& default_value,
                     const std::function<void(const std::string&)>& take) {
  ask_until_taken([&] { take(ask_or("Role", default_value, "--role")); });
}

std::string Questions::mfa_device(const std::vector<std::string>& serial_numbers,
                                  std::size_t default_value) {
  if (no_input_) return serial_numbers[default_value];
  std::string list;
  for (std::size_t i = 0; i < serial_numbers.size(); ++i) {
    list += fmt::format("  {}  {}\n", i + 1, base::printable(serial_numbers[i]));
  }
  remark(list);
  std::size_t chosen = 0;
  ask_until_taken([&] {
    const std::string answer =
        ask_or("MFA device", std::to_string(default_value + 1), "--serial-number");
    const bool is_number = base::is_digits(answer) && answer.size() <= 3;
    chosen = is_number ? static_cast<std::size_t>(std::stoi(answer)) : 0;
    if (chosen >= 1 && chosen <= serial_numbers.size()) return;
    throw Error(ErrorKind::usage,
                fmt::format("choose an MFA device by its number, 1 to {}", serial_numbers.size()));
  });
  return serial_numbers[chosen - 1];
}

std::string Questions::token_code() {
  std::string code;
  ask_until_taken([&] { code = app::token_code(ask("Code: ", "--code")); });
  return code;
}

std::string Questions::token_code_on_input() {
  code_line_taken_ = true;
  terminal_.show("Code: ");  // standard input may be a terminal
  const auto line = terminal_.read_line();
  if (!line) throw_input_ended("--code");
  return app::token_code(*line);
}

void Questions::skip_token_code_on_input() {
  if (!code_line_taken_ && !terminal_.input_is_terminal()) terminal_.read_line();
}

void Questions::remark(const std::string& text) {
  terminal_.show(std::exchange(greeting_, {}) + text);
}

void Questions::ask_until_taken(const std::function<void()>& ask_and_take) {
  for (;;) {
    try {
      return ask_and_take();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::usage || !may_ask_again()) throw;
      remark(base::printable(error.what()) + "\n");
    }
  }
}

std::string Questions::ask(const std::string& prompt, const std::string& option) {
  if (no_input_) {
    throw Error(ErrorKind::unanswered, "an answer is needed, and --no-input forbids to ask",
                {fmt::format("give it with {}", option)});
  }
  remark("");
  std::optional<std::chrono::milliseconds> timeout;
  if (gives_up_) timeout = *gives_up_ - clock_.monotonic();
  if (timeout && *timeout < min_answer_time) {
    throw Error(ErrorKind::unanswered, "there is no time left to ask again");
  }
  const auto answer = terminal_.ask(prompt, timeout);
  if (!answer) throw_input_ended(option);
  return *answer;
}

std::string Questions::ask_or(const std::string& name, const std::string& default_value,
                              const std::string& option) {
  if (no_input_) return default_value;
  const std::string prompt = default_value.empty()
                                 ? fmt::format("{}: ", name)
                                 : fmt::format("{} [{}]: ", name, base::printable(default_value));
  const std::string answer(base::trim(ask(prompt, option)));
  return answer.empty() ? default_value : answer;
}

}  // namespace app
