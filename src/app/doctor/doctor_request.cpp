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

// The tags that the sessions before this request pass on to it.
Tags inherited_tags(const CheckContext& context, std::size_t i) {
  Tags tags;
  for (std::size_t before = 0; before < i; ++before) {
    for (const aws::SessionTag& tag : context.roles[before].request.tags) {
      if (is_transitive(context.roles[before].request, tag)) tags.push_back(tag);
    }
  }
  return tags;
}

std::string inherited_source_identity(const CheckContext& context, std::size_t i) {
  for (std::size_t before = 0; before < i; ++before) {
    const std::string& identity = context.roles[before].request.source_identity;
    if (!identity.empty()) return identity;
  }
  return "";
}

bool passes_tags(const CheckContext& context, std::size_t i) {
  return !context.roles[i].request.tags.empty() || !inherited_tags(context, i).empty();
}

std::string source_identity(const CheckContext& context, std::size_t i) {
  const std::string& own = context.roles[i].request.source_identity;
  return own.empty() ? inherited_source_identity(context, i) : own;
}

}  // namespace

std::vector<std::string> actions_of(const CheckContext& context, std::size_t i) {
  std::vector<std::string> actions = {"sts:AssumeRole"};
  if (!source_identity(context, i).empty()) actions.emplace_back("sts:SetSourceIdentity");
  if (passes_tags(context, i)) actions.emplace_back("sts:TagSession");
  return actions;
}

std::vector<aws::iam::ContextEntry> context_of(const CheckContext& context, std::size_t i,
                                               bool mfa) {
  std::vector<aws::iam::ContextEntry> entries;
  const auto put = [&](std::string name, const char* type, std::vector<std::string> values) {
    entries.push_back({std::move(name), type, std::move(values)});
  };
  const aws::sts::AssumeRole& request = context.roles[i].request;
  if (mfa || i > 0) put("aws:MultiFactorAuthPresent", "boolean", {mfa ? "true" : "false"});
  if (mfa) put("aws:MultiFactorAuthAge", "numeric", {"0"});
  put("sts:RoleSessionName", "string", {request.role_session_name});
  if (!request.external_id.empty()) put("sts:ExternalId", "string", {request.external_id});
  if (const auto identity = source_identity(context, i); !identity.empty()) {
    put("sts:SourceIdentity", "string", {identity});
  }
  if (const auto identity = inherited_source_identity(context, i); !identity.empty()) {
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
  if (i == 0) return entries;
  // The tags of the calling session. Those of its role are not known, and the session's win.
  Tags of_session = context.roles[i - 1].request.tags;
  for (aws::SessionTag& tag : inherited_tags(context, i - 1)) of_session.push_back(std::move(tag));
  for (const aws::SessionTag& tag : of_session) {
    put("aws:PrincipalTag/" + tag.key, "string", {tag.value});
  }
  return entries;
}

aws::policy::Scope scope_of_user(const CheckContext& context, std::vector<aws::Arn> resources) {
  aws::policy::Scope scope;
  scope.partition = context.user->partition;
  scope.accounts = {context.user->account};
  scope.roles = std::move(resources);
  const std::string path(aws::path_of(*context.user));
  scope.user = (path == "/" ? "" : path) + context.user_name();
  return scope;
}

aws::policy::Scope scope_of(const CheckContext& context, std::size_t i) {
  const aws::Arn caller = context.caller_arn(i);
  aws::policy::Scope scope = scope_of_user(context, {context.roles[i].arn});
  scope.partition = caller.partition;
  scope.accounts = {caller.account};
  scope.session_tags = passes_tags(context, i);
  scope.source_identity = !source_identity(context, i).empty();
  return scope;
}

}  // namespace app
