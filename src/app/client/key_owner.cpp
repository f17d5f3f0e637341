#include "app/client/key_owner.h"

#include "aws/api/sts.h"
#include "base/error.h"

#include <utility>

namespace app {

void KeyOwner::start() {
  if (!pending_) pending_ = client_.start(aws::sts::get_caller_identity(), key_);
}

const aws::Arn& KeyOwner::arn() {
  if (arn_) return *arn_;
  start();
  aws::RequestFacts facts;
  facts.operation = "GetCallerIdentity";
  facts.access_key_id = key_.access_key_id;
  facts.region = client_.connection().sts.signing_region;
  AwsClient::Pending pending = *std::exchange(pending_, std::nullopt);
  base::WipedString body = require(client_.finish(std::move(pending), key_), facts);
  const aws::sts::CallerIdentity identity = aws::sts::parse_get_caller_identity(body);
  const auto arn = aws::parse_arn(identity.arn);
  if (arn && aws::is_root(*arn)) {
    throw base::Error(base::ErrorKind::failed,
                      "this is the root user's key, and root cannot assume a role",
                      {"use the access key of an IAM user, and delete the root user's"});
  }
  if (!arn || !aws::is_user(*arn)) {
    throw base::Error(base::ErrorKind::failed, "the access key is not one of an IAM user",
                      {"name the profile that holds your long-term access key with -s"});
  }
  return arn_.emplace(*arn);
}

}  // namespace app
