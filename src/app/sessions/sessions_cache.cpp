// What the job takes from the cache, and what it puts there.
#include "app/sessions/sessions_job.h"
#include "base/error.h"
#include "os/locale.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {

SessionOrigin Sessions::Job::origin() const {
  return {account_->source().cached_as(), account_->client.connection().scope};
}

std::string Sessions::Job::base_key() const { return base_session_key(origin()); }

std::string Sessions::Job::role_key(const RoleChoice& choice) const {
  return role_session_key(request_, origin(), choice);
}

// Of a role that was named otherwise.
std::string Sessions::Job::role_key_by_arn(const Item& item) const {
  RoleChoice by_arn = item.choice;
  by_arn.role = aws::parse_role_reference(item.target.role_arn);
  return role_key(by_arn);
}

// How long what was asked for is to last, as far as AWS can give it by a way that this job takes.
base::Seconds Sessions::Job::wish(const RoleChoice& choice) const {
  if (choice.mfa_session) return mfa_session_duration(request_, settings_, is_single());
  const base::Seconds wish = wished_duration(request_, settings_, choice);
  const bool is_cut = use_.lives_on_base || (!is_single() && may_be_cut(request_));
  return is_cut ? std::min(wish, max_chained_duration) : wish;
}

CacheQuery Sessions::Job::query(std::string key, base::Seconds min_ttl,
                                base::Seconds duration) const {
  return {.key = std::move(key),
          .user_name = request_.username.value_or(""),
          .serial_number = request_.serial_number,
          .min_ttl = min_ttl,
          .duration = duration};
}

void Sessions::Job::take_cached(const aws::SharedFile& cache) {
  std::vector<CachedSession> renamed;
  for (Item& item : items_) {
    if (item.outcome) continue;
    auto cached = SessionCache::find(cache, query(item.key, min_ttl_, wish(item.choice)),
                                     doors_.clock_.now());
    if (!cached || (item.choice.mfa_session && !is_verified(*cached))) continue;
    item.target.role_arn = cached->role_arn;
    item.outcome = cached->clone();
    item.cached = true;
    if (!use_.cached_by_arn || !item.choice.role) continue;
    cached->key = role_key_by_arn(item);
    if (cached->key != item.key) renamed.push_back(std::move(*cached));
  }
  store(renamed);
}

// A session that opened roles was not asked whose it is: that is made up for before it is handed
// out, as with a fresh one. What fails that is not taken.
bool Sessions::Job::is_verified(CachedSession& session) {
  if (session.verified) return true;
  try {
    require_session_of({session.user_name, session.serial_number}, session.credentials);
  } catch (const base::Error& error) {
    doors_.messages_.note(
        fmt::format("the MFA session from the cache is not used: {}", error.what()));
    return false;
  }
  session.verified = true;
  store({&session, 1});
  return true;
}

// Of what was taken, unless an MFA session is there to get it again.
void Sessions::Job::tell_ends(const aws::SharedFile& cache) const {
  const auto base = find_base(cache);
  for (const Item& item : items_) {
    if (!item.cached || (base && !item.choice.mfa_session)) continue;
    const base::Time end = std::get<Session>(*item.outcome).credentials.expiration;
    doors_.messages_.note(fmt::format(
        "the session of {} is from the cache; it ends at {}, and renewing it{} needs a code",
        item.choice.mfa_session ? "your user" : item.target.name,
        os::local_time_near(end, doors_.clock_.now()),
        use_.lives_on_base ? ", or another profile," : ""));
  }
}

// The MFA session that roles can still be assumed with.
std::optional<CachedSession> Sessions::Job::find_base(const aws::SharedFile& cache) const {
  return SessionCache::find(cache, query(base_key(), min_base_lifetime), doors_.clock_.now());
}

// Nothing where the MFA session is wanted itself: it would have been taken.
std::optional<CachedSession> Sessions::Job::cached_base(const aws::SharedFile& cache) const {
  const bool is_wanted_itself = std::any_of(items_.begin(), items_.end(), [](const Item& item) {
    return item.choice.mfa_session && !item.outcome;
  });
  if (is_wanted_itself) return std::nullopt;
  return find_base(cache);
}

CachedSession Sessions::Job::record(const std::string& key, Session session,
                                    const std::string& profile, const MfaUser& user) const {
  return {std::move(session),
          key,
          profile,
          user.user_name,
          user.serial_number,
          account_->source().key.access_key_id,
          account_->client.connection().sts.origin,
          account_->client.now()};
}

void Sessions::Job::store_roles(const MfaUser& user) {
  std::vector<CachedSession> fresh;
  for (const Item& item : items_) {
    const auto* session = std::get_if<Session>(&*item.outcome);
    if (session == nullptr || item.cached || item.choice.mfa_session) continue;
    CachedSession& one =
        fresh.emplace_back(record(item.key, session->clone(), item.target.profile, user));
    one.is_longest = wish(item.choice) == longest;
  }
  store(fresh);
}

// A help for the next command, and no condition of this one: what the code bought is not lost.
void Sessions::Job::store(std::span<const CachedSession> sessions, bool replace) {
  try {
    cache_.store(sessions, doors_.clock_.now(), replace || request_.renew);
  } catch (const base::Error& error) {
    doors_.messages_.note(fmt::format("the session cannot be kept: {}", error.what()));
  }
}

}  // namespace app
