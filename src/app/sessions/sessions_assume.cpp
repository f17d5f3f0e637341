// The code and the roles.
#include "app/client/answer_check.h"
#include "app/sessions/sessions_job.h"
#include "base/text.h"

#include <fmt/core.h>

namespace app {
namespace {

// Sooner a device shows no other code, so that no MFA session could be newer.
constexpr base::Seconds code_step{30};

}  // namespace

void Sessions::Job::assume(Start start, const MfaUser& user,
                           std::unique_ptr<os::Files::Lock> turn) {
  if (start.route == Route::direct) {
    assume_directly(items_.front(), user);
    return store_roles(user);
  }
  const bool was_cached = start.base.has_value();
  CachedSession base = was_cached ? std::move(*start.base) : redeem_for_base(user);
  turn.reset();  // who waited for this code needs none now
  const base::Seconds age = was_cached ? base.age(doors_.clock_.now()) : base::Seconds{0};
  FanOutResult result = assume_with(base, age);
  const bool is_too_old = result.denied && age >= code_step;
  if (result.start_refused && was_cached) {
    doors_.messages_.note("AWS does not take the session kept from before any more");
    base = replace(base);
    result = assume_with(base, {});
  }
  for (Item& item : items_) {
    if (item.choice.mfa_session && !item.outcome) item.outcome = base.clone();
  }
  take(std::move(result));
  if (is_too_old && can_get_a_code()) try_again_with_a_fresh_base(base);
  store_roles({base.user_name, base.serial_number});
}

// The outcomes of the roles that had none yet.
void Sessions::Job::take(FanOutResult result) {
  auto outcome = result.outcomes.begin();
  for (Item& item : items_) {
    if (!item.outcome) item.outcome = std::move(*outcome++);
  }
}

// A role's trust policy may limit how old the code is (aws:MultiFactorAuthAge). What the others
// have got is not lost where this fails.
void Sessions::Job::try_again_with_a_fresh_base(const CachedSession& old) {
  doors_.messages_.note(
      fmt::format("AWS refused a role to the MFA session from the cache, {} old; the role may want "
                  "a newer code",
                  base::format_duration(old.age(doors_.clock_.now()))));
  std::optional<CachedSession> fresh;
  try {
    const auto turn = wait_for_turn(Route::via_base_session);
    auto newer = find_base(cache_.read());
    const bool is_newer = newer && newer->issued > old.issued;
    fresh =
        is_newer ? std::move(*newer) : redeem_for_base({old.user_name, old.serial_number}, true);
  } catch (const base::Error& error) {
    return doors_.messages_.note(error.what());
  }
  for (Item& item : items_) {
    if (std::holds_alternative<base::Error>(*item.outcome) && !item.chain.empty()) {
      item.outcome.reset();
    }
  }
  take(assume_with(*fresh, {}));
}

void Sessions::Job::assume_directly(Item& item, const MfaUser& user) {
  doors_.messages_.detail("the code goes straight to the role");
  const aws::sts::AssumeRole& first = item.chain.front();
  base::WipedString body =
      redeem({.user = user,
              .role = first,
              .role_seen = item.seen && first.role_arn == item.target.role_arn});
  aws::sts::AssumedRole assumed = aws::sts::parse_assume_role(body);
  require_asked_role(first, assumed.assumed_role_arn);
  require_valid_expiration(assumed.credentials, account_->client.now());
  Session session{std::move(assumed.credentials), first.role_arn, false};
  if (item.chain.size() == 1) {
    item.outcome = std::move(session);
    return;
  }
  const RoleChain rest(item.chain.begin() + 1, item.chain.end());
  FanOutResult result = assume_roles(session, {&rest, 1}, account_->client, doors_.http_,
                                     doors_.clock_, [](std::size_t, std::size_t) {});
  item.outcome = std::move(result.outcomes.front());
}

// The roles that are not there yet.
FanOutResult Sessions::Job::assume_with(const Session& session, base::Seconds age) {
  std::vector<RoleChain> chains;
  std::set<std::string> seen;
  for (const Item& item : items_) {
    if (item.outcome || item.choice.mfa_session) continue;
    chains.push_back(item.chain);
    if (item.seen) seen.insert(item.target.role_arn);
  }
  const auto progress = [&](std::size_t ended, std::size_t total) {
    if (chains.size() > 1) {
      doors_.messages_.progress(fmt::format("Assuming roles: {} of {}", ended, total));
    }
  };
  FanOutResult result = assume_roles(session, chains, account_->client, doors_.http_, doors_.clock_,
                                     progress, seen, age);
  doors_.messages_.progress({});
  return result;
}

CachedSession Sessions::Job::redeem_for_base(const MfaUser& user, bool replace) {
  const bool is_result = is_mfa_session_the_result();
  const base::Seconds duration = plan_mfa_session(request_, settings_, user, is_result);
  if (!is_result) {
    doors_.messages_.detail(fmt::format("the code buys a base session of {}; roles need none then",
                                        base::format_duration(duration)));
  }
  base::WipedString body = redeem({.user = user, .role = {}, .duration = duration});
  Session session{aws::sts::parse_get_session_token(body), "", false};
  require_valid_expiration(session.credentials, account_->client.now());
  const bool verified = wants_mfa_session();
  if (verified) require_session_of(user, session.credentials);
  CachedSession base = record(base_key(), std::move(session), "", user);
  base.verified = verified;
  store({&base, 1}, replace);
  return base;
}

// Another process may have found the same, and have asked already.
CachedSession Sessions::Job::replace(const CachedSession& refused) {
  require_someone_to_ask();
  const std::unique_ptr<os::Files::Lock> turn = wait_for_turn(Route::via_base_session);
  cache_.remove([&](const CachedSession& old) {
    return old.credentials.access_key_id == refused.credentials.access_key_id;
  });
  auto base = find_base(cache_.read());
  return base ? std::move(*base) : redeem_for_base({refused.user_name, refused.serial_number});
}

// A role's own answer says whose it is; that to GetSessionToken does not.
void Sessions::Job::require_session_of(const MfaUser& user, const aws::Credentials& credentials) {
  AwsClient& client = account_->client;
  aws::RequestFacts facts;
  facts.operation = "GetCallerIdentity";
  facts.access_key_id = credentials.access_key_id;
  facts.region = client.connection().sts.signing_region;
  facts.temporary_key = facts.mfa_session = true;
  base::WipedString body =
      require(client.call(aws::sts::get_caller_identity(), credentials), facts);
  require_asked_user(user.user_name, user.serial_number, parse_caller(body));
}

// For a person who has not said who they are; empty where they have.
std::string Sessions::Job::whose_code(const MfaUser& user) const {
  if (questions_.asked_username() || request_.quiet) return "";
  const Target& first = items_.front().target;
  const std::string what =
      use_.greeting_names_target ? ""
      : !is_single()             ? fmt::format(" for {} sessions", items_.size())
      : items_.front().choice.mfa_session
          ? " for the MFA session itself"
          : fmt::format(" for {} {}", first.profile.empty() ? "role" : "profile", first.name);
  return base::printable(
      fmt::format("MFA code of {}{}, from {}", user.user_name, what, user.serial_number));
}

base::WipedString Sessions::Job::redeem(const CodeRequest& request) {
  require_secret(account_->source());
  TokenCodes codes({.given = request_.code,
                    .on_input = request_.code_on_input,
                    .mfa_process = mfa_process(),
                    .whose = whose_code(request.user)},
                   questions_, doors_.process_, doors_.clock_,
                   SpentCodes(doors_.files_, doors_.random_, doors_.clock_, state_folder_.path),
                   *account_, doors_.messages_);
  // A command that prints the code is waited for without the network: connecting is to go on by
  // then, and nothing is to be spent where no request can be made at all.
  if (!request_.gives_code() && !mfa_process().empty()) {
    doors_.http_.wait_some(std::chrono::milliseconds{0});
  }
  return codes.redeem(request);
}

}  // namespace app
