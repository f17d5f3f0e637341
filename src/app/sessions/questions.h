#pragma once

#include "app/config/session_request.h"
#include "os/clock.h"
#include "os/terminal.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app {

// The questions of the main job, in the words of the contract. A person is asked on the terminal,
// below a greeting; from a pipe the answers are read a line each, without prompts. Each throws
// Error{unanswered} at the end of input, when the patience is over, and with --no-input where there
// is no default. An answer that cannot be meant is asked again on a terminal, and Error{usage}
// elsewhere.
class Questions {
 public:
  // `patience` is for all the questions together, from now on: whoever called this program gives
  // up after that.
  Questions(os::Terminal& terminal, os::Clock& clock, bool no_input, std::string greeting,
            std::optional<std::chrono::milliseconds> timeout = {});

  bool may_ask_again() const { return !no_input_ && terminal_.is_interactive(); }
  std::string username(const std::string& default_value);
  bool asked_username() const { return asked_username_; }
  // `take` throws Error{usage} for an answer that cannot be meant; every other error ends the run.
  void role(const std::string& default_value, const std::function<void(const std::string&)>& take);
  // The chosen one of several serial numbers, `standard` being the index that Enter takes.
  std::string mfa_device(const std::vector<std::string>& serial_numbers, std::size_t default_value);
  std::string token_code();  // as app::token_code()
  // The code on the line of standard input that `--code -` promises.
  std::string token_code_on_input();
  // Takes that line where its code turned out not to be needed: what follows it is somebody else's.
  void skip_token_code_on_input();
  // A word between two questions, to a person only.
  void remark(const std::string& text);

 private:
  void ask_until_taken(const std::function<void()>& ask_and_take);
  std::string ask(const std::string& prompt, const std::string& option);
  std::string ask_or(const std::string& name, const std::string& default_value,
                     const std::string& option);

  os::Terminal& terminal_;
  os::Clock& clock_;
  bool no_input_;
  std::string greeting_;  // until it was shown
  bool asked_username_ = false;
  bool code_line_taken_ = false;
  std::optional<std::chrono::milliseconds> gives_up_;  // on the monotonic clock
};

// The six digits of an MFA code, without the blanks that many apps show in it. Throws Error{usage}
// saying what was given where six digits belong; never repeats it.
std::string token_code(std::string_view text);

// Enters what the option --code says: six digits, or `-`. Throws as token_code().
void give_code(SessionRequest& request, const std::string& option);

}  // namespace app
