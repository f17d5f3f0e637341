#include "app/commands/policy_scope.h"

#include "app/config/connection.h"
#include "app/config/role_choice.h"
#include "aws/api/endpoint.h"
#include "aws/model/constraints.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// A role as it was named: what is not known of its ARN yet is empty.
struct NamedRole {
  aws::RoleReference role;
  std::string profile;
};

std::vector<NamedRole> named_roles(const PolicyRequest& request, const Settings& settings,
                                   const aws::SharedConfig& shared) {
  std::vector<RoleChoice> choices;
  for (const std::string& text : request.roles) choices.push_back(choose_role(shared, text));
  if (choices.empty()) choices.push_back(choose_role(shared, settings));
  std::vector<NamedRole> roles;
  for (const RoleChoice& choice : choices) {
    // Of a chain the user himself assumes the first.
    roles.push_back(choice.role
                        ? NamedRole{*choice.role, ""}
                        : NamedRole{aws::parse_role_reference(choice.chain->roles.front().role_arn),
                                    choice.profile});
  }
  return roles;
}

void add(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) {
    list.push_back(text);
  }
}

// The users' account: that of a virtual device, else of the key, else of the role.
std::vector<std::string> accounts_at_hand(const std::vector<NamedRole>& roles,
                                          const Settings& settings, const aws::SharedConfig& shared,
                                          os::Messages& messages,
                                          const std::function<std::string()>& account_of_key) {
  std::vector<std::string> accounts;
  const auto add_account_of = [&](std::string_view serial_number) {
    if (const auto arn = aws::parse_arn(serial_number)) add(accounts, arn->account);
  };
  add_account_of(settings.serial_number);
  for (const NamedRole& role : roles) add_account_of(shared.text(role.profile, "mfa_serial"));
  if (!accounts.empty()) return accounts;
  add(accounts, account_of_key());
  if (!accounts.empty()) {
    messages.note(
        fmt::format("the policy is for account {}, that of your access key; --account "
                    "overrides this",
                    accounts.front()));
    return accounts;
  }
  for (const NamedRole& role : roles) add(accounts, role.role.account);
  if (accounts.empty()) {
    throw Error(
        ErrorKind::usage, "the account of the policy is not known",
        {"give it with --account, twelve digits; see it with: aws sts get-caller-identity"});
  }
  messages.note(
      fmt::format("the policy is for users of account {}, that of the role; --account overrides "
                  "this",
                  base::join_words(accounts)));
  return accounts;
}

std::string partition_for(const PolicyRequest& request, const std::vector<NamedRole>& roles,
                          const Settings& settings, const aws::SharedConfig& shared,
                          const os::Environment& environment) {
  std::vector<std::string> partitions;
  add(partitions, request.partition);
  for (const NamedRole& role : roles) add(partitions, role.role.partition);
  if (partitions.size() > 1) {
    throw Error(
        ErrorKind::usage,
        fmt::format("one policy cannot serve the partitions {}", base::join_words(partitions)),
        {"make a policy for each of them"});
  }
  if (!partitions.empty()) return partitions.front();
  const Connection connection = resolve_connection(
      {.region = "",
       .endpoint_url = "",
       .settings_region = settings.region,
       .partition_hint = "",
       .profile = "",
       .source_profile = settings.source_profile.empty() ? "default" : settings.source_profile},
      shared, environment);
  return connection.region.empty() ? "aws"
                                   : std::string(aws::partition_of_region(connection.region));
}

// IAM would read a pattern or a variable where a path holds one.
void require_plain(const std::string& name, const std::string& option) {
  const bool plain = base::is_alphanumeric(name, "_+=,.@-/");
  if (plain && !name.ends_with('/')) return;
  throw Error(
      ErrorKind::usage, fmt::format("`{}` cannot stand in a policy", base::printable(name)),
      {fmt::format("{} takes a name, or /path/NAME, of letters, digits and _+=,.@-", option)});
}

void require_account(const std::string& account) {
  if (aws::is_account_id(account)) return;
  throw Error(ErrorKind::usage, fmt::format("`{}` is no account", base::printable(account)),
              {"--account takes twelve digits"});
}

void require_partition(const std::string& partition) {
  if (partition.empty() || !aws::default_region(partition).empty()) return;
  throw Error(
      ErrorKind::usage, fmt::format("there is no partition {}", base::printable(partition)),
      {"--partition takes aws, aws-cn, aws-us-gov and the like: the second part of an ARN"});
}

// Always with its path: "pat" stays "pat", "engineering/pat" becomes "/engineering/pat".
std::string user_with_path(const std::string& typed) {
  if (typed.empty()) return typed;
  require_plain(typed, "--username");
  aws::check("ListMFADevices", "UserName", typed.substr(typed.rfind('/') + 1));
  const bool has_path = typed.find('/') != std::string::npos;
  const std::string user = has_path && typed[0] != '/' ? "/" + typed : typed;
  return user.rfind('/') == 0 ? user.substr(1) : user;
}

}  // namespace

aws::policy::Scope policy_scope(const PolicyRequest& request, const Settings& settings,
                                const aws::SharedConfig& shared, const os::Environment& environment,
                                os::Messages& messages,
                                const std::function<std::string()>& account_of_key) {
  for (const std::string& account : request.accounts) require_account(account);
  require_partition(request.partition);
  if (!request.scope.group.empty()) require_plain(request.scope.group, "--group");
  aws::policy::Scope scope = request.scope;
  const std::vector<NamedRole> roles = named_roles(request, settings, shared);
  scope.user = user_with_path(request.username);
  scope.partition = partition_for(request, roles, settings, shared, environment);
  for (const std::string& account : request.accounts) add(scope.accounts, account);
  if (scope.accounts.empty()) {
    scope.accounts = accounts_at_hand(roles, settings, shared, messages, account_of_key);
  }
  for (const NamedRole& role : roles) {
    require_plain(role.role.path + role.role.name, "--role");
    const auto accounts =
        role.role.account.empty() ? scope.accounts : std::vector{role.role.account};
    for (const std::string& account : accounts) {
      const auto arn = aws::parse_arn(aws::role_arn(role.role, scope.partition, account));
      if (std::find(scope.roles.begin(), scope.roles.end(), *arn) == scope.roles.end()) {
        scope.roles.push_back(*arn);
      }
    }
  }
  return scope;
}

}  // namespace app
