#pragma once

// What Sessions::obtain does, for its three files alone: sessions_job.cpp has the steps and plans,
// sessions_cache.cpp knows the cache, sessions_assume.cpp spends the code and assumes.

#include "app/client/fan_out.h"
#include "app/config/role_choice.h"
#include "app/config/state_folder.h"
#include "app/sessions/prefetch.h"
#include "app/sessions/questions.h"
#include "app/sessions/session_cache.h"
#include "app/sessions/session_key.h"
#include "app/sessions/session_plan.h"
#include "app/sessions/sessions.h"
#include "app/sessions/token_code.h"

namespace app {

// A base session that ends sooner may end before the roles are assumed with it.
inline constexpr base::Seconds min_base_lifetime{60};

class Sessions::Job {
 public:
  // The request's policy was read.
  Job(Sessions& doors, SessionRequest request, const SessionUse& use, const Settings& settings,
      const aws::SharedConfig& shared);

  std::vector<TargetSession> run(const BeforeCode& before_code);

 private:
  // One of the roles on its way to a session.
  struct Item {
    RoleChoice choice;
    std::string key;  // in the cache
    Target target;
    RoleChain chain;    // the requests that lead to it, once they were planned
    bool seen = false;  // GetRole has answered for the last role
    std::optional<Outcome> outcome;
    bool cached = false;
  };
  // What was asked of the user at the start.
  struct Answers {
    std::vector<RoleChoice> choices;
    std::optional<std::string> user_name;  // nothing: it was not its turn yet
  };
  // What the roles start from that are not there yet.
  struct Start {
    Route route = Route::via_base_session;
    std::optional<CachedSession> base;  // that lives

    bool needs_code() const { return !base; }
  };

  // The steps, in their order.
  Answers choose_roles();
  Answers ask_who_and_which();
  void list_items(std::vector<RoleChoice> choices);
  Start use_cache();
  std::unique_ptr<os::Files::Lock> wait_for_turn(Route route);
  MfaUser plan(const Start& start, const std::optional<std::string>& user_name);
  void assume(Start start, const MfaUser& user, std::unique_ptr<os::Files::Lock> turn);
  std::vector<TargetSession> results();

  // Where AWS is, and as whom.
  std::unique_ptr<Account> open_account(std::span<const RoleChoice> choices);
  std::string profile_key(const RoleChoice& choice, std::string_view key) const;
  std::string serial_number(const RoleChoice& choice);  // that is given; empty: it is looked up
  std::string mfa_process() const;
  void keep_warm(std::span<const RoleChoice> choices, int connections);
  void find_user(const std::string& name, const RoleChoice& choice);
  void find_roles(std::span<const RoleChoice> choices);

  // The cache.
  SessionOrigin origin() const;
  std::string base_key() const;
  std::string role_key(const RoleChoice& choice) const;
  std::string role_key_by_arn(const Item& item) const;
  base::Seconds wish(const RoleChoice& choice) const;
  CacheQuery query(std::string key, base::Seconds min_ttl, base::Seconds duration = {}) const;
  void take_cached(const aws::SharedFile& cache);
  bool is_verified(CachedSession& session);
  void tell_ends(const aws::SharedFile& cache) const;
  std::optional<CachedSession> find_base(const aws::SharedFile& cache) const;
  std::optional<CachedSession> cached_base(const aws::SharedFile& cache) const;
  CachedSession record(const std::string& key, Session session, const std::string& profile,
                       const MfaUser& user) const;
  void store(std::span<const CachedSession> sessions, bool replace = false);
  void store_roles(const MfaUser& user);

  // The code.
  void require_someone_to_ask();
  std::string whose_code(const MfaUser& user) const;
  base::WipedString redeem(const CodeRequest& request);
  CachedSession redeem_for_base(const MfaUser& user, bool replace = false);
  void require_session_of(const MfaUser& user, const aws::Credentials& credentials);
  CachedSession replace(const CachedSession& refused_base);
  bool can_get_a_code() const;
  void try_again_with_a_fresh_base(const CachedSession& old);

  void plan_item(Item& item, const RoleAnswer& answer, Route route, const MfaUser& user);
  void throw_if_all_failed_alike() const;
  void assume_directly(Item& item, const MfaUser& user);
  FanOutResult assume_with(const Session& session, base::Seconds age);
  void take(FanOutResult result);

  bool all_there() const;
  bool is_single() const { return items_.size() == 1; }
  bool is_mfa_session_the_result() const {
    return is_single() && items_.front().choice.mfa_session;
  }
  bool wants_mfa_session() const;  // itself, be it among others
  std::vector<Target> targets() const;

  Sessions& doors_;
  const SessionRequest request_;
  const SessionUse& use_;
  const Settings& settings_;
  const aws::SharedConfig& shared_;
  const base::Seconds min_ttl_;
  const StateFolder state_folder_;
  SessionCache cache_;
  Questions questions_;
  std::unique_ptr<Account> account_;  // since the roles are known, or could be presumed
  Prefetch prefetch_;                 // knows the account
  std::vector<Item> items_;
};

}  // namespace app
