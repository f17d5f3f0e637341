#include "app/sessions/sessions_job.h"

#include "app/config/requested_roles.h"
#include "app/sessions/session_key.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

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

// The command whose base session this request would use.
std::string asking_command(const SessionRequest& request) {
  std::string command = "aws-session-token exec ";
  for (const std::string& word : caller_words(request)) command += word + " ";
  if (!request.source_profile.empty()) command += "-s " + request.source_profile + " ";
  if (!request.endpoint_url.empty()) command += "--endpoint-url " + request.endpoint_url + " ";
  if (!request.profiles.empty()) command += request.profiles.front() + " ";
  return command + "-- true";
}

}  // namespace

// From top to bottom: what is there already, what is still to be asked, the one code, the roles.
std::vector<TargetSession> Sessions::Job::run(const BeforeCode& before_code) {
  if (request_.code && *request_.code != "-") token_code(*request_.code);
  choose_roles();
  use_cache();
  std::unique_ptr<os::Files::Lock> turn;
  if (needs_code()) {
    require_someone_to_ask();
    if (use_.uses_cache) turn = wait_for_turn();
    if (turn) use_cache();
    if (!needs_code()) turn.reset();  // the next one who waited need not wait for our requests
  }
  if (!all_there()) plan();
  before_code(targets());
  if (!all_there()) {
    direct_ ? assume_directly() : assume_from_base(std::move(turn));
    store();
  }
  if (request_.code == "-" && !code_used_) questions_.skip_given_code();
  if (is_single() && std::holds_alternative<Error>(*items_.front().outcome)) {
    throw std::get<Error>(*items_.front().outcome);
  }
  std::vector<TargetSession> results;
  for (Item& item : items_) {
    TargetSession& result = results.emplace_back();
    result.target = std::move(item.target);
    result.outcome = std::move(*item.outcome);
    result.cached = item.cached;
    result.source_profile = prefetch_.account().source.profile;
    result.source_access_key_id = prefetch_.account().key().access_key_id;
    if (const auto* session = std::get_if<Session>(&result.outcome)) {
      result.lifetime = session->credentials.expiration - prefetch_.account().client.now();
    }
  }
  return results;
}

void Sessions::Job::choose_roles() {
  std::vector<RoleChoice> choices =
      requested_roles(request_, settings_, shared_, doors_.environment_, doors_.messages_);
  if (choices.empty() && use_.asks_username_and_role) {
    // Whatever the role turns out to be, the key is this one.
    if (!request_.source_profile.empty()) {
      find_source_key(shared_, doors_.environment_, settings_, request_.source_profile, nullptr,
                      doors_.messages_);
    }
    prefetch_.open(1);
    asked_who_ = true;
    prefetch_.set_user_name(request_.username ? *request_.username : ask_name());
    questions_.role(settings_.role, [&](const std::string& role) {
      choices.push_back(role == settings_.role ? choose_role(shared_, settings_)
                                               : choose_role(shared_, role));
    });
  } else if (choices.empty()) {
    choices.push_back(choose_role(shared_, settings_));
  }
  prefetch_.set_roles(choices);
  for (RoleChoice& choice : choices) {
    Item& item = items_.emplace_back();
    item.target.profile = choice.profile;
    item.target.name = !choice.profile.empty() ? choice.profile
                       : choice.role           ? choice.role->name
                                               : "mfa";
    if (choice.chain && !choice.chain->roles.empty()) {
      item.target.role_arn = choice.chain->roles.back().role_arn;
    }
    item.choice = std::move(choice);
  }
  const RoleChoice& first = items_.front().choice;
  direct_ = is_single() && !first.mfa_session &&
            (use_.direct || wants_maximum(request_, settings_, first));
}

std::string Sessions::Job::ask_name() {
  asked_name_ = true;
  return questions_.username(settings_.username);
}

bool Sessions::Job::all_there() const {
  return std::all_of(items_.begin(), items_.end(),
                     [](const Item& item) { return item.outcome.has_value(); });
}

