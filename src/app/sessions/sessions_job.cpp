#include "app/sessions/sessions_job.h"

#include "app/config/requested_roles.h"
#include "app/config/state_folder.h"
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

Target target_of(const RoleChoice& choice) {
  Target target;
  target.profile = choice.profile;
  target.name = !choice.profile.empty() ? choice.profile : choice.role ? choice.role->name : "mfa";
  if (choice.chain && !choice.chain->roles.empty()) {
    target.role_arn = choice.chain->roles.back().role_arn;
  }
  return target;
}

}  // namespace

Sessions::Job::Job(Sessions& doors, SessionRequest request, const SessionUse& use,
                   const Settings& settings, const aws::SharedConfig& shared)
    : doors_(doors),
      request_(std::move(request)),
      use_(use),
      settings_(settings),
      shared_(shared),
      min_ttl_(min_ttl_of(request_, settings)),
      state_folder_(find_state_folder(doors.environment_, doors.files_)),
      cache_(doors.files_, state_folder_.path),
      questions_(doors.terminal_, doors.clock_, request_.no_input, use.greeting,
                 use.answer_timeout) {}

// From top to bottom: what is there already, what is still to be asked, the one code, the roles.
std::vector<TargetSession> Sessions::Job::run(const BeforeCode& before_code) {
  if (!state_folder_.problem.empty()) {
    doors_.messages_.note(state_folder_.problem);
  }
  Answers answers = choose_roles();
  list_items(std::move(answers.choices));
  Start start = use_cache();
  std::unique_ptr<os::Files::Lock> turn;
  if (!all_there() && start.needs_code()) {
    require_someone_to_ask();
    turn = wait_for_turn(start.route);
    if (turn) start = use_cache();
    // The next one who waited need not wait for our requests.
    if (all_there() || !start.needs_code()) turn.reset();
  }
  const MfaUser user = all_there() ? MfaUser{} : plan(start, answers.user_name);
  before_code(targets());
  if (!all_there()) assume(std::move(start), user, std::move(turn));
  if (request_.code_on_input) questions_.skip_token_code_on_input();
  return results();
}

Sessions::Job::Answers Sessions::Job::choose_roles() {
  Answers answers;
  answers.choices =
      requested_roles(request_, settings_, shared_, doors_.environment_, doors_.messages_);
  if (answers.choices.empty() && use_.asks_username_and_role) return ask_who_and_which();
  if (answers.choices.empty()) answers.choices.push_back(choose_role(shared_, settings_));
  account_ = open_account(answers.choices);
  return answers;
}

// While the role is typed the user is looked up, with the key that is used unless the role turns
// out to be a profile's.
Sessions::Job::Answers Sessions::Job::ask_who_and_which() {
  // Whatever the role turns out to be, the key is this one.
  if (!request_.source_profile.empty()) {
    find_source_key(shared_, doors_.environment_, settings_, request_.source_profile, nullptr,
                    doors_.messages_);
  }
  try {
    std::unique_ptr<Account> presumed = open_account({});
    presumed->key();
    account_ = std::move(presumed);
  } catch (const Error&) {
    // No key, it seems; a profile may still bring one, and if none does, it is said then.
  }
  if (account_) keep_warm({}, 1);
  Answers answers;
  answers.user_name =
      request_.username ? *request_.username : questions_.username(settings_.username);
  if (account_) find_user(*answers.user_name, {});
  std::vector<RoleChoice>& choices = answers.choices;
  questions_.role(settings_.role, [&](const std::string& role) {
    choices.push_back(role == settings_.role ? choose_role(shared_, settings_)
                                             : choose_role(shared_, role));
  });
  // A profile brings a key of its own; any other role is assumed with the key presumed.
  if (!account_ || choices.front().chain) {
    prefetch_.leave();
    account_ = open_account(choices);
    keep_warm(choices, 1);
    find_user(*answers.user_name, choices.front());
  }
  find_roles(choices);
  return answers;
}

void Sessions::Job::list_items(std::vector<RoleChoice> choices) {
  for (RoleChoice& choice : choices) {
    Item& item = items_.emplace_back();
    item.target = target_of(choice);
    item.choice = std::move(choice);
  }
  for (Item& item : items_) {
    item.target.source_profile = account_->source().profile;
    item.key = item.choice.mfa_session ? base_key() : role_key(item.choice);
  }
}

