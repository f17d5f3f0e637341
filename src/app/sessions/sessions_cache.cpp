// What the job takes from the cache, and what it puts there.
#include "app/sessions/sessions_job.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {

SessionOrigin Sessions::Job::origin() const {
  return {account_->key().access_key_id, account_->client.connection().scope};
}

std::string Sessions::Job::base_key() const {
  return base_session_key(request_, settings_, origin(), is_mfa_session_the_result());
}

std::string Sessions::Job::role_key(const RoleChoice& choice) const {
  return role_session_key(request_, settings_, origin(), choice);
}

// Of a role that was named otherwise.
std::string Sessions::Job::role_key_by_arn(const Item& item) const {
  RoleChoice by_arn = item.choice;
  by_arn.role = aws::parse_role_reference(item.target.role_arn);
  return role_key(by_arn);
}

CacheQuery Sessions::Job::query(std::string key, base::Seconds min_ttl) const {
  return {.key = std::move(key),
          .user_name = request_.username.value_or(""),
          .serial_number = request_.serial_number,
          .min_ttl = min_ttl};
}

void Sessions::Job::take_cached(const aws::SharedFile& cache) {
  std::vector<CachedSession> renamed;
  for (Item& item : items_) {
    if (item.outcome) continue;
    auto cached = SessionCache::find(cache, query(item.key, min_ttl_), doors_.clock_.now());
    if (!cached) continue;
    item.target.role_arn = cached->role_arn;
    item.outcome = cached->clone();
    item.cached = true;
    if (!use_.cached_by_arn || !item.choice.role) continue;
    cached->key = role_key_by_arn(item);
    if (cached->key != item.key) renamed.push_back(std::move(*cached));
  }
  store(renamed);
}

std::optional<CachedSession> Sessions::Job::cached_base(const aws::SharedFile& cache) const {
  const bool is_wanted_itself = std::any_of(items_.begin(), items_.end(), [](const Item& item) {
    return item.choice.mfa_session && !item.outcome;
  });
  const base::Seconds min_ttl =
      is_wanted_itself ? std::max(min_ttl_, min_base_lifetime) : min_base_lifetime;
  return SessionCache::find(cache, query(base_key(), min_ttl), doors_.clock_.now());
}

CachedSession Sessions::Job::record(const std::string& key, Session session,
                                    const std::string& profile, const MfaUser& user) const {
  return {std::move(session),
          key,
          profile,
          user.user_name,
          user.serial_number,
          account_->key().access_key_id,
          account_->client.connection().sts.origin};
}

void Sessions::Job::store_roles(const MfaUser& user) {
  std::vector<CachedSession> fresh;
  for (const Item& item : items_) {
    const auto* session = std::get_if<Session>(&*item.outcome);
    if (session == nullptr || item.cached || item.choice.mfa_session) continue;
    fresh.push_back(record(item.key, session->clone(), item.target.profile, user));
  }
  store(fresh);
}

// A help for the next command, and no condition of this one: what the code bought is not lost.
void Sessions::Job::store(std::span<const CachedSession> sessions) {
  if (!use_.uses_cache) return;
  try {
    cache_.store(sessions, doors_.clock_.now());
  } catch (const base::Error& error) {
    doors_.messages_.note(fmt::format("the session cannot be kept: {}", error.what()));
  }
}

}  // namespace app
