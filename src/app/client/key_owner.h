#pragma once

#include "app/client/aws_client.h"
#include "aws/model/arn.h"
#include "aws/model/credentials.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace app {

// Who has signed, from the answer to GetCallerIdentity. Throws Error{failed} when it has no ARN.
aws::Arn parse_caller(base::WipedString& body);
// Throws Error{failed} unless the caller is an IAM user: nobody else has MFA codes to give.
void require_iam_user(const aws::Arn& caller);

// Whose key it is, asked of AWS at the first use and once: GetCallerIdentity needs no permission.
class KeyOwner {
 public:
  // `key` gives the key when it is first needed.
  KeyOwner(AwsClient& client, std::function<const aws::AccessKey&()> key)
      : client_(client), key_(std::move(key)) {}

  // Sends the question now, where the answer will be needed for certain.
  void start();
  // The user's ARN. Throws Error as AwsClient and as require_iam_user().
  const aws::Arn& arn();
  std::string user_name() { return std::string(aws::name_of(arn())); }

 private:
  AwsClient& client_;
  std::function<const aws::AccessKey&()> key_;
  std::optional<AwsClient::Pending> pending_;
  std::optional<aws::Arn> arn_;
};

}  // namespace app
