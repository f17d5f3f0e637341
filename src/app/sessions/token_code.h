#pragma once

#include "app/client/account.h"
#include "app/sessions/mfa_device.h"
#include "app/sessions/questions.h"
#include "app/sessions/spent_codes.h"
#include "aws/api/sts.h"
#include "os/process.h"

#include <functional>
#include <optional>
#include <string>

namespace app {

// Where codes come from: the first that is set, else a person is asked.
struct TokenCodeSource {
  std::optional<std::string> given;  // by --code
  bool on_input = false;             // a line of standard input has it
  std::string mfa_process;           // a line for the shell, which prints the code
  std::string whose = {};            // said to a person before the first question, unless empty
};

// A request that takes a code: AssumeRole, or GetSessionToken where there is no role.
struct CodeRequest {
  MfaUser user;
  std::optional<aws::sts::AssumeRole> role;
  bool role_seen = false;     // GetRole has answered for it
  base::Seconds duration{0};  // of GetSessionToken

  aws::Call with(const aws::sts::Mfa& mfa) const;
};

// Gets a code and gives it to AWS, once. A person whose code is refused, or lost on a broken
// connection, is asked for the next one, three in all; the user's own command is run again once,
// when the device shows the next code. A code that was given to AWS already is not sent again.
class TokenCodes {
 public:
  TokenCodes(TokenCodeSource source, Questions& questions, os::Process& process, os::Clock& clock,
             SpentCodes spent, Account& account, os::Messages& messages)
      : source_(std::move(source)),
        questions_(questions),
        process_(process),
        clock_(clock),
        spent_(std::move(spent)),
        account_(account),
        messages_(messages) {}

  // Sends the request and returns AWS's answer. Throws Error{refused} for AWS's last word,
  // Error{failed} for a code that is spent or cannot be recorded, or an answer that was lost.
  base::WipedString redeem(const CodeRequest& request);

 private:
  aws::sts::Mfa next(const std::string& serial_number);
  std::string next_code();
  void take_back(const aws::sts::Mfa& mfa);
  bool another_after(const std::string& reason);
  void wait_for_next_code();
  aws::RequestFacts facts_of(const CodeRequest& request) const;

  TokenCodeSource source_;
  Questions& questions_;
  os::Process& process_;
  os::Clock& clock_;
  SpentCodes spent_;
  Account& account_;
  os::Messages& messages_;
  bool waited_ = false;
};

}  // namespace app
