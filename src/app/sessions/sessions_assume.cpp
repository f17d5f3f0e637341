#include "app/sessions/sessions_job.h"
#include "app/sessions/spent_codes.h"
#include "base/error.h"
#include "base/text.h"

#include <fmt/core.h>

namespace app {

using base::Error;

void Sessions::Job::assume_directly() {
  Item& item = items_.front();
  doors_.messages_.detail("the code goes straight to the role");
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
  FanOutResult result = assume_roles(session, {&rest, 1}, prefetch_.account().client, doors_.http_,
                                     doors_.clock_, [](std::size_t, std::size_t) {});
  item.outcome = std::move(result.outcomes.front());
}

void Sessions::Job::assume_from_base(std::unique_ptr<os::Files::Lock> turn) {
  const bool base_was_cached = base_.has_value();
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
      doors_.messages_.progress(fmt::format("Assuming roles: {} of {}", ended, total));
    }
  };
  const auto fan_out = [&] {
    return assume_roles(*base_, chains, prefetch_.account().client, doors_.http_, doors_.clock_,
                        progress, seen);
  };
  FanOutResult result = fan_out();
  if (result.start_refused && base_was_cached) {
    doors_.messages_.note("AWS does not take the session kept from before any more");
    replace_base();
    result = fan_out();
  }
  for (std::size_t i = 0; i < assumed.size(); ++i) {
    assumed[i]->outcome = std::move(result.outcomes[i]);
  }
  doors_.messages_.progress({});
}

// Another process may have found the same, and have asked already.
void Sessions::Job::replace_base() {
  const std::string refused = base_->credentials.access_key_id;
  require_someone_to_ask();
  const std::unique_ptr<os::Files::Lock> turn = wait_for_turn();
  cache_.remove([&](const CachedSession& old) { return old.credentials.access_key_id == refused; });
  auto base = cache_.find(base_key_, request_.username.value_or(""), request_.serial_number,
                          doors_.clock_.now(), min_base_lifetime);
  if (base) {
    base_ = Session{std::move(base->credentials), "", false};
    return;
  }
  base_duration_ = plan_mfa_session(request_, settings_, *user_, is_mfa_session_the_result());
  redeem_base();
}

void Sessions::Job::redeem_base() {
  if (!is_mfa_session_the_result()) {
    doors_.messages_.detail(fmt::format("the code buys a base session of {}; roles need none then",
                                        base::format_duration(base_duration_)));
  }
  base::WipedString body = redeem("GetSessionToken", "", [&](const aws::sts::Mfa& mfa) {
    return aws::sts::get_session_token(base_duration_, mfa);
  });
  base_ = Session{aws::sts::parse_get_session_token(body), "", false};
  if (!use_.uses_cache) return;
  const CachedSession base = record(base_key_, *base_, "");
  keep({&base, 1});
}

// For a person who has not said who he is; empty where he has.
std::string Sessions::Job::whose_code() const {
  if (asked_name_ || request_.quiet) return "";
  const Target& first = items_.front().target;
  const std::string what =
      use_.greeting_names_target ? ""
      : !is_single()             ? fmt::format(" for {} sessions", items_.size())
      : items_.front().choice.mfa_session
          ? " for the MFA session itself"
          : fmt::format(" for {} {}", first.profile.empty() ? "role" : "profile", first.name);
  return base::printable(
      fmt::format("MFA code of {}{}, from {}", user_->user_name, what, user_->serial_number));
}

base::WipedString Sessions::Job::redeem(
    const std::string& operation, const std::string& role_arn,
    const std::function<aws::Call(const aws::sts::Mfa&)>& call) {
  require_secret(prefetch_.account().source);
  code_used_ = true;
  aws::RequestFacts facts;
  facts.operation = operation;
  facts.access_key_id = prefetch_.account().key().access_key_id;
  facts.user_name = user_->user_name;
  facts.serial_number = user_->serial_number;
  facts.role_arn = role_arn;
  facts.external_id_sent =
      !items_.front().chain.empty() && !items_.front().chain.front().external_id.empty();
  facts.region = prefetch_.account().client.connection().sts.signing_region;
  facts.code_sent = true;
  facts.role_seen = items_.front().seen && role_arn == items_.front().target.role_arn;
  facts.clock_offset = prefetch_.account().client.clock_offset();
  TokenCodes codes({request_.code, mfa_process(), whose_code()}, questions_, doors_.process_,
                   doors_.clock_, SpentCodes(doors_.files_, doors_.random_, state_folder_),
                   doors_.messages_);
  // A command that prints the code is waited for without the network: connecting is to go on by
  // then, and nothing is to be spent where no request can be made at all.
  if (!request_.code && !mfa_process().empty())
    doors_.http_.wait_some(std::chrono::milliseconds{0});
  return codes.redeem(
      [&](const std::string& code) {
        return call({user_->serial_number, code});
      },
      facts, prefetch_.account());
}

}  // namespace app
