#include "app/doctor/doctor_patient.h"

#include "base/error.h"

#include <fmt/core.h>
#include <variant>

namespace app {

aws::RequestFacts facts_of(const Patient& patient, const std::string& operation) {
  aws::RequestFacts facts;
  facts.operation = operation;
  facts.access_key_id = patient.account->key().access_key_id;
  facts.region = patient.account->client.connection().sts.signing_region;
  if (patient.user) facts.user_name = aws::name_of(*patient.user);
  return facts;
}

Answer ask_iam(Patient& patient, const aws::Call& call) {
  const std::string& origin = patient.account->client.connection().iam.origin;
  Answer answer = patient.account->client.call(call, patient.account->key());
  if (const auto* failure = std::get_if<os::HttpFailure>(&answer)) {
    patient.iam_lost = true;
    throw base::Error(base::ErrorKind::failed,
                      fmt::format("no answer from IAM at {}: {}", origin, failure->what),
                      failure->hints);
  }
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  const bool is_aws = refusal == nullptr || !refusal->code.empty();
  if (is_aws && !patient.iam_answers) {
    patient.iam_answers = true;
    patient.findings.push_back(
        {Finding::Status::ok, "connection", fmt::format("IAM answers at {}", origin), {}});
  }
  return answer;
}

}  // namespace app
