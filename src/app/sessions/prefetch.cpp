#include "app/sessions/prefetch.h"

#include "app/sessions/session_plan.h"
#include "base/error.h"

#include <algorithm>

namespace app {

Prefetch::Prefetch(const SessionRequest& request, const Settings& settings,
                   const aws::SharedConfig& shared, os::Environment& environment,
                   os::HttpClient& http, os::Clock& clock, os::Random& random,
                   os::Messages& messages)
    : request_(request),
      settings_(settings),
      shared_(shared),
      environment_(environment),
      http_(http),
      clock_(clock),
      random_(random),
      messages_(messages) {}

void Prefetch::set_roles(std::vector<RoleChoice> choices) {
  choices_ = std::move(choices);
  // A profile brings a key of its own; any other role is assumed with the key presumed.
  const bool new_key = std::any_of(choices_.begin(), choices_.end(),
                                   [](const RoleChoice& choice) { return choice.chain; });
  if (opened_ && (!account_ || new_key)) {
    user_search_.reset();
    account_.reset();
    open(connections_);
    if (user_name_) search_user();
  }
  if (user_name_) search_roles();
}

void Prefetch::open(int connections) {
  opened_ = true;
  connections_ = connections;
  try {
    account();
  } catch (const base::Error&) {
    if (!choices_.empty()) throw;
    return;  // no key, it seems; a profile may still bring one, and if not, set_roles() says so
  }
  if (connections > 0 && needs_warm_connection()) {
    http_.keep_warm(account_->client.connection().sts.origin, connections);
  }
}

void Prefetch::set_user_name(const std::string& user_name) {
  user_name_ = user_name;
  if (!account_) return;
  search_user();
  search_roles();
}

void Prefetch::set_user(MfaUser user) {
  user_name_ = user.user_name;
  user_ = std::move(user);
  search_roles();
}

const MfaUser& Prefetch::finish_user(Questions& questions) {
  if (!user_) user_ = user_search_->finish(questions, messages_);
  return *user_;
}

std::vector<RoleAnswer> Prefetch::finish_roles() {
  std::vector<RoleAnswer> answers;
  for (const auto& search : role_searches_) {
    try {
      answers.emplace_back(search->finish(user_->serial_number, messages_));
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::interrupted) throw;
      answers.emplace_back(error);
    }
  }
  return answers;
}

Account& Prefetch::account() {
  if (!account_) {
    Access access = find_access(request_, settings_, shared_, environment_, choices_, messages_);
    account_ = std::make_unique<Account>(std::move(access), http_, clock_, random_, messages_);
  }
  return *account_;
}

std::string Prefetch::profile_key(std::string_view key) {
  return app::profile_key(shared_, choices_.empty() ? RoleChoice{} : choices_.front(),
                          account().source.profile, key);
}

std::string Prefetch::serial_number() {
  return request_.serial_number.empty() ? profile_key("mfa_serial") : request_.serial_number;
}

// Only the one call is made where everything is given: nothing can be won by opening ahead of it.
bool Prefetch::needs_warm_connection() {
  const bool role_known =
      choices_.size() == 1 && (choices_.front().mfa_session || choices_.front().chain ||
                               !choices_.front().role->account.empty());
  return !request_.code || !role_known || serial_number().empty();
}

void Prefetch::search_user() {
  user_search_.emplace(MfaUserRequest{.user_name = *user_name_,
                                      .serial_number = serial_number(),
                                      .likely_serial_number = settings_.serial_number},
                       *account_);
}

void Prefetch::search_roles() {
  role_searches_.clear();
  const bool several = choices_.size() > 1;
  for (const RoleChoice& choice : choices_) {
    const bool maximum = !several && wants_maximum(request_, settings_, choice);
    role_searches_.push_back(std::make_unique<RoleSearch>(choice, maximum, *account_));
  }
}

}  // namespace app
