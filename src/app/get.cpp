#include "app/get.h"

#include "app/aws_client.h"
#include "app/connection.h"
#include "app/file_warnings.h"
#include "app/key_owner.h"
#include "app/key_source.h"
#include "app/mfa_device.h"
#include "app/questions.h"
#include "app/role_choice.h"
#include "app/session_plan.h"
#include "app/settings.h"
#include "app/shared_files.h"
#include "app/token_code.h"
#include "aws/arn.h"
#include "aws/session_profile.h"
#include "base/error.h"

#include <fmt/format.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

struct Session {
  aws::Credentials credentials;
  std::string role_arn;  // empty: the MFA session itself
};

RoleChoice choose(const SessionRequest& request, const Settings& settings,
                  const aws::SharedConfig& shared, Questions& questions) {
  if (!request.profile.empty()) return choose_profile(shared, request.profile, request.no_role);
  if (request.no_role) {
    RoleChoice none;
    none.mfa_session = true;
    return none;
  }
  return choose_role(shared, request.role.empty() ? questions.role(settings.role) : request.role);
}

// An option, else a key of the role's profile or of the long-term key's own.
std::string option_or_key(const std::string& option, std::string_view key,
                          const aws::SharedConfig& shared, const RoleChoice& choice,
                          const SourceKey& source) {
  if (!option.empty()) return option;
  for (const std::string& profile : {choice.profile, source.profile}) {
    if (const auto value = shared.text(profile, key); !value.empty()) return std::string(value);
  }
  return "";
}

std::string account_of(const std::string& serial_number) {
  const auto arn = aws::parse_arn(serial_number);
  return arn ? arn->account : "";
}

std::string read_policy(os::Files& files, const std::string& path) {
  if (path.empty()) return "";
  const auto bytes = files.read(path);
  if (!bytes) {
    throw Error(ErrorKind::usage, fmt::format("there is no file {}", path),
                {"--policy takes the path of a file with a session policy in JSON"});
  }
  return std::string(*bytes);
}

// The account and the role in AWS's answer must be the ones that were asked for.
void require_asked_role(const std::string& asked_arn, const std::string& answered_arn) {
  const auto asked = aws::parse_arn(asked_arn);
  const auto answered = aws::parse_assumed_role(answered_arn);
  if (asked && answered && answered->account == asked->account &&
      answered->role == aws::name_of(*asked)) {
    return;
  }
  throw Error(ErrorKind::failed,
              fmt::format("AWS answered with {}, which is not the role that was asked for",
                          base::printable(answered_arn)),
              {"nothing was written; is the endpoint really AWS?"});
}

// The roles of a chain after the first, each assumed with the session of the one before.
Session walk_chain(Session session, const SessionPlan& plan, AwsClient& client) {
  for (std::size_t i = 1; i < plan.roles.size(); ++i) {
    aws::RequestFacts facts;
    facts.operation = "AssumeRole";
    facts.access_key_id = session.credentials.access_key_id;
    facts.role_arn = plan.roles[i].role_arn;
    facts.temporary_key = true;
    facts.external_id_sent = !plan.roles[i].external_id.empty();
    facts.region = client.connection().sts.signing_region;
    base::WipedString body = require(
        client.call(aws::sts::assume_role(plan.roles[i], std::nullopt), session.credentials),
        facts);
    aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
    require_asked_role(plan.roles[i].role_arn, assumed.assumed_role_arn);
    session = {std::move(assumed.credentials), plan.roles[i].role_arn};
  }
  return session;
}

// The one request with the code.
Session redeem_code(const TokenCodeSource& code_source, const SessionPlan& plan,
                    const MfaUser& user, const aws::AccessKey& key, AwsClient& client,
                    Questions& questions, os::Process& process) {
  const bool mfa_session = plan.roles.empty();
  aws::RequestFacts facts;
  facts.operation = mfa_session ? "GetSessionToken" : "AssumeRole";
  facts.access_key_id = key.access_key_id;
  facts.user_name = user.user_name;
  facts.serial_number = user.serial_number;
  facts.region = client.connection().sts.signing_region;
  facts.code_sent = true;
  if (!mfa_session) {
    facts.role_arn = plan.roles.front().role_arn;
    facts.external_id_sent = !plan.roles.front().external_id.empty();
  }
  const auto call = [&](const std::string& code) {
    const aws::sts::Mfa mfa{user.serial_number, code};
    return mfa_session ? aws::sts::get_session_token(plan.session_duration, mfa)
                       : aws::sts::assume_role(plan.roles.front(), mfa);
  };
  base::WipedString body =
      call_with_code(call, code_source, facts, key, client, questions, process);
  if (mfa_session) return {aws::sts::parse_get_session_token(body), ""};
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(facts.role_arn, assumed.assumed_role_arn);
  return {std::move(assumed.credentials), facts.role_arn};
}

}  // namespace