SessionOrigin Sessions::Job::origin() {
  const Account& account = prefetch_.account();
  return {account.key().access_key_id, account.client.connection().scope};
}

void Sessions::Job::use_cache() {
  if (!use_.uses_cache) return;
  const SessionOrigin from = origin();
  const base::Time now = doors_.clock_.now();
  base_key_ = base_session_key(request_, settings_, from, is_mfa_session_the_result());
  const std::string user = request_.username.value_or("");
  const aws::SharedFile cache = reads_cache() ? cache_.read() : aws::SharedFile();
  std::vector<CachedSession> renamed;
  for (Item& item : items_) {
    item.key = item.choice.mfa_session ? base_key_
                                       : role_session_key(request_, settings_, from, item.choice);
    if (item.outcome || !reads_cache()) continue;
    auto cached = SessionCache::find(cache, item.key, user, request_.serial_number, now, min_ttl_);
    if (!cached) continue;
    item.target.role_arn = cached->role_arn;
    item.outcome = Session{cached->credentials.clone(), cached->role_arn, cached->chained};
    item.cached = true;
    if (!use_.cached_by_arn || !item.choice.role) continue;
    cached->key = key_by_arn(item);
    if (cached->key != item.key) renamed.push_back(std::move(*cached));
  }
  if (!renamed.empty()) keep(renamed);
  if (!reads_cache() || base_ || all_there()) return;
  const bool is_wanted_itself = std::any_of(items_.begin(), items_.end(), [](const Item& item) {
    return item.choice.mfa_session && !item.outcome;
  });
  const base::Seconds least =
      is_wanted_itself ? std::max(min_ttl_, min_base_lifetime) : min_base_lifetime;
  auto base = SessionCache::find(cache, base_key_, user, request_.serial_number, now, least);
  // Of a role that is asked for longer than an hour the base session is no use.
  if (!base || (direct_ && wants_maximum(request_, settings_, items_.front().choice))) return;
  direct_ = false;
  user_ = MfaUser{base->user_name, base->serial_number};
  base_ = Session{std::move(base->credentials), "", false};
  doors_.messages_.detail("a base session lives: no code is needed");
}

// The profile's own before that of an exec, which may have been given for another key.
std::string Sessions::Job::mfa_process() {
  return first_given({request_.mfa_process, prefetch_.profile_key("mfa_process"),
                      mfa_process_of_exec_, settings_.mfa_process});
}

// Before anything goes over the network.
void Sessions::Job::require_someone_to_ask() {
  require_secret(prefetch_.account().source);
  const bool answered = request_.code || use_.asks_username_and_role || !mfa_process().empty();
  if (answered || questions_.may_ask_again()) return;
  throw Error(ErrorKind::unanswered, "an MFA code is needed, and there is no one to ask",
              {fmt::format("get a session on a terminal first: {}", asking_command(request_)),
               "or give the code with --code, or a command that prints it with mfa_process"});
}

// Whoever needs the same session at this moment waits for the one who is asked for its code.
std::unique_ptr<os::Files::Lock> Sessions::Job::wait_for_turn() {
  const std::string& key = direct_ ? items_.front().key : base_key_;
  const std::string path = fmt::format("{}/code-{}", state_folder_, key);
  if (auto turn = doors_.files_.lock(path, std::chrono::milliseconds{0})) return turn;
  doors_.messages_.note("another aws-session-token asks for the code; waiting for it");
  if (auto turn = doors_.files_.lock(path, use_.turn_timeout)) return turn;
  throw Error(ErrorKind::unanswered,
              "another aws-session-token has waited for its code for too long",
              {"answer it there, then try again"});
}

