#include "app/sessions.h"

#include "app/session_key.h"
#include "app/spent_codes.h"
#include "app/state_folder.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// A base session that ends sooner may end before the roles are assumed with it.
constexpr base::Seconds least_base{60};
// A session that lives for longer is used again, unless something else is said.
constexpr base::Seconds usual_min_ttl{900};

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

}  // namespace

// One of the roles on its way to a session.
struct Item {
  RoleChoice choice;
  std::string key;  // in the cache
  Target target;
  RoleChain chain;
  std::optional<Outcome> outcome;
  bool kept = false;
  bool seen = false;  // GetRole has answered for the last role
};

class Sessions::Job {
 public:
  Job(Sessions& doors, const SessionRequest& request, const Outlet& outlet,
      const Settings& settings, const aws::SharedConfig& shared)
      : doors_(doors),
        request_(request),
        outlet_(outlet),
        settings_(settings),
        shared_(shared),
        min_ttl_(request.min_ttl.value_or(settings.min_ttl.value_or(usual_min_ttl))),
        policy_(read_policy(doors.files_, request.policy_file)),
        // Of the exec that we run inside, which cannot hand a line for the shell on as an option.
        mfa_process_of_exec_(doors.environment_.get("AWSST_MFA_PROCESS").value_or("")),
        state_folder_(state_folder(doors.environment_, doors.files_)),
        cache_(doors.files_, state_folder_),
        questions_(doors.terminal_, doors.clock_, request.no_input, outlet.greeting,
                   outlet.answered_within),
        ahead_(request, settings, shared, doors.environment_, doors.http_, doors.clock_,
               doors.random_, doors.talk_) {}

  std::vector<TargetSession> run(const BeforeCode& before_code);

 private:
  std::vector<RoleChoice> given_roles();
  void choose_roles();
  void refuse_what_none_gives(const std::vector<RoleChoice>& choices) const;
  void use_cache();
  bool needs_code() const { return !all_there() && (straight_ || !base_); }
  bool all_there() const;
  std::string mfa_process();
  void require_someone_to_ask();
  std::unique_ptr<os::Files::Lock> take_turn();
  void plan();
  void plan(Item& item, const RoleAnswer& answer);
  void throw_if_all_failed_alike() const;

  void assume_straight();
  void assume_from_base(std::unique_ptr<os::Files::Lock> turn);
  void replace_base();
  void redeem_base();
  base::WipedString redeem(const std::string& operation, const std::string& role_arn,
                           const std::function<aws::Call(const aws::sts::Mfa&)>& call);
  void store();
  void keep(std::span<const CachedSession> sessions);
  CachedSession record(const std::string& key, const Session& session, const std::string& profile);

  bool reads_cache() const { return outlet_.keeps && !request_.renew; }
  bool is_single() const { return items_.size() == 1; }
  bool is_mfa_session_the_result() const {
    return is_single() && items_.front().choice.mfa_session;
  }
  std::vector<Target> targets() const;

  Sessions& doors_;
  const SessionRequest& request_;
  const Outlet& outlet_;
  const Settings& settings_;
  const aws::SharedConfig& shared_;
  const base::Seconds min_ttl_;
  const std::string policy_;
  const std::string mfa_process_of_exec_;
  const std::string state_folder_;
  SessionCache cache_;
  Questions questions_;
  LookAhead ahead_;

  std::vector<Item> items_;
  bool asked_who_ = false;
  bool code_used_ = false;
  bool straight_ = false;
  std::string base_key_;
  base::Seconds base_duration_{0};
  std::optional<Session> base_;
  std::optional<MfaUser> user_;  // once it is known
};

// From top to bottom: what is there already, what is still to be asked, the one code, the roles.
std::vector<TargetSession> Sessions::Job::run(const BeforeCode& before_code) {
  if (request_.code && *request_.code != "-") token_code(*request_.code);
  choose_roles();
  use_cache();
  std::unique_ptr<os::Files::Lock> turn;
  if (needs_code()) {
    require_someone_to_ask();
    if (outlet_.keeps) turn = take_turn();
    if (turn) use_cache();
    if (!needs_code()) turn.reset();  // the next one who waited need not wait for our requests
  }
  if (!all_there()) plan();
  before_code(targets());
  if (!all_there()) {
    straight_ ? assume_straight() : assume_from_base(std::move(turn));
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
    result.kept = item.kept;
    result.source_profile = ahead_.account().source.profile;
    result.source_access_key_id = ahead_.account().key().access_key_id;
    if (const auto* session = std::get_if<Session>(&result.outcome)) {
      result.lifetime = session->credentials.expiration - ahead_.account().client.now();
    }
  }
  return results;
}

