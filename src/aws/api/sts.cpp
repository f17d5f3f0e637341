#include "aws/api/sts.h"

#include "aws/api/xml.h"
#include "aws/model/constraints.h"
#include "base/error.h"

#include <fmt/core.h>

namespace aws::sts {
namespace {

// Collects an operation's parameters; the ones that are empty are left out.
class Parameters {
 public:
  explicit Parameters(std::string operation) {
    call_.service = Service::sts;
    call_.operation = std::move(operation);
  }

  Parameters& add(const std::string& parameter, const std::string& value) {
    if (value.empty()) return *this;
    check(call_.operation, parameter, value);
    call_.parameters.emplace_back(parameter, base::WipedString(value));
    return *this;
  }
  Parameters& add(const std::string& parameter, std::optional<base::Seconds> value) {
    if (!value) return *this;
    check(call_.operation, parameter, value->count());
    call_.parameters.emplace_back(parameter, base::WipedString(std::to_string(value->count())));
    return *this;
  }
  Parameters& add(const std::vector<std::string>& policy_arns) {
    for (std::size_t i = 0; i < policy_arns.size(); ++i) {
      check(call_.operation, "PolicyArns.arn", policy_arns[i]);
      call_.parameters.emplace_back(fmt::format("PolicyArns.member.{}.arn", i + 1),
                                    base::WipedString(policy_arns[i]));
    }
    return *this;
  }
  Parameters& add(const std::vector<SessionTag>& tags,
                  const std::vector<std::string>& transitive_keys) {
    check_session_tags(tags, transitive_keys);
    for (std::size_t i = 0; i < tags.size(); ++i) {
      const std::string member = fmt::format("Tags.member.{}.", i + 1);
      call_.parameters.emplace_back(member + "Key", base::WipedString(tags[i].key));
      call_.parameters.emplace_back(member + "Value", base::WipedString(tags[i].value));
    }
    for (std::size_t i = 0; i < transitive_keys.size(); ++i) {
      call_.parameters.emplace_back(fmt::format("TransitiveTagKeys.member.{}", i + 1),
                                    base::WipedString(transitive_keys[i]));
    }
    return *this;
  }
  Parameters& add(const std::optional<Mfa>& mfa) {
    if (!mfa) return *this;
    call_.single_use = true;
    return add("SerialNumber", mfa->serial_number).add("TokenCode", mfa->token_code);
  }
  Call call() { return std::move(call_); }

 private:
  Call call_;
};

Credentials credentials(const XmlAnswer& answer, const std::string& result) {
  const std::string path = result + "/Credentials/";
  const auto expiration = base::parse_rfc3339(answer.required(path + "Expiration"));
  if (!expiration) {
    throw base::Error(base::ErrorKind::failed,
                      "the answer from AWS has an Expiration that is not a date");
  }
  return {std::string(answer.required(path + "AccessKeyId")),
          base::Secret(answer.required(path + "SecretAccessKey")),
          base::Secret(answer.required(path + "SessionToken")), *expiration};
}

}  // namespace

Call assume_role(const AssumeRole& request, const std::optional<Mfa>& mfa) {
  return Parameters("AssumeRole")
      .add("RoleArn", request.role_arn)
      .add("RoleSessionName", request.role_session_name)
      .add("DurationSeconds", request.duration)
      .add("ExternalId", request.external_id)
      .add("Policy", request.policy)
      .add(request.policy_arns)
      .add(request.tags, request.transitive_tag_keys)
      .add("SourceIdentity", request.source_identity)
      .add(mfa)
      .call();
}

Call get_session_token(std::optional<base::Seconds> duration, const std::optional<Mfa>& mfa) {
  return Parameters("GetSessionToken").add("DurationSeconds", duration).add(mfa).call();
}

Call get_caller_identity() { return Parameters("GetCallerIdentity").call(); }

AssumedRole parse_assume_role(base::WipedString& body) {
  const XmlAnswer answer(body);
  return {credentials(answer, "AssumeRoleResult"),
          std::string(answer.required("AssumeRoleResult/AssumedRoleUser/Arn"))};
}

Credentials parse_get_session_token(base::WipedString& body) {
  return credentials(XmlAnswer(body), "GetSessionTokenResult");
}

CallerIdentity parse_get_caller_identity(base::WipedString& body) {
  const XmlAnswer answer(body);
  return {std::string(answer.required("GetCallerIdentityResult/Account")),
          std::string(answer.required("GetCallerIdentityResult/Arn"))};
}

}  // namespace aws::sts
