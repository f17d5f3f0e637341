#include "app/get.h"

#include "app/file_warnings.h"
#include "app/look_ahead.h"
#include "app/questions.h"
#include "app/session_plan.h"
#include "app/settings.h"
#include "app/state_folder.h"
#include "app/token_code.h"
#include "aws/arn.h"
#include "aws/session_profile.h"
#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>
#include <initializer_list>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

std::string first_given(std::initializer_list<std::string> values) {
  for (const std::string& value : values) {
    if (!value.empty()) return value;
  }
  return "";
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
Session redeem_code(const SessionPlan& plan, const MfaUser& user, Account& account,
                    TokenCodes& codes) {
  const bool mfa_session = plan.roles.empty();
  aws::RequestFacts facts;
  facts.operation = mfa_session ? "GetSessionToken" : "AssumeRole";
  facts.access_key_id = account.key().access_key_id;
  facts.user_name = user.user_name;
  facts.serial_number = user.serial_number;
  facts.region = account.client.connection().sts.signing_region;
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
  base::WipedString body = codes.redeem(call, facts, account);
  if (mfa_session) return {aws::sts::parse_get_session_token(body), ""};
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(facts.role_arn, assumed.assumed_role_arn);
  return {std::move(assumed.credentials), facts.role_arn};
}

}  // namespace

GetResult Get::run(const GetRequest& request) {
  const SharedFilePaths paths = shared_file_paths(environment_);
  const aws::SharedConfig shared = read_shared_config(files_, paths);
  try {
    return run(request, paths, shared);
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
                   const aws::SharedConfig& shared) {
  const SessionRequest& asked = request.session;
  const Settings settings = read_settings(environment_, files_);
  const std::string policy = read_policy(files_, asked.policy_file);
  const std::string target = first_given({request.target_profile, settings.profile});
  aws::require_writable_target(shared, target, request.overwrite);
  if (asked.code && *asked.code != "-") token_code(*asked.code);
  if (files_.look_ahead(paths.credentials) == os::Outlook::in_use) {
    talk_.note(
        fmt::format("{} is open for writing in another program; it must be closed before "
                    "the session is written",
                    display_path(environment_, paths.credentials)));
  }

  Questions questions(terminal_, asked.no_input);
  LookAhead ahead(asked, settings, shared, environment_, http_, clock_, random_, talk_);
  ahead.set_user_name(asked.username ? *asked.username : questions.username(settings.username));
  if (!ahead.knows_role()) ahead.set_role(choose_role(shared, questions.role(settings.role)));
  const MfaUser user = ahead.finish_user(questions);
  const RolePlan roles = ahead.finish_roles(user);
  const SessionPlan plan = plan_session(asked, settings, roles, ahead.wants_mfa_session(), policy,
                                        user.user_name, user.serial_number, talk_);

  const TokenCodeSource code_source{
      asked.code,
      first_given({asked.mfa_process, ahead.profile_key("mfa_process"), settings.mfa_process})};
  TokenCodes codes(code_source, questions, process_, clock_,
                   SpentCodes(files_, random_, state_folder(environment_, files_)), talk_);
  AwsClient& client = ahead.account().client;
  const Session session = walk_chain(redeem_code(plan, user, ahead.account(), codes), plan, client);

  write(session, paths, target, request.overwrite);
  warn_of_problems(shared.config(), aws::FileKind::config, display_path(environment_, paths.config),
                   "profile " + target, talk_);
  return {target, display_path(environment_, paths.credentials), session.role_arn,
          session.credentials.expiration, session.credentials.expiration - client.now()};
}

void Get::write(const Session& session, const SharedFilePaths& paths, const std::string& target,
                bool overwrite) {
  const aws::SectionEdit edit = aws::session_profile(target, session.credentials, session.role_arn);
  aws::SharedFile written;
  const os::UpdateReport report = files_.update(paths.credentials, [&](base::WipedString bytes) {
    const aws::SharedFile credentials(std::move(bytes));
    // Somebody may have put a key of theirs there while the questions were asked.
    const aws::SharedConfig now(read_shared_file(files_, paths.config), credentials);
    aws::require_writable_target(now, target, overwrite);
    written = aws::SharedFile(aws::edited(credentials, aws::FileKind::credentials, {&edit, 1}));
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
}

}  // namespace app
