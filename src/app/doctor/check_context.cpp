#include "app/doctor/check_context.h"

#include "base/error.h"

#include <fmt/core.h>
#include <variant>

namespace app {

aws::RequestFacts facts_of(const CheckContext& context, const std::string& operation) {
  aws::RequestFacts facts;
  facts.operation = operation;
  facts.access_key_id = context.account->key().access_key_id;
  facts.region = context.account->client.connection().sts.signing_region;
  if (context.user) facts.user_name = aws::name_of(*context.user);
  return facts;
}

Answer ask_iam(CheckContext& context, const aws::Call& call) {
  const std::string& origin = context.account->client.connection().iam.origin;
  Answer answer = context.account->client.call(call, context.account->key());
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    context.iam_lost = true;
    throw base::Error(base::ErrorKind::failed,
                      fmt::format("no answer from IAM at {}: {}", origin, failure->what),
                      failure->hints);
  }
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  const bool is_aws = refusal == nullptr || !refusal->code.empty();
  if (is_aws && !context.iam_answers) {
    context.iam_answers = true;
    context.findings.push_back(
        {Finding::Status::ok, "connection", fmt::format("IAM answers at {}", origin), {}});
  }
  return answer;
}

}  // namespace app