std::vector<RoleChoice> Sessions::Job::given_roles() {
  std::vector<RoleChoice> choices;
  for (const std::string& profile : request_.profiles) {
    choices.push_back(choose_profile(shared_, profile, request_.no_role));
  }
  for (const std::string& role : request_.roles) choices.push_back(choose_role(shared_, role));
  if (request_.all && (request_.no_role || !choices.empty())) {
    throw Error(ErrorKind::usage, "--all means every profile, and more was named",
                {"leave out --all, or the profiles, --role and --no-role"});
  }
  if (request_.all) {
    const SourceKey source = find_source_key(shared_, doors_.environment_, settings_,
                                             request_.source_profile, nullptr, doors_.talk_);
    choices = choose_all(shared_, source, doors_.talk_);
  } else if (choices.empty() && request_.no_role) {
    choices.emplace_back().mfa_session = true;
  }
  return choices;
}

// Options that would be passed over: before what is kept is looked at, which knows nothing of them.
void Sessions::Job::refuse_what_none_gives(const std::vector<RoleChoice>& choices) const {
  const bool has_mfa_session = std::any_of(choices.begin(), choices.end(),
                                           [](const RoleChoice& c) { return c.mfa_session; });
  if (!has_mfa_session) return;
  refuse_options_of_a_role(request_);
  if (choices.size() > 1 && !request_.duration.empty()) {
    throw Error(ErrorKind::usage,
                "--duration is for roles or for the MFA session, and both are asked for",
                {"get them one after the other"});
  }
}

void Sessions::Job::choose_roles() {
  std::vector<RoleChoice> choices = given_roles();
  if (choices.empty() && outlet_.asks_who) {
    ahead_.open(1);
    asked_who_ = true;
    ahead_.set_user_name(request_.username ? *request_.username
                                           : questions_.username(settings_.username));
    choices.push_back(choose_role(shared_, questions_.role(settings_.role)));
  } else if (choices.empty()) {
    choices.push_back(choose_role(shared_, settings_.role));
  }
  refuse_what_none_gives(choices);
  ahead_.set_roles(choices);
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
  straight_ = is_single() && !first.mfa_session &&
              (outlet_.straight || wants_maximum(request_, settings_, first));
}

bool Sessions::Job::all_there() const {
  return std::all_of(items_.begin(), items_.end(),
                     [](const Item& item) { return item.outcome.has_value(); });
}

void Sessions::Job::use_cache() {
  if (!outlet_.keeps) return;
  const Account& account = ahead_.account();
  const base::Time now = doors_.clock_.now();
  base_key_ = base_session_key(request_, settings_, account, is_mfa_session_the_result());
  const std::string user = request_.username.value_or("");
  const aws::SharedFile kept = reads_cache() ? cache_.read() : aws::SharedFile();
  for (Item& item : items_) {
    item.key = item.choice.mfa_session
                   ? base_key_
                   : role_session_key(request_, settings_, account, item.choice, policy_);
    if (item.outcome || !reads_cache()) continue;
    auto cached = SessionCache::find(kept, item.key, user, request_.serial_number, now, min_ttl_);
    if (!cached) continue;
    item.target.role_arn = cached->role_arn;
    item.outcome = Session{std::move(cached->credentials), cached->role_arn, cached->chained};
    item.kept = true;
  }
  if (!reads_cache() || base_ || all_there()) return;
  const bool is_wanted_itself = std::any_of(items_.begin(), items_.end(), [](const Item& item) {
    return item.choice.mfa_session && !item.outcome;
  });
  const base::Seconds least = is_wanted_itself ? std::max(min_ttl_, least_base) : least_base;
  auto base = SessionCache::find(kept, base_key_, user, request_.serial_number, now, least);
  // Of a role that is asked for longer than an hour the base session is no use.
  if (!base || (straight_ && wants_maximum(request_, settings_, items_.front().choice))) return;
  straight_ = false;
  user_ = MfaUser{base->user_name, base->serial_number};
  base_ = Session{std::move(base->credentials), "", false};
  doors_.talk_.detail("a base session lives: no code is needed");
}

