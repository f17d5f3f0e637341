#include "base/error.h"
#include "base/text.h"
#include "sandbox/authorization.h"
#include "sandbox/operation.h"
#include "sandbox/refusal.h"
#include "sandbox/session_tags.h"
#include "sandbox/text_rules.h"

#include <algorithm>
#include <fmt/core.h>

namespace sandbox {
namespace {

using aws::policy::Decision;

constexpr int shortest_session = 900;
constexpr int max_role_session = 43200;
constexpr int max_user_session = 129600;
constexpr base::Seconds max_root_session{3600};
constexpr base::Seconds max_chained_session{3600};
constexpr std::size_t packed_policy_limit = 2048;  // characters

constexpr TextRule role_arn_rule{20, 2048, arn_pattern, is_arn_character};
constexpr TextRule session_name_rule{2, 64, "[\\w+=,.@-]*", is_name_character};
// The model says 64; STS took 256 when it was asked.
constexpr TextRule source_identity_rule{2, 256, "[\\w+=,.@-]*", is_name_character};
constexpr TextRule external_id_rule{2, 1224, "[\\w+=,.@:\\/-]*", is_serial_character};
constexpr TextRule serial_number_rule{9, 256, "[\\w+=/:,.@-]*", is_serial_character};
constexpr TextRule token_code_rule{6, 6, "[\\d]*", is_digit};
constexpr TextRule policy_rule{1, 1 << 20, "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
                               is_arn_character};

void write_credentials(Call& call, const Session& session) {
  call.result.open("Credentials");
  call.result.element("AccessKeyId", session.key.id);
  call.result.element("SecretAccessKey", session.key.secret);
  call.result.element("SessionToken", session.token);
  call.result.element("Expiration", base::format_rfc3339(session.expiration));
  call.result.close();
}

struct AssumeRoleInput {
  std::string role_arn;
  std::string role_session_name;
  std::optional<std::string> external_id;
  std::optional<std::string> serial_number;
  std::optional<std::string> token_code;
  std::optional<std::string> policy;
  std::vector<std::string> policy_arns;
  PassedTags passed;
  std::string source_identity;  // also the inherited one
  base::Seconds duration{3600};
};

AssumeRoleInput read_input(const Parameters& parameters) {
  Validation validation(parameters);
  AssumeRoleInput input;
  input.role_arn = validation.required("RoleArn", role_arn_rule);
  input.role_session_name = validation.required("RoleSessionName", session_name_rule);
  input.external_id = validation.optional("ExternalId", external_id_rule);
  input.serial_number = validation.optional("SerialNumber", serial_number_rule);
  input.token_code = validation.optional("TokenCode", token_code_rule);
  input.policy = validation.optional("Policy", policy_rule);
  input.policy_arns = parameters.members("PolicyArns.member.", ".arn");
  if (const auto seconds =
          validation.integer("DurationSeconds", shortest_session, max_role_session)) {
    input.duration = base::Seconds(*seconds);
  }
  input.passed = read_tags(parameters, validation);
  input.source_identity =
      validation.optional("SourceIdentity", source_identity_rule).value_or(std::string());
  validation.finish();
  return input;
}

// Puts what the caller's session hands down to the request.
void inherit(AssumeRoleInput& input, const Session* caller) {
  check_tags(input.passed, caller);
  const std::string inherited = caller ? caller->source_identity : std::string();
  if (inherited.empty()) return;
  if (!input.source_identity.empty() && input.source_identity != inherited) {
    throw Refusal(400, "ValidationError",
                  "The source identity is already set for this assume role session");
  }
  input.source_identity = inherited;
}

// The documents of the session policies: Policy itself and what PolicyArns name.
std::vector<std::string> session_policy_documents(const Call& call, const AssumeRoleInput& input) {
  std::vector<std::string> documents;
  if (input.policy) documents.push_back(*input.policy);
  for (const std::string& arn : input.policy_arns) {
    const std::string* const document = call.world.find_policy_document(arn);
    // AWS's text for this is not known.
    if (!document) {
      throw Refusal(400, "MalformedPolicyDocument", fmt::format("Policy {} does not exist", arn));
    }
    documents.push_back(*document);
  }
  return documents;
}

std::vector<aws::policy::Policy> parse_session_policies(const std::vector<std::string>& documents) {
  std::vector<aws::policy::Policy> policies;
  try {
    for (const std::string& document : documents) {
      policies.push_back(aws::policy::parse(document, aws::policy::Kind::identity));
    }
  } catch (const base::Error& error) {
    throw Refusal(400, "MalformedPolicyDocument", error.what());
  }
  return policies;
}

[[noreturn]] void refuse(const Call& call, const aws::policy::Request& request,
                         std::string_view why = {}) {
  throw Refusal(403, "AccessDenied",
                fmt::format("User: {} is not authorized to perform: {} on resource: {}{}",
                            call.caller.arn, request.action, request.resource, why));
}

aws::policy::Request policy_request(const Call& call, const AssumeRoleInput& input,
                                    std::optional<base::Time> mfa_time) {
  aws::policy::Request request{
      {}, input.role_arn, principal_of(call), request_context(call, mfa_time)};
  if (input.external_id) request.context["sts:externalid"] = *input.external_id;
  request.context["sts:rolesessionname"] = input.role_session_name;
  if (!input.source_identity.empty()) {
    request.context["sts:sourceidentity"] = input.source_identity;
  }
  for (const aws::SessionTag& tag : input.passed.tags) {
    request.context["aws:requesttag/" + base::to_lower(tag.key)] = tag.value;
    request.multivalued["aws:tagkeys"].push_back(tag.key);
  }
  request.multivalued["sts:transitivetagkeys"] = input.passed.transitive_keys;
  return request;
}

// The role, when its trust policy and the caller's own policies agree. One text hides whether the
// role is missing or does not trust the caller, as at AWS.
const Role& authorize(const Call& call, const aws::policy::Request& request) {
  const IdentityDecision own = decide(call, request);
  if (own.identity == Decision::explicit_deny) {
    refuse(call, request, " with an explicit deny in an identity-based policy");
  }
  if (own.session == Decision::explicit_deny) {
    refuse(call, request, " with an explicit deny in a session policy");
  }
  const Role* const role = call.world.find_role(request.resource);
  if (!role) refuse(call, request);
  const Decision trust = aws::policy::evaluate({&role->trust, 1}, request);
  // Within one account a trust policy that names the caller itself is enough.
  const bool trust_suffices = trust == Decision::allow && role->account == call.caller.account &&
                              own.session == Decision::allow;
  const bool trusted = trust == Decision::allow || trust == Decision::allow_for_account;
  if (!trust_suffices && !(trusted && own.allows())) refuse(call, request);
  return *role;
}

// All that the request does is a permission of its own. Inherited tags and an inherited source
// identity need theirs too, and both are asked for before sts:AssumeRole (live probes: a trust
// policy that wants another sts:SourceIdentity denies sts:SetSourceIdentity).
const Role& authorize(const Call& call, const AssumeRoleInput& input,
                      std::optional<base::Time> mfa_time) {
  aws::policy::Request request = policy_request(call, input, mfa_time);
  if (!input.passed.tags.empty() || !inherited_tags(call.caller.session).empty()) {
    request.action = "sts:TagSession";
    authorize(call, request);
  }
  if (!input.source_identity.empty()) {
    request.action = "sts:SetSourceIdentity";
    authorize(call, request);
  }
  request.action = "sts:AssumeRole";
  return authorize(call, request);
}

// How much of what a session may carry is used, in percent; AWS packs by rules of its own, and has
// a text for tags alone (AWS re:Post, "PackedPolicyTooLarge").
std::size_t packed_size(const std::vector<std::string>& documents,
                        const std::vector<aws::SessionTag>& tags) {
  std::size_t size = plain_size(tags);
  for (const std::string& document : documents) size += document.size();
  if (size > packed_policy_limit) {
    const std::size_t percent = (size * 100 + packed_policy_limit - 1) / packed_policy_limit;
    throw Refusal(
        400, "PackedPolicyTooLarge",
        documents.empty()
            ? fmt::format("Packed size of session tags consumes {}% of allotted space.", percent)
            : fmt::format("Packed policy consumes {}% of allotted space, please use smaller "
                          "policy.",
                          percent));
  }
  return size * 100 / packed_policy_limit;
}

}  // namespace

void get_caller_identity(Call& call) {
  call.result.element("Arn", call.caller.arn);
  call.result.element("UserId", call.caller.user_id);
  call.result.element("Account", call.caller.account);
}

void get_session_token(Call& call) {
  if (call.caller.session) {
    throw Refusal(403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
  }
  Validation validation(call.parameters);
  const auto seconds = validation.integer("DurationSeconds", shortest_session, max_user_session);
  const auto serial_number = validation.optional("SerialNumber", serial_number_rule);
  const auto token_code = validation.optional("TokenCode", token_code_rule);
  validation.finish();

  Session session;
  session.user = call.caller.user;
  session.mfa_time = check_mfa(call, serial_number, token_code);
  base::Seconds duration(seconds.value_or(max_role_session));
  // Documented: a root user's session is cut to an hour without a word.
  if (session.user->is_root()) duration = std::min(duration, max_root_session);
  session.expiration = call.now + std::min(duration, call.limits.user);
  write_credentials(call, call.world.add_session(std::move(session)));
}

// Only AWS's refusal of temporary keys is here: no session of a federated user is ever made.
void get_federation_token(Call& call) {
  if (call.caller.session) {
    throw Refusal(403, "AccessDenied", "Cannot call GetFederationToken with session credentials");
  }
  throw Refusal(400, "ValidationError", "GetFederationToken is not implemented by the sandbox");
}

void assume_role(Call& call) {
  AssumeRoleInput input = read_input(call.parameters);
  inherit(input, call.caller.session);
  const auto documents = session_policy_documents(call, input);
  Session session;
  session.session_policies = parse_session_policies(documents);
  if (call.caller.user && call.caller.user->is_root()) {
    throw Refusal(403, "AccessDenied", "Roles may not be assumed by root accounts.");
  }
  const auto mfa_time = check_mfa(call, input.serial_number, input.token_code);
  const Role& role = authorize(call, input, mfa_time);
  if (input.duration > role.max_session_duration) {
    throw Refusal(
        400, "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  if (call.caller.session && input.duration > max_chained_session) {
    throw Refusal(400, "ValidationError",
                  "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                  "assumed by role chaining.");
  }
  session.tags = overlaid(inherited_tags(call.caller.session), input.passed.tags);
  const std::size_t packed = packed_size(documents, session.tags);
  const bool is_packed = !documents.empty() || !session.tags.empty();

  session.transitive_tag_keys = input.passed.transitive_keys;
  for (const aws::SessionTag& tag : inherited_tags(call.caller.session)) {
    session.transitive_tag_keys.push_back(tag.key);
  }
  session.source_identity = input.source_identity;
  session.chained = call.caller.session != nullptr;
  session.role = &role;
  session.role_session_name = input.role_session_name;
  session.expiration = call.now + std::min(input.duration, call.limits.role);
  call.result.open("AssumedRoleUser");
  call.result.element("AssumedRoleId", role.id + ":" + input.role_session_name);
  call.result.element(
      "Arn", fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", call.world.partition(), role.account,
                         role.name, input.role_session_name));
  call.result.close();
  write_credentials(call, call.world.add_session(std::move(session)));
  if (is_packed) call.result.element("PackedPolicySize", std::to_string(packed));
  if (!input.source_identity.empty()) {
    call.result.element("SourceIdentity", input.source_identity);
  }
}

}  // namespace sandbox
