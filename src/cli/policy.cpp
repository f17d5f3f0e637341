#include "app/client/account.h"
#include "app/commands/policy_scope.h"
#include "app/config/access.h"
#include "app/config/shared_files.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

#include <fmt/core.h>
#include <vector>

namespace cli {
namespace {

using base::Error;
using base::ErrorKind;

struct Words {
  std::vector<std::string> kind;
  std::string format = "json";
  std::string mfa_age;
  bool quiet = false;
};

void bind(Options& options, app::PolicyRequest& request, Words& words) {
  aws::policy::Scope& scope = request.scope;
  options.bind_operands(words.kind);
  options.bind("format", words.format);
  options.bind("account", request.accounts);
  options.bind("role", request.roles);
  options.bind("username", request.username);
  options.bind("group", scope.group);
  options.bind("partition", request.partition);
  options.bind("mfa-age", words.mfa_age);
  options.bind("allow-session-tags", scope.session_tags);
  options.bind("allow-source-identity", scope.source_identity);
  options.bind("like-original", scope.like_original);
  options.bind("quiet", words.quiet);
}

bool is_of_users(const Words& words) {
  if (words.kind.size() == 1 && words.kind[0] == "user") return true;
  if (words.kind.size() == 1 && words.kind[0] == "role") return false;
  throw Error(ErrorKind::usage,
              words.kind.empty() ? "policy requires a word: user or role"
                                 : "policy takes one word: user or role",
              {"aws-session-token policy user: what the users, or their group, are allowed to do",
               "aws-session-token policy role: who may assume the role"});
}

aws::policy::Format parse_format(const std::string& text) {
  if (text == "json") return aws::policy::Format::json;
  if (text == "hcl") return aws::policy::Format::hcl;
  throw Error(ErrorKind::usage, fmt::format("unknown format: {}", base::printable(text)),
              {"--format takes json or hcl"});
}

base::Seconds parse_age(const std::string& text) {
  const auto age = base::parse_duration(text);
  if (age && age->count() > 0) return *age;
  throw Error(ErrorKind::usage, fmt::format("`{}` is not a duration", base::printable(text)),
              {"--mfa-age takes 45m, 12h or a number of seconds"});
}

// An option that would have no effect is refused: nobody should have to try a policy out.
void require_meaning(const app::PolicyRequest& request, const Words& words, bool of_users) {
  if (of_users && !words.mfa_age.empty()) {
    throw Error(ErrorKind::usage, "--mfa-age belongs to the trust policy of a role",
                {"aws-session-token policy role --mfa-age " + base::printable(words.mfa_age)});
  }
  if (!of_users && !request.scope.group.empty()) {
    throw Error(ErrorKind::usage, "a trust policy cannot name a group: a group is not a principal",
                {"omit --group: the account is trusted, and the policy of the group says who may"});
  }
  if (of_users && !request.scope.group.empty() && !request.username.empty()) {
    throw Error(ErrorKind::usage, "--username and --group cannot be used together");
  }
}

// Asked of AWS; nothing where there is no key, or no answer: the account can be given as well.
std::string account_of_key(const app::Settings& settings, const aws::SharedConfig& shared,
                           const Doors& doors) {
  os::StderrMessages silence(true, false);
  try {
    app::Access access = app::find_access({}, settings, shared, doors.environment, {}, silence);
    app::load_secret(access.source, doors.files, doors.environment);
    app::Account account(std::move(access), doors.environment, doors.process, doors.http,
                         doors.clock, doors.random, silence);
    app::require_secret(account.source());
    return account.owner.arn().account;
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

int run_policy(const Command& command, std::span<const std::string> arguments, const Doors& doors) {
  app::PolicyRequest request;
  Words words;
  Options options(command);
  bind(options, request, words);
  if (!options.parse(arguments)) return 0;
  const bool of_users = is_of_users(words);
  const aws::policy::Format format = parse_format(words.format);
  require_meaning(request, words, of_users);
  if (!words.mfa_age.empty()) request.scope.mfa_age = parse_age(words.mfa_age);

  Notes messages(words.quiet, false);
  const app::Settings settings = app::read_settings(doors.environment, doors.files);
  const aws::SharedConfig shared =
      app::read_shared_config(doors.files, app::shared_file_paths(doors.environment));
  const aws::policy::Scope scope =
      app::policy_scope(request, settings, shared, doors.environment, messages,
                        [&] { return account_of_key(settings, shared, doors); });
  print(of_users ? aws::policy::user_policy(scope, format)
                 : aws::policy::role_policy(scope, format));
  return 0;
}

}  // namespace cli
