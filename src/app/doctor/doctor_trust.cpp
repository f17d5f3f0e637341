#include "app/doctor/check_context.h"
#include "app/doctor/doctor_request.h"
#include "aws/model/arn.h"
#include "aws/policy/policy.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <set>

// What the roles' trust policies say about the requests, evaluated here, without AWS.
namespace app {
namespace {

using aws::policy::Decision;
using aws::policy::Policy;

struct Judgement {
  enum class Verdict { yes, no, unknown };
  Verdict verdict = Verdict::unknown;
  Decision decision = Decision::implicit_deny;
  std::vector<std::string> unknown_keys;  // that the verdict may depend on

  bool yes() const { return verdict == Verdict::yes; }
  bool no() const { return verdict == Verdict::no; }
};

aws::policy::Request request_of(const CheckContext& context, std::size_t i,
                                const std::string& action, bool mfa) {
  aws::policy::Request request;
  request.action = action;
  request.resource = to_string(context.roles[i].arn);
  const aws::Arn caller = context.caller_arn(i);
  request.principal = {caller.account, {to_string(caller)}};
  request.context = {{"aws:principalarn", to_string(caller)},
                     {"aws:principalaccount", caller.account},
                     {"aws:principaltype", i == 0 ? "User" : "AssumedRole"}};
  if (i == 0) {
    request.context["aws:username"] = context.user_name();
  } else {
    request.principal.arns.push_back(
        fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", caller.partition, caller.account,
                    aws::name_of(caller), context.roles[i - 1].request.role_session_name));
  }
  for (const aws::iam::ContextEntry& entry : context_of(context, i, mfa)) {
    const std::string key = base::to_lower(entry.name);
    if (entry.type == "stringList") {
      request.multivalued[key] = entry.values;
    } else {
      request.context[key] = entry.values.front();
    }
  }
  return request;
}

// Whether the key's value is known. A key that is known to be absent is known.
bool is_known(const aws::policy::Request& request, const std::string& key) {
  constexpr std::array decided = {"aws:multifactorauthpresent",
                                  "aws:multifactorauthage",
                                  "sts:externalid",
                                  "sts:rolesessionname",
                                  "sts:sourceidentity",
                                  "aws:sourceidentity",
                                  "aws:tagkeys",
                                  "sts:transitivetagkeys",
                                  "aws:username"};
  return request.context.contains(key) || request.multivalued.contains(key) ||
         key.starts_with("aws:requesttag/") ||
         std::find(decided.begin(), decided.end(), key) != decided.end();
}

// A statement that depends on an unknown key does not count as allowing anything: its condition may
// well fail, or hold only because the key is absent.
Judgement judge(const Policy& policy, const aws::policy::Request& request) {
  std::set<std::string> keys;
  bool denies_by_them = false;
  Policy certain = policy;
  certain.statements.clear();
  for (const auto& statement : policy.statements) {
    bool is_certain = true;
    for (const auto& condition : statement.conditions) {
      if (is_known(request, condition.key)) continue;
      keys.insert(condition.spelling);
      is_certain = false;
    }
    const bool denies = statement.effect == aws::policy::Effect::deny;
    denies_by_them = denies_by_them || (denies && !is_certain);
    if (is_certain) certain.statements.push_back(statement);
  }
  Judgement judgement;
  judgement.decision = aws::policy::evaluate({&certain, 1}, request);
  judgement.unknown_keys.assign(keys.begin(), keys.end());
  const bool allowed =
      judgement.decision == Decision::allow || judgement.decision == Decision::allow_for_account;
  if (allowed && !denies_by_them) judgement.verdict = Judgement::Verdict::yes;
  if (!allowed && keys.empty()) judgement.verdict = Judgement::Verdict::no;
  return judgement;
}

class TrustPolicy {
 public:
  TrustPolicy(CheckContext& context, std::size_t i, Policy policy)
      : context_(context), i_(i), role_(context.roles[i]), policy_(std::move(policy)) {}

  void check() {
    const Judgement judgement = judged("sts:AssumeRole", i_ == 0);
    role_.trust_suffices = judgement.decision == Decision::allow &&
                           role_.arn.account == context_.caller_arn(i_).account;
    if (judgement.verdict == Judgement::Verdict::unknown) {
      return context_.unknown(
          fmt::format(
              "whether the trust policy of {} lets {} assume it is not known: it depends on {}",
              role_.name, caller_, base::join_words(judgement.unknown_keys)),
          hints_to_try());
    }
    if (judgement.no()) return i_ == 0 ? refuse_user() : refuse_role();
    if (check_tags_and_identity()) i_ == 0 ? accept_user() : accept_role();
  }

