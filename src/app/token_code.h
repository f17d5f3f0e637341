#pragma once

#include "app/aws_client.h"
#include "app/questions.h"

#include <functional>
#include <optional>
#include <string>

namespace app {

// Makes the one call that carries an MFA code and returns AWS's answer. The code is `given`, or
// asked for; a person whose code is refused, or lost on a broken connection, is asked for the next
// one, three codes in all. Throws Error{refused} for AWS's last word.
base::WipedString call_with_code(const std::function<aws::Call(const std::string& code)>& call,
                                 const std::optional<std::string>& given,
                                 const aws::RequestFacts& facts, const aws::AccessKey& key,
                                 AwsClient& client, Questions& questions);

}  // namespace app
