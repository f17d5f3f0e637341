#pragma once

// What Sessions::obtain does, for its two files alone: sessions_job.cpp plans, sessions_assume.cpp
// assumes.

#include "app/config/state_folder.h"
#include "app/sessions/session_key.h"
#include "app/sessions/sessions.h"

#include <set>

namespace app {

// A base session that ends sooner may end before the roles are assumed with it.
inline constexpr base::Seconds min_base_lifetime{60};

class Sessions::Job {
 public:
  // The request's policy was read.
  Job(Sessions& doors, SessionRequest request, const SessionUse& use, const Settings& settings,
      const aws::SharedConfig& shared)
      : doors_(doors),
        request_(std::move(request)),
        use_(use),
        settings_(settings),
        shared_(shared),
        min_ttl_(request_.min_ttl.value_or(settings.min_ttl.value_or(default_min_ttl))),
        // Of the exec that we run inside, which cannot hand a line for the shell on as an option.
        mfa_process_of_exec_(doors.environment_.get("AWSST_MFA_PROCESS").value_or("")),
        state_folder_(state_folder(doors.environment_, doors.files_)),
        cache_(doors.files_, state_folder_),
        questions_(doors.terminal_, doors.clock_, request_.no_input, use.greeting,
                   use.answer_timeout),
        prefetch_(request_, settings, shared, doors.environment_, doors.http_, doors.clock_,
                  doors.random_, doors.messages_) {}

  std::vector<TargetSession> run(const BeforeCode& before_code);

 private:
  // One of the roles on its way to a session.
  struct Item {
    RoleChoice choice;
    std::string key;  // in the cache
    Target target;
    RoleChain chain;
    std::optional<Outcome> outcome;
    bool cached = false;
    bool seen = false;  // GetRole has answered for the last role
  };

  void choose_roles();
  std::string ask_name();
  SessionOrigin origin();
  void use_cache();
  bool needs_code() const { return !all_there() && (direct_ || !base_); }
  bool all_there() const;
  std::string mfa_process();
  void require_someone_to_ask();
  std::unique_ptr<os::Files::Lock> wait_for_turn();
  void plan();
  std::string key_by_arn(const Item& item);
  void plan(Item& item, const RoleAnswer& answer);
  void throw_if_all_failed_alike() const;

  void assume_directly();
  void assume_from_base(std::unique_ptr<os::Files::Lock> turn);
  void replace_base();
  void redeem_base();
  base::WipedString redeem(const std::string& operation, const std::string& role_arn,
                           const std::function<aws::Call(const aws::sts::Mfa&)>& call);
  std::string whose_code() const;
  void store();
  void keep(std::span<const CachedSession> sessions);
  CachedSession record(const std::string& key, const Session& session, const std::string& profile);

  bool reads_cache() const { return use_.uses_cache && !request_.renew; }
  bool is_single() const { return items_.size() == 1; }
  bool is_mfa_session_the_result() const {
    return is_single() && items_.front().choice.mfa_session;
  }
  std::vector<Target> targets() const;

  Sessions& doors_;
  const SessionRequest request_;
  const SessionUse& use_;
  const Settings& settings_;
  const aws::SharedConfig& shared_;
  const base::Seconds min_ttl_;
  const std::string mfa_process_of_exec_;
  const std::string state_folder_;
  SessionCache cache_;
  Questions questions_;
  Prefetch prefetch_;

  std::vector<Item> items_;
  bool asked_who_ = false;   // for the user name, unless it was given, and the role
  bool asked_name_ = false;  // for the user name
  bool code_used_ = false;
  bool direct_ = false;
  std::string base_key_;
  base::Seconds base_duration_{0};
  std::optional<Session> base_;
  std::optional<MfaUser> user_;  // once it is known
};

}  // namespace app