// The profile's own before that of an exec, which may have been given for another key.
std::string Sessions::Job::mfa_process() {
  return first_given({request_.mfa_process, ahead_.profile_key("mfa_process"), mfa_process_of_exec_,
                      settings_.mfa_process});
}

// Before anything goes over the network.
void Sessions::Job::require_someone_to_ask() {
  require_whole(ahead_.account().source);
  const bool answered = request_.code || outlet_.asks_who || !mfa_process().empty();
  if (answered || questions_.may_ask_again()) return;
  throw Error(ErrorKind::unanswered, "an MFA code is needed, and there is no one to ask",
              {"get a session on a terminal first: aws-session-token exec -- true",
               "or give the code with --code, or a command that prints it with mfa_process"});
}

// Whoever needs the same session at this moment waits for the one who is asked for its code.
std::unique_ptr<os::Files::Lock> Sessions::Job::take_turn() {
  const std::string& key = straight_ ? items_.front().key : base_key_;
  const std::string path = fmt::format("{}/code-{}", state_folder_, key);
  if (auto turn = doors_.files_.lock(path, std::chrono::milliseconds{0})) return turn;
  doors_.talk_.note("another aws-session-token asks for the code; waiting for it");
  if (auto turn = doors_.files_.lock(path, outlet_.patience)) return turn;
  throw Error(ErrorKind::unanswered,
              "another aws-session-token has waited for its code for too long",
              {"answer it there, then try again"});
}

// Looks up who the user is and which roles are meant, and puts the requests together.
void Sessions::Job::plan() {
  // With a base session the roles are assumed at once: nobody is waited for.
  if (!asked_who_) ahead_.open(base_ ? 0 : straight_ ? 1 : connections_for(items_.size()));
  if (user_) {
    ahead_.set_user(*user_);
  } else if (!asked_who_) {
    const bool asks = outlet_.asks_who && !request_.username;
    ahead_.set_user_name(asks ? questions_.username(settings_.username)
                              : request_.username.value_or(settings_.username));
  }
  user_ = ahead_.finish_user(questions_);
  if (!straight_ && !base_) {
    base_duration_ = plan_mfa_session(request_, settings_, *user_, is_mfa_session_the_result());
  }
  const std::vector<RoleAnswer> answers = ahead_.finish_roles();
  for (std::size_t i = 0; i < items_.size(); ++i) plan(items_[i], answers[i]);
  throw_if_all_failed_alike();
}

