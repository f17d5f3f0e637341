#include "app/client/key_owner.h"

#include "aws/api/sts.h"
#include "base/error.h"

#include <utility>

namespace app {

aws::Arn parse_caller(base::WipedString& body) {
  const aws::sts::CallerIdentity identity = aws::sts::parse_get_caller_identity(body);
  auto arn = aws::parse_arn(identity.arn);
  if (arn) return std::move(*arn);
  throw base::Error(base::ErrorKind::failed,
                    "the answer from AWS to GetCallerIdentity does not say who the caller is",
                    {"check that the endpoint is AWS's"});
}

void require_iam_user(const aws::Arn& caller) {
  if (aws::is_root(caller)) {
    throw base::Error(base::ErrorKind::failed,
                      "this is the root user's key, and root cannot assume a role",
                      {"use the access key of an IAM user, and delete the root user's"});
  }
  if (!aws::is_user(caller)) {
    throw base::Error(base::ErrorKind::failed, "the access key is not one of an IAM user",
                      {"name the profile that holds your long-term access key with -s"});
  }
}

void KeyOwner::start() {
  if (!pending_) pending_ = client_.start(aws::sts::get_caller_identity(), key_());
}

const aws::Arn& KeyOwner::arn() {
  if (arn_) return *arn_;
  start();
  aws::RequestFacts facts;
  facts.operation = "GetCallerIdentity";
  facts.access_key_id = key_().access_key_id;
  facts.region = client_.connection().sts.signing_region;
  AwsClient::Pending pending = *std::exchange(pending_, std::nullopt);
  base::WipedString body = require(client_.finish(std::move(pending), key_()), facts);
  aws::Arn arn = parse_caller(body);
  require_iam_user(arn);
  return arn_.emplace(std::move(arn));
}

}  // namespace app
