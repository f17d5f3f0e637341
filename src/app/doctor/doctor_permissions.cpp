#include "app/doctor/doctor_permissions.h"

#include "app/doctor/doctor_request.h"
#include "aws/model/arn.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>
#include <set>

// What identity-based policies allow, as AWS simulates them: for users who may call the simulation,
// which nobody has to be able to.
namespace app {
namespace {

using aws::iam::Simulated;
using Actions = std::vector<std::string>;

// Nothing where the user may not call it, which is tried once.
std::optional<std::vector<Simulated>> simulate(CheckContext& context, const aws::Arn& principal,
                                               const Actions& actions, const aws::Arn& resource,
                                               const std::vector<aws::iam::ContextEntry>& entries) {
  if (!context.may_simulate.value_or(true)) return std::nullopt;
  Answer answer =
      ask_iam(context, aws::iam::simulate_principal_policy(to_string(principal), actions,
                                                           to_string(resource), entries));
  const auto* refusal = std::get_if<aws::ApiError>(&answer);
  if (refusal != nullptr && aws::is_access_denied(*refusal)) {
    // A user who may simulate their own policies may still not simulate a role's.
    if (principal == *context.user) context.may_simulate = false;
    return std::nullopt;
  }
  base::WipedString body = require(std::move(answer), facts_of(context, "SimulatePrincipalPolicy"));
  auto results = aws::iam::parse_simulation(body, actions);
  context.may_simulate = true;
  return results;
}

std::string user_hint(const aws::policy::Scope& scope, const Actions& actions) {
  const std::string statement = aws::policy::user_statement(scope, actions);
  if (!statement.empty()) {
    return "have this statement added to a policy of your user or group: " + statement;
  }
  return fmt::format("have {} allowed by a policy of your user or group",
                     base::join_words(actions));
}

std::string statement_hint(const CheckContext& context, std::size_t i, const Actions& actions) {
  const aws::policy::Scope scope = scope_of(context, i);
  if (i == 0) return user_hint(scope, actions);
  return fmt::format("have this statement added to a policy of the role {}: {}",
                     context.caller_name(i), aws::policy::user_statement(scope, actions));
}

void tell(CheckContext& context, std::size_t i, const Actions& actions,
          const std::vector<Simulated>& results) {
  const RoleOnTheWay& role = context.roles[i];
  const std::string whose = i == 0 ? "your policies" : "the policies of " + context.caller_name(i);
  Actions missing;
  Actions denied;
  for (std::size_t a = 0; a < actions.size(); ++a) {
    if (results[a] == Simulated::explicit_deny) denied.push_back(actions[a]);
    if (results[a] == Simulated::implicit_deny && !role.trust_suffices) {
      missing.push_back(actions[a]);
    }
  }
  if (!denied.empty()) {
    context.warn(
        fmt::format("{} deny {} on {} explicitly, by AWS's simulation: it will probably be refused",
                    whose, base::join_words(denied), role.name),
        {"adding a statement does not help: the Deny must be removed or narrowed"});
  }
  if (!missing.empty()) {
    context.warn(
        fmt::format("{} do not allow {} on {}, by AWS's simulation: it will probably be refused",
                    whose, base::join_words(missing), role.name),
        {statement_hint(context, i, missing)});
  }
  if (!denied.empty() || !missing.empty()) return;
  const auto is_allowed = [](Simulated result) { return result == Simulated::allowed; };
  if (std::all_of(results.begin(), results.end(), is_allowed)) {
    return context.likely(fmt::format("{} allow {} on {}, by AWS's simulation", whose,
                                      base::join_words(actions), role.name));
  }
  context.likely(
      fmt::format("no policy denies {} on {}, by AWS's simulation, and its trust policy "
                  "names {}, which is enough",
                  base::join_words(actions), role.name, context.caller_name(i)));
}

}  // namespace

std::string denied_hint(CheckContext& context, const aws::ApiError& refusal,
                        const std::string& action, const std::vector<aws::Arn>& resources) {
  if (refusal.message.find("explicit deny") != std::string::npos) {
    return "a policy denies it explicitly, perhaps everything without a code: adding a statement "
           "does not help, and sessions work without this look-up";
  }
  // Without a code, as the look-up itself is made.
  const auto results = simulate(context, *context.user, {action}, resources.front(), {});
  if (results && results->front() == Simulated::allowed) {
    return fmt::format(
        "your own policies allow {}, by AWS's simulation: a permissions boundary or a policy of "
        "the organization is probably in the way; sessions work without this look-up",
        action);
  }
  return user_hint(scope_of_user(context, resources), {action});
}

// For the roles that the code has not opened already.
void check_permissions(CheckContext& context) {
  if (!context.planned || context.iam_lost) return;
  Actions not_asked;
  std::set<std::string> about;
  for (std::size_t i = 0; i < context.roles.size(); ++i) {
    if (context.roles[i].is_open) continue;
    const Actions actions = actions_of(context, i);
    const aws::Arn caller = context.caller_arn(i);
    // The simulation knows only the policies of the key's own account.
    const auto results = context.is_own(caller)
                             ? simulate(context, caller, actions, context.roles[i].arn,
                                        context_of(context, i, i == 0))
                             : std::nullopt;
    if (results) {
      tell(context, i, actions, *results);
    } else {
      not_asked.push_back(context.roles[i].name);
      about.insert(actions.begin(), actions.end());
    }
  }
  if (not_asked.empty()) return;
  Actions hints;
  if (!context.request.session.gives_code()) hints = {"to try it, give a code with -c"};
  context.unknown(fmt::format("whether policies allow {} on {} is not known: you may not call "
                              "iam:SimulatePrincipalPolicy",
                              base::join_words(Actions(about.begin(), about.end())),
                              base::join_words(not_asked)),
                  std::move(hints));
}

}  // namespace app