 private:
  Judgement judged(const std::string& action, bool mfa) const {
    return judge(policy_, request_of(context_, i_, action, mfa));
  }
  std::vector<std::string> hints_to_try() const {
    if (context_.request.session.gives_code()) return {};
    return {"to try it, give a code with -c"};
  }
  bool asks_for_external_id() const {
    return role_.seen->trust_policy.find("xternalId") != std::string::npos;
  }
  void add_external_id_hint(std::vector<std::string>& hints) const {
    if (!asks_for_external_id()) return;
    hints.push_back(
        role_.request.external_id.empty()
            ? "it requires an external ID: give it with --external-id or the profile's external_id"
            : "it requires another external ID than the one given");
  }
  // The policy as `policy role` writes it, or the statement for a role of a chain.
  std::string trust_hint() const {
    const aws::policy::Scope scope = scope_of(context_, i_);
    if (i_ > 0) {
      return fmt::format("have this statement added to the trust policy of {}: {}", role_.name,
                         aws::policy::chain_statement(context_.caller_arn(i_), scope));
    }
    return fmt::format(
        "the trust policy that it should have: aws-session-token policy role --account {} -r "
        "{}{}{}",
        context_.user->account, to_string(role_.arn),
        scope.session_tags ? " --allow-session-tags" : "",
        scope.source_identity ? " --allow-source-identity" : "");
  }

  void refuse_user() {
    std::vector<std::string> hints;
    add_external_id_hint(hints);
    hints.push_back(trust_hint());
    context_.fail(fmt::format("the trust policy of {} does not let {} assume it, not even with a "
                              "code",
                              role_.name, caller_),
                  std::move(hints));
  }
  void refuse_role() {
    if (judged("sts:AssumeRole", true).yes()) {
      return context_.fail(fmt::format("the trust policy of {} requires MFA, which a session of {} "
                                       "does not have: it will be refused",
                                       role_.name, caller_),
                           {fmt::format("have the condition on MFA removed from it: {} can require "
                                        "the code instead, as the first role of the chain",
                                        context_.roles.front().name)});
    }
    std::vector<std::string> hints;
    add_external_id_hint(hints);
    hints.push_back(trust_hint());
    context_.fail(
        fmt::format("the trust policy of {} does not let {} assume it", role_.name, caller_),
        std::move(hints));
  }

  void accept_user() {
    const Judgement without = judged("sts:AssumeRole", false);
    if (without.yes()) {
      return context_.warn(fmt::format("the trust policy of {} does not require MFA: the access "
                                       "key alone is enough to assume it",
                                       role_.name),
                           {trust_hint()});
    }
    context_.ok(fmt::format("the trust policy of {} lets {} assume it, with MFA{}", role_.name,
                            caller_, without.no() ? " only" : ""));
    if (without.no()) check_clients_without_code();
  }
  // Other clients send a code only for a profile that names the device.
  void check_clients_without_code() {
    const std::string& profile = role_.step.profile;
    if (profile.empty() || !context_.shared->text(profile, "mfa_serial").empty()) return;
    context_.warn(fmt::format("other clients send no code for profile {}, which has no mfa_serial: "
                              "{} will refuse them",
                              profile, role_.name),
                  {fmt::format("let them use a session: aws-session-token get {}",
                               context_.choice->profile)});
  }
  void accept_role() {
    context_.ok(fmt::format("the trust policy of {} lets {} assume it", role_.name, caller_));
  }

  // Tags and a source identity need a permission each. Returns false, and reports what is missing.
  bool check_tags_and_identity() {
    bool all = true;
    for (const std::string& action : actions_of(context_, i_)) {
      if (action == "sts:AssumeRole" || !judged(action, i_ == 0).no()) continue;
      all = false;
      context_.fail(
          fmt::format("the trust policy of {} does not allow {} {}, and {} is passed to it",
                      role_.name, caller_, action,
                      action == "sts:TagSession" ? "a session tag" : "a source identity"),
          {trust_hint()});
    }
    return all;
  }

  CheckContext& context_;
  const std::size_t i_;
  RoleOnTheWay& role_;
  const Policy policy_;
  const std::string caller_ = context_.caller_name(i_);
};

}  // namespace

void check_trust_policies(CheckContext& context) {
  if (!context.planned) return;
  for (std::size_t i = 0; i < context.roles.size(); ++i) {
    const RoleOnTheWay& role = context.roles[i];
    if (!role.seen || role.seen->trust_policy.empty()) continue;
    std::optional<Policy> policy;
    try {
      policy = aws::policy::parse(role.seen->trust_policy, aws::policy::Kind::trust);
    } catch (const base::Error& error) {
      context.unknown(fmt::format("the trust policy of {} cannot be evaluated here: {}", role.name,
                                  error.what()));
      continue;
    }
    TrustPolicy(context, i, std::move(*policy)).check();
  }
}

}  // namespace app