// Takes what is there, and tells what the rest starts from.
Sessions::Job::Start Sessions::Job::use_cache() {
  const bool reads_cache = use_.takes_cached && !request_.renew;
  const aws::SharedFile cache = reads_cache ? cache_.read() : aws::SharedFile();
  take_cached(cache);
  if (all_there()) {
    if (use_.tells_end) tell_ends(cache);
    return {};
  }
  const RoleChoice& first = items_.front().choice;
  std::optional<CachedSession> base = cached_base(cache);
  Start start;
  start.route = choose_route(
      {.sessions = items_.size(),
       .is_mfa_session = first.mfa_session,
       .exceeds_chained_limit = !first.mfa_session && wish(first) > max_chained_duration,
       .prefers_direct = use_.prefers_direct,
       .has_base_session = base.has_value()});
  if (start.route == Route::direct || !base) return start;
  start.base = std::move(base);
  doors_.messages_.detail("a base session lives: no code is needed");
  return start;
}

// Before anything goes over the network.
void Sessions::Job::require_someone_to_ask() {
  require_secret(account_->source());
  if (can_get_a_code() || use_.asks_username_and_role) return;
  throw Error(ErrorKind::unanswered, "an MFA code is needed, and there is no one to ask",
              {fmt::format("get a session on a terminal first: {}", asking_command(request_)),
               "or give the code with --code, or a command that prints it with mfa_process"});
}

bool Sessions::Job::can_get_a_code() const {
  return request_.gives_code() || !mfa_process().empty() || questions_.may_ask_again();
}

// Whoever needs the same session at this moment waits for the one who is asked for its code.
std::unique_ptr<os::Files::Lock> Sessions::Job::wait_for_turn(Route route) {
  if (!use_.takes_cached || state_folder_.path.empty()) return nullptr;
  const std::string key = route == Route::direct ? items_.front().key : base_key();
  const std::string path = fmt::format("{}/code-{}", state_folder_.path, key);
  if (auto turn = doors_.files_.lock(path, std::chrono::milliseconds{0})) return turn;
  doors_.messages_.note("another aws-session-token asks for the code; waiting for it");
  if (auto turn = doors_.files_.lock(path, use_.turn_timeout)) return turn;
  throw Error(ErrorKind::unanswered,
              "another aws-session-token has waited for its code for too long",
              {"answer it there, then try again"});
}

// Looks up who the user is and which roles are meant, and puts the requests together.
MfaUser Sessions::Job::plan(const Start& start, const std::optional<std::string>& user_name) {
  if (start.needs_code()) account_->key();  // what is wrong with it is told before any question
  std::vector<RoleChoice> choices;
  for (const Item& item : items_) choices.push_back(item.choice);
  const int connections = start.route == Route::direct ? 1 : connections_for(items_.size());
  if (start.base) {
    // The roles are assumed at once: nobody is waited for.
    if (!user_name) find_roles(choices);
  } else if (!user_name && use_.asks_username_and_role && !request_.username) {
    keep_warm(choices, connections);
    find_user(questions_.username(settings_.username), choices.front());
    find_roles(choices);
  } else if (!user_name) {
    // What is looked up now is waited for before what is opened ahead.
    find_user(request_.username.value_or(settings_.username), choices.front());
    find_roles(choices);
    keep_warm(choices, connections);
  }
  MfaUser user = start.base ? MfaUser{start.base->user_name, start.base->serial_number}
                            : prefetch_.finish_user(questions_, doors_.messages_);
  if (start.needs_code() && start.route == Route::via_base_session) {
    plan_mfa_session(request_, settings_, user, is_mfa_session_the_result());
  }
  const std::vector<RoleAnswer> found =
      prefetch_.finish_roles(user.serial_number, doors_.messages_);
  for (std::size_t i = 0; i < items_.size(); ++i) plan_item(items_[i], found[i], start.route, user);
  throw_if_all_failed_alike();
  return user;
}

