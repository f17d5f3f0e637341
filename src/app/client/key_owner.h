#pragma once

#include "app/client/aws_client.h"
#include "aws/model/arn.h"
#include "aws/model/credentials.h"

#include <optional>
#include <string>

namespace app {

// Whose key it is, asked of AWS at the first use and once: GetCallerIdentity needs no permission.
class KeyOwner {
 public:
  KeyOwner(AwsClient& client, const aws::AccessKey& key) : client_(client), key_(key) {}

  // Sends the question now, where the answer will be needed for certain.
  void start();
  // The user's ARN. Throws Error as AwsClient and, with a hint, for the root user.
  const aws::Arn& arn();
  std::string user_name() { return std::string(aws::name_of(arn())); }

 private:
  AwsClient& client_;
  const aws::AccessKey& key_;
  std::optional<AwsClient::Pending> pending_;
  std::optional<aws::Arn> arn_;
};

}  // namespace app
