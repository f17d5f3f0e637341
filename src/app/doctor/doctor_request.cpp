#include "app/doctor/doctor_request.h"

#include "aws/model/arn.h"
#include "base/text.h"

#include <algorithm>

namespace app {
namespace {

using Tags = std::vector<aws::SessionTag>;

bool is_transitive(const aws::sts::AssumeRole& request, const aws::SessionTag& tag) {
  const auto& keys = request.transitive_tag_keys;
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
    return base::equal_ignoring_case(key, tag.key);
  });
}

// What the sessions before hand down to this request.
Tags inherited_tags(const Patient& patient, std::size_t i) {
  Tags tags;
  for (std::size_t before = 0; before < i; ++before) {
    for (const aws::SessionTag& tag : patient.roles[before].request.tags) {
      if (is_transitive(patient.roles[before].request, tag)) tags.push_back(tag);
    }
  }
  return tags;
}

std::string inherited_source_identity(const Patient& patient, std::size_t i) {
  for (std::size_t before = 0; before < i; ++before) {
    const std::string& identity = patient.roles[before].request.source_identity;
    if (!identity.empty()) return identity;
  }
  return "";
}

bool passes_tags(const Patient& patient, std::size_t i) {
  return !patient.roles[i].request.tags.empty() || !inherited_tags(patient, i).empty();
}

std::string source_identity(const Patient& patient, std::size_t i) {
  const std::string& own = patient.roles[i].request.source_identity;
  return own.empty() ? inherited_source_identity(patient, i) : own;
}

}  // namespace

std::vector<std::string> actions_of(const Patient& patient, std::size_t i) {
  std::vector<std::string> actions = {"sts:AssumeRole"};
  if (!source_identity(patient, i).empty()) actions.emplace_back("sts:SetSourceIdentity");
  if (passes_tags(patient, i)) actions.emplace_back("sts:TagSession");
  return actions;
}

std::vector<aws::iam::ContextEntry> context_of(const Patient& patient, std::size_t i, bool mfa) {
  std::vector<aws::iam::ContextEntry> context;
  const auto put = [&](std::string name, const char* type, std::vector<std::string> values) {
    context.push_back({std::move(name), type, std::move(values)});
  };
  const aws::sts::AssumeRole& request = patient.roles[i].request;
  if (mfa || i > 0) put("aws:MultiFactorAuthPresent", "boolean", {mfa ? "true" : "false"});
  if (mfa) put("aws:MultiFactorAuthAge", "numeric", {"0"});
  put("sts:RoleSessionName", "string", {request.role_session_name});
  if (!request.external_id.empty()) put("sts:ExternalId", "string", {request.external_id});
  if (const auto identity = source_identity(patient, i); !identity.empty()) {
    put("sts:SourceIdentity", "string", {identity});
  }
  if (const auto identity = inherited_source_identity(patient, i); !identity.empty()) {
    put("aws:SourceIdentity", "string", {identity});
  }
  std::vector<std::string> keys;
  for (const aws::SessionTag& tag : request.tags) {
    put("aws:RequestTag/" + tag.key, "string", {tag.value});
    keys.push_back(tag.key);
  }
  if (!keys.empty()) put("aws:TagKeys", "stringList", std::move(keys));
  if (!request.transitive_tag_keys.empty()) {
    put("sts:TransitiveTagKeys", "stringList", request.transitive_tag_keys);
  }
  if (i == 0) return context;
  // The tags of the session that asks; its role's own are not known, and its session's win.
  Tags of_session = patient.roles[i - 1].request.tags;
  for (aws::SessionTag& tag : inherited_tags(patient, i - 1)) of_session.push_back(std::move(tag));
  for (const aws::SessionTag& tag : of_session) {
    put("aws:PrincipalTag/" + tag.key, "string", {tag.value});
  }
  return context;
}

aws::policy::Scope scope_of_user(const Patient& patient, std::vector<aws::Arn> resources) {
  aws::policy::Scope scope;
  scope.partition = patient.user->partition;
  scope.accounts = {patient.user->account};
  scope.roles = std::move(resources);
  const std::string path(aws::path_of(*patient.user));
  scope.user = (path == "/" ? "" : path) + patient.user_name();
  return scope;
}

aws::policy::Scope scope_of(const Patient& patient, std::size_t i) {
  const aws::Arn caller = patient.caller_arn(i);
  aws::policy::Scope scope = scope_of_user(patient, {patient.roles[i].arn});
  scope.partition = caller.partition;
  scope.accounts = {caller.account};
  scope.session_tags = passes_tags(patient, i);
  scope.source_identity = !source_identity(patient, i).empty();
  return scope;
}

}  // namespace app