void Sessions::Job::plan_item(Item& item, const RoleAnswer& answer, Route route,
                              const MfaUser& user) {
  if (item.outcome || item.choice.mfa_session) return;
  try {
    if (const auto* error = std::get_if<Error>(&answer)) throw *error;
    const RolePlan& roles = std::get<RolePlan>(answer);
    item.target.role_arn = roles.steps.back().role_arn;
    if (use_.cached_by_arn && item.choice.role) item.key = role_key_by_arn(item);
    item.seen = roles.max_session_duration.has_value();
    item.chain = plan_role(request_, settings_, roles, route, user, doors_.messages_,
                           {.refuses_option = !use_.lives_on_base,
                            .tells = use_.tells_cut && (is_single() || use_.lives_on_base)});
  } catch (const Error& error) {
    if (is_single()) throw;
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

std::vector<TargetSession> Sessions::Job::results() {
  if (is_single() && std::holds_alternative<Error>(*items_.front().outcome)) {
    throw std::get<Error>(*items_.front().outcome);
  }
  std::vector<TargetSession> results;
  for (Item& item : items_) {
    TargetSession& result = results.emplace_back();
    result.target = std::move(item.target);
    result.outcome = std::move(*item.outcome);
    result.cached = item.cached;
    result.source_profile = account_->source().profile;
    result.source_access_key_id = account_->source().key.access_key_id;
    if (const Session* session = result.session()) {
      result.lifetime = session->credentials.expiration - account_->client.now();
    }
  }
  return results;
}

std::unique_ptr<Account> Sessions::Job::open_account(std::span<const RoleChoice> choices) {
  Access access =
      find_access(request_, settings_, shared_, doors_.environment_, choices, doors_.messages_);
  load_secret(access.source, doors_.files_, doors_.environment_);
  return std::make_unique<Account>(std::move(access), doors_.environment_, doors_.process_,
                                   doors_.http_, doors_.clock_, doors_.random_, doors_.messages_);
}

std::string Sessions::Job::profile_key(const RoleChoice& choice, std::string_view key) const {
  return app::profile_key(shared_, choice, account_->source().profile, key);
}

std::string Sessions::Job::serial_number(const RoleChoice& choice) {
  return request_.serial_number.empty() ? profile_key(choice, "mfa_serial")
                                        : request_.serial_number;
}

// The profile's own before that of an exec that we run inside, which cannot hand a line for the
// shell on as an option and may have been given it for another key.
std::string Sessions::Job::mfa_process() const {
  const auto file = doors_.environment_.get("AWSST_MFA_PROCESS_FILE");
  const auto of_exec = file ? doors_.files_.read(*file) : std::nullopt;
  return first_given({request_.mfa_process, profile_key(items_.front().choice, "mfa_process"),
                      std::string(of_exec.value_or(base::WipedString())), settings_.mfa_process});
}

// Opens connections to STS ahead of the requests, unless only one call is made, since everything
// is given: nothing can be won by opening ahead of it.
void Sessions::Job::keep_warm(std::span<const RoleChoice> choices, int connections) {
  const auto is_known = [](const RoleChoice& choice) {
    return choice.mfa_session || choice.chain || !choice.role->account.empty();
  };
  const bool needs_look_ups =
      choices.size() != 1 || !is_known(choices.front()) || serial_number(choices.front()).empty();
  if (request_.gives_code() && !needs_look_ups) return;
  doors_.http_.keep_warm(account_->client.connection().sts.origin, connections);
}

void Sessions::Job::find_user(const std::string& name, const RoleChoice& choice) {
  prefetch_.find_user(MfaUserRequest{.user_name = name,
                                     .serial_number = serial_number(choice),
                                     .likely_serial_number = settings_.serial_number},
                      *account_);
}

void Sessions::Job::find_roles(std::span<const RoleChoice> choices) {
  for (const RoleChoice& choice : choices) {
    const bool wants_maximum = choices.size() == 1 && !use_.lives_on_base && !choice.mfa_session &&
                               exceeds_chained_limit(request_, settings_, choice);
    prefetch_.find_role(choice, wants_maximum, *account_);
  }
}

bool Sessions::Job::all_there() const {
  return std::all_of(items_.begin(), items_.end(),
                     [](const Item& item) { return item.outcome.has_value(); });
}

bool Sessions::Job::wants_mfa_session() const {
  return std::any_of(items_.begin(), items_.end(),
                     [](const Item& item) { return item.choice.mfa_session; });
}

std::vector<Target> Sessions::Job::targets() const {
  std::vector<Target> all;
  for (const Item& item : items_) all.push_back(item.target);
  return all;
}

SessionRequest Sessions::with_role_of_environment(SessionRequest request,
                                                  const aws::SharedConfig& shared) {
  if (!names_no_role(request)) return request;
  if (auto profile = role_profile_of_environment(shared, environment_)) {
    messages_.note(
        fmt::format("the role is that of profile {}, which the environment names", *profile));
    request.profiles.push_back(std::move(*profile));
  }
  return request;
}

std::vector<TargetSession> Sessions::obtain(const SessionRequest& request, const SessionUse& use,
                                            const Settings& settings,
                                            const aws::SharedConfig& shared,
                                            const BeforeCode& before_code) {
  return Job(*this, with_policy_read(request, files_), use, settings, shared).run(before_code);
}

}  // namespace app