void Sessions::Job::plan(Item& item, const RoleAnswer& answer) {
  if (item.outcome || item.choice.mfa_session) return;
  try {
    if (const auto* error = std::get_if<Error>(&answer)) throw *error;
    const RolePlan& roles = std::get<RolePlan>(answer);
    item.target.role_arn = roles.steps.back().role_arn;
    item.seen = roles.max_session_duration.has_value();
    item.chain =
        plan_role(request_, settings_, roles, straight_ ? Way::straight : Way::base_session,
                  policy_, *user_, doors_.talk_);
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

void Sessions::Job::assume_straight() {
  Item& item = items_.front();
  doors_.talk_.detail("the code goes straight to the role");
  base::WipedString body = redeem(
      "AssumeRole", item.chain.front().role_arn,
      [&](const aws::sts::Mfa& mfa) { return aws::sts::assume_role(item.chain.front(), mfa); });
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(item.chain.front().role_arn, assumed.assumed_role_arn);
  Session session{std::move(assumed.credentials), item.chain.front().role_arn, false};
  if (item.chain.size() == 1) {
    item.outcome = std::move(session);
    return;
  }
  const RoleChain rest(item.chain.begin() + 1, item.chain.end());
  FanOutResult result = assume_roles(session, {&rest, 1}, ahead_.account().client, doors_.http_,
                                     doors_.clock_, [](std::size_t, std::size_t) {});
  item.outcome = std::move(result.outcomes.front());
}

void Sessions::Job::assume_from_base(std::unique_ptr<os::Files::Lock> turn) {
  const bool kept_base = base_.has_value();
  if (!base_) redeem_base();
  turn.reset();  // who waited for this code needs none now
  std::vector<RoleChain> chains;
  std::vector<Item*> assumed;
  std::set<std::string> seen;
  for (Item& item : items_) {
    if (item.outcome) continue;
    if (item.choice.mfa_session) {
      item.outcome = base_->clone();
      continue;
    }
    chains.push_back(item.chain);
    assumed.push_back(&item);
    if (item.seen) seen.insert(item.target.role_arn);
  }
  const auto progress = [&](std::size_t ended, std::size_t total) {
    if (chains.size() > 1) {
      doors_.talk_.progress(fmt::format("Assuming roles: {} of {}", ended, total));
    }
  };
  const auto fan_out = [&] {
    return assume_roles(*base_, chains, ahead_.account().client, doors_.http_, doors_.clock_,
                        progress, seen);
  };
  FanOutResult result = fan_out();
  if (result.start_refused && kept_base) {
    doors_.talk_.note("AWS does not take the session kept from before any more");
    replace_base();
    result = fan_out();
  }
  for (std::size_t i = 0; i < assumed.size(); ++i) {
    assumed[i]->outcome = std::move(result.outcomes[i]);
  }
  doors_.talk_.progress({});
}

// Another process may have found the same, and have asked already.
void Sessions::Job::replace_base() {
  const std::string refused = base_->credentials.access_key_id;
  require_someone_to_ask();
  const std::unique_ptr<os::Files::Lock> turn = take_turn();
  cache_.remove([&](const CachedSession& old) { return old.credentials.access_key_id == refused; });
  auto base = cache_.find(base_key_, request_.username.value_or(""), request_.serial_number,
                          doors_.clock_.now(), least_base);
  if (base) {
    base_ = Session{std::move(base->credentials), "", false};
    return;
  }
  base_duration_ = plan_mfa_session(request_, settings_, *user_, is_mfa_session_the_result());
  redeem_base();
}

void Sessions::Job::redeem_base() {
  if (!is_mfa_session_the_result()) {
    doors_.talk_.detail(fmt::format("the code buys a base session of {}; roles need none then",
                                    base::format_duration(base_duration_)));
  }
  base::WipedString body = redeem("GetSessionToken", "", [&](const aws::sts::Mfa& mfa) {
    return aws::sts::get_session_token(base_duration_, mfa);
  });
  base_ = Session{aws::sts::parse_get_session_token(body), "", false};
  if (!outlet_.keeps) return;
  const CachedSession base = record(base_key_, *base_, "");
  keep({&base, 1});
}

base::WipedString Sessions::Job::redeem(
    const std::string& operation, const std::string& role_arn,
    const std::function<aws::Call(const aws::sts::Mfa&)>& call) {
  require_whole(ahead_.account().source);
  code_used_ = true;
  aws::RequestFacts facts;
  facts.operation = operation;
  facts.access_key_id = ahead_.account().key().access_key_id;
  facts.user_name = user_->user_name;
  facts.serial_number = user_->serial_number;
  facts.role_arn = role_arn;
  facts.external_id_sent =
      !items_.front().chain.empty() && !items_.front().chain.front().external_id.empty();
  facts.region = ahead_.account().client.connection().sts.signing_region;
  facts.code_sent = true;
  facts.role_seen = items_.front().seen && role_arn == items_.front().target.role_arn;
  facts.clock_offset = ahead_.account().client.clock_offset();
  TokenCodes codes({request_.code, mfa_process()}, questions_, doors_.process_, doors_.clock_,
                   SpentCodes(doors_.files_, doors_.random_, state_folder_), doors_.talk_);
  return codes.redeem(
      [&](const std::string& code) {
        return call({user_->serial_number, code});
      },
      facts, ahead_.account());
}

void Sessions::Job::store() {
  if (!outlet_.keeps) return;
  std::vector<CachedSession> fresh;
  for (const Item& item : items_) {
    const auto* session = std::get_if<Session>(&*item.outcome);
    if (session == nullptr || item.kept || item.choice.mfa_session) continue;
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
    doors_.talk_.note(fmt::format("the session cannot be kept: {}", error.what()));
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
  result.source_access_key_id = ahead_.account().key().access_key_id;
  result.endpoint = ahead_.account().client.connection().sts.origin;
  result.chained = session.chained;
  return result;
}

std::vector<Target> Sessions::Job::targets() const {
  std::vector<Target> all;
  for (const Item& item : items_) all.push_back(item.target);
  return all;
}

std::vector<TargetSession> Sessions::obtain(const SessionRequest& request, const Outlet& outlet,
                                            const Settings& settings,
                                            const aws::SharedConfig& shared,
                                            const BeforeCode& before_code) {
  return Job(*this, request, outlet, settings, shared).run(before_code);
}

}  // namespace app