GetResult Get::run(const GetRequest& request) {
  const SharedFilePaths paths = shared_file_paths(environment_);
  const aws::SharedConfig shared = read_shared_config(files_, paths);
  const Settings settings = read_settings(environment_, files_);
  const std::string target =
      request.target_profile.empty() ? settings.profile : request.target_profile;
  try {
    GetResult result = run(request, paths, shared, settings, target);
    warn_of_problems(shared.config(), aws::FileKind::config,
                     display_path(environment_, paths.config), "profile " + target, talk_);
    return result;
  } catch (const Error& error) {
    // What a broken line hides may be what was missed. The files are as they were read.
    if (error.kind() == ErrorKind::failed) {
      warn_of_problems(shared.config(), aws::FileKind::config,
                       display_path(environment_, paths.config), {}, talk_);
      warn_of_problems(shared.credentials(), aws::FileKind::credentials,
                       display_path(environment_, paths.credentials), {}, talk_);
    }
    throw;
  }
}

GetResult Get::run(const GetRequest& request, const SharedFilePaths& paths,
                   const aws::SharedConfig& shared, const Settings& settings,
                   const std::string& target) {
  const SessionRequest& asked = request.session;
  const std::string policy = read_policy(files_, asked.policy_file);
  aws::require_writable_target(shared, target, request.overwrite);
  if (asked.code && *asked.code != "-") require_token_code(*asked.code);

  Questions questions(terminal_, asked.no_input);
  const std::string user_name =
      asked.username ? *asked.username : questions.username(settings.username);
  const RoleChoice choice = choose(asked, settings, shared, questions);

  const SourceKey source = find_source_key(shared, environment_, settings, asked.source_profile,
                                           choice.chain ? &*choice.chain : nullptr, talk_);
  AwsClient client(resolve_connection({.region = asked.region,
                                       .endpoint_url = asked.endpoint_url,
                                       .settings_region = settings.region,
                                       .partition_hint = partition_of(choice),
                                       .profile = choice.profile,
                                       .source_profile = source.profile},
                                      shared, environment_),
                   http_, clock_, random_, talk_);
  KeyOwner owner(client, source.key);
  const MfaUser user = find_mfa_user(
      {.user_name = user_name,
       .serial_number = option_or_key(asked.serial_number, "mfa_serial", shared, choice, source),
       .likely_serial_number = settings.serial_number},
      client, owner, source.key, questions, talk_);
  const RolePlan roles =
      choice.mfa_session
          ? RolePlan{}
          : plan_roles(choice, wants_maximum(asked, settings, choice),
                       account_of(user.serial_number), client, owner, source.key, talk_);
  const SessionPlan plan = plan_session(asked, settings, roles, choice.mfa_session, policy,
                                        user.user_name, user.serial_number, talk_);

  TokenCodeSource code_source{
      asked.code, option_or_key(asked.mfa_process, "mfa_process", shared, choice, source)};
  if (code_source.mfa_process.empty()) code_source.mfa_process = settings.mfa_process;
  const Session session = walk_chain(
      redeem_code(code_source, plan, user, source.key, client, questions, process_), plan, client);

  const aws::SectionEdit edit = aws::session_profile(target, session.credentials, session.role_arn);
  aws::SharedFile written;
  const os::UpdateReport report =
      files_.update(paths.credentials, [&](const base::WipedString& bytes) {
        aws::SharedFile credentials{bytes};
        // Somebody may have put a key of theirs there while the questions were asked.
        const aws::SharedConfig now(read_shared_file(files_, paths.config), credentials);
        aws::require_writable_target(now, target, request.overwrite);
        written = aws::SharedFile(aws::edited(credentials, {&edit, 1}));
        return written.bytes();
      });
  const std::string file = display_path(environment_, paths.credentials);
  if (report.tightened) {
    talk_.note(fmt::format("{} could be read by others; now only by you", file));
  }
  if (report.unlocked) {
    talk_.note(fmt::format("the file system of {} has no locks; the update went on without", file));
  }
  warn_of_problems(written, aws::FileKind::credentials, file, target, talk_);
  return {target, file, session.role_arn, session.credentials.expiration,
          session.credentials.expiration - client.now()};
}

}  // namespace app
