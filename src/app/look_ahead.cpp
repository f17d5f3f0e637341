#include "app/look_ahead.h"

#include "app/connection.h"
#include "app/session_plan.h"
#include "base/error.h"

namespace app {
namespace {

// What the command line says of the role; nothing when a person is to be asked.
std::optional<RoleChoice> given_choice(const SessionRequest& request,
                                       const aws::SharedConfig& shared) {
  if (!request.profile.empty()) return choose_profile(shared, request.profile, request.no_role);
  if (!request.role.empty()) return choose_role(shared, request.role);
  if (!request.no_role) return std::nullopt;
  RoleChoice none;
  none.mfa_session = true;
  return none;
}

}  // namespace

LookAhead::LookAhead(const SessionRequest& request, const Settings& settings,
                     const aws::SharedConfig& shared, os::Environment& environment,
                     os::HttpClient& http, os::Clock& clock, os::Random& random, os::Talk& talk)
    : request_(request),
      settings_(settings),
      shared_(shared),
      environment_(environment),
      http_(http),
      clock_(clock),
      random_(random),
      talk_(talk),
      choice_(given_choice(request, shared)) {
  if (choice_) {
    account_ = open_account(*choice_);
  } else {
    open_presumed_account();
  }
}

void LookAhead::set_user_name(const std::string& user_name) {
  user_name_ = user_name;
  if (account_) search_user();
  if (choice_) search_role();
}

void LookAhead::set_role(RoleChoice choice) {
  choice_ = std::move(choice);
  // A profile brings a key of its own; any other role is assumed with the key presumed.
  if (!account_ || choice_->chain) {
    user_search_.reset();
    account_ = open_account(*choice_);
    search_user();
  }
  search_role();
}

MfaUser LookAhead::finish_user(Questions& questions) {
  return user_search_->finish(questions, talk_);
}

RolePlan LookAhead::finish_roles(const MfaUser& user) {
  return role_search_ ? role_search_->finish(user.serial_number, talk_) : RolePlan{};
}

std::string LookAhead::profile_key(std::string_view key) const {
  const RoleChoice choice = choice_.value_or(RoleChoice{});
  const bool has_role = choice.chain && !choice.chain->roles.empty();
  const std::string first = has_role ? choice.chain->roles.front().profile : "";
  for (const std::string& profile : {first, choice.profile, account_->source.profile}) {
    if (const auto value = shared_.text(profile, key); !value.empty()) return std::string(value);
  }
  return "";
}

std::unique_ptr<Account> LookAhead::open_account(const RoleChoice& choice) {
  SourceKey source = find_source_key(shared_, environment_, settings_, request_.source_profile,
                                     choice.chain ? &*choice.chain : nullptr, talk_);
  Connection connection = resolve_connection({.region = request_.region,
                                              .endpoint_url = request_.endpoint_url,
                                              .settings_region = settings_.region,
                                              .partition_hint = partition_of(choice),
                                              .profile = choice.profile,
                                              .source_profile = source.profile},
                                             shared_, environment_);
  const bool warm = needs_warm_connection(choice, source);
  const std::string origin = connection.sts.origin;
  auto account = std::make_unique<Account>(std::move(source), std::move(connection), http_, clock_,
                                           random_, talk_);
  if (warm) http_.keep_warm(origin);
  return account;
}

// Before the role is known: the key that is used unless the role turns out to be a profile's.
void LookAhead::open_presumed_account() {
  try {
    account_ = open_account(RoleChoice{});
  } catch (const base::Error&) {
    // No key, it seems; that profile may still bring one, and if not, set_role() says so.
  }
}

// Only the one call is made where everything is given: nothing can be won by opening ahead of it.
bool LookAhead::needs_warm_connection(const RoleChoice& choice, const SourceKey& source) const {
  const bool device_known = !request_.serial_number.empty() ||
                            !shared_.text(choice.profile, "mfa_serial").empty() ||
                            !shared_.text(source.profile, "mfa_serial").empty();
  const bool role_known =
      choice.mfa_session || choice.chain || (choice.role && !choice.role->account.empty());
  return !request_.code || !device_known || !role_known;
}

void LookAhead::search_user() {
  const std::string& given = request_.serial_number;
  user_search_.emplace(
      MfaUserRequest{.user_name = user_name_,
                     .serial_number = given.empty() ? profile_key("mfa_serial") : given,
                     .likely_serial_number = settings_.serial_number},
      *account_);
}

void LookAhead::search_role() {
  if (choice_->mfa_session) return;
  role_search_.emplace(*choice_, wants_maximum(request_, settings_, *choice_), *account_);
}

}  // namespace app
