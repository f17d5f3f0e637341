#pragma once

#include "app/aws_client.h"
#include "app/questions.h"
#include "os/process.h"

#include <functional>
#include <optional>
#include <string>

namespace app {

// Where the code comes from: the first that is set, else a person is asked.
struct TokenCodeSource {
  std::optional<std::string> given;  // -c; "-" stands for a line of standard input
  std::string mfa_process;           // a line for the shell, which prints the code
};

// Makes the one call that carries an MFA code and returns AWS's answer. A person whose code is
// refused, or lost on a broken connection, is asked for the next one, three codes in all. Throws
// Error{refused} for AWS's last word.
base::WipedString call_with_code(const std::function<aws::Call(const std::string& code)>& call,
                                 const TokenCodeSource& source, const aws::RequestFacts& facts,
                                 const aws::AccessKey& key, AwsClient& client, Questions& questions,
                                 os::Process& process);

}  // namespace app