// Looks up who the user is and which roles are meant, and puts the requests together.
void Sessions::Job::plan() {
  // With a base session the roles are assumed at once: nobody is waited for.
  const int connections = base_ ? 0 : direct_ ? 1 : connections_for(items_.size());
  const bool asks = !user_ && !asked_who_ && use_.asks_username_and_role && !request_.username;
  if (asks) {
    prefetch_.open(connections);
    prefetch_.set_user_name(ask_name());
  } else if (user_) {
    prefetch_.set_user(*user_);
  } else if (!asked_who_) {
    prefetch_.set_user_name(request_.username.value_or(settings_.username));
  }
  // What is looked up now is waited for before what is opened ahead.
  if (!asks && !asked_who_) prefetch_.open(connections);
  user_ = prefetch_.finish_user(questions_);
  if (!direct_ && !base_) {
    base_duration_ = plan_mfa_session(request_, settings_, *user_, is_mfa_session_the_result());
  }
  const std::vector<RoleAnswer> answers = prefetch_.finish_roles();
  for (std::size_t i = 0; i < items_.size(); ++i) plan(items_[i], answers[i]);
  throw_if_all_failed_alike();
}

// Of a role that was named otherwise.
std::string Sessions::Job::key_by_arn(const Item& item) {
  RoleChoice cached_by_arn = item.choice;
  cached_by_arn.role = aws::parse_role_reference(item.target.role_arn);
  return role_session_key(request_, settings_, origin(), cached_by_arn);
}

void Sessions::Job::plan(Item& item, const RoleAnswer& answer) {
  if (item.outcome || item.choice.mfa_session) return;
  try {
    if (const auto* error = std::get_if<Error>(&answer)) throw *error;
    const RolePlan& roles = std::get<RolePlan>(answer);
    item.target.role_arn = roles.steps.back().role_arn;
    if (use_.cached_by_arn && item.choice.role) item.key = key_by_arn(item);
    item.seen = roles.max_session_duration.has_value();
    item.chain =
        plan_role(request_, settings_, roles, direct_ ? Route::direct : Route::via_base_session,
                  *user_, doors_.messages_);
  } catch (const Error& error) {
    if (is_single() || error.kind() == ErrorKind::interrupted) throw;
    item.outcome = error;
  }
}

// What is wrong with every one of them is wrong with the request.
void Sessions::Job::throw_if_all_failed_alike() const {
  const auto text = [](const Item& item) -> std::string {
    const Error* error = item.outcome ? std::get_if<Error>(&*item.outcome) : nullptr;
    return error != nullptr ? error->what() : "";
  };
  const std::string first = text(items_.front());
  const bool alike = !first.empty() && std::all_of(items_.begin(), items_.end(),
                                                   [&](const Item& i) { return text(i) == first; });
  if (alike) throw std::get<Error>(*items_.front().outcome);
}

void Sessions::Job::store() {
  if (!use_.uses_cache) return;
  std::vector<CachedSession> fresh;
  for (const Item& item : items_) {
    const auto* session = std::get_if<Session>(&*item.outcome);
    if (session == nullptr || item.cached || item.choice.mfa_session) continue;
    fresh.push_back(record(item.key, *session, item.target.profile));
  }
  keep(fresh);
}

// A help for the next command, and no condition of this one: what the code bought is not lost.
void Sessions::Job::keep(std::span<const CachedSession> sessions) {
  try {
    cache_.store(sessions, doors_.clock_.now());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    doors_.messages_.note(fmt::format("the session cannot be kept: {}", error.what()));
  }
}

CachedSession Sessions::Job::record(const std::string& key, const Session& session,
                                    const std::string& profile) {
  CachedSession result;
  result.key = key;
  result.credentials = session.credentials.clone();
  result.role_arn = session.role_arn;
  result.profile = profile;
  result.user_name = user_->user_name;
  result.serial_number = user_->serial_number;
  result.source_access_key_id = prefetch_.account().key().access_key_id;
  result.endpoint = prefetch_.account().client.connection().sts.origin;
  result.chained = session.chained;
  return result;
}

std::vector<Target> Sessions::Job::targets() const {
  std::vector<Target> all;
  for (const Item& item : items_) all.push_back(item.target);
  return all;
}

std::vector<TargetSession> Sessions::obtain(const SessionRequest& request, const SessionUse& use,
                                            const Settings& settings,
                                            const aws::SharedConfig& shared,
                                            const BeforeCode& before_code) {
  return Job(*this, with_policy_read(request, files_), use, settings, shared).run(before_code);
}

}  // namespace app
