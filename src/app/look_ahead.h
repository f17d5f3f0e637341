#pragma once

#include "app/account.h"
#include "app/mfa_device.h"
#include "app/role_choice.h"
#include "app/session_request.h"
#include "app/settings.h"
#include "os/environment.h"

#include <memory>
#include <optional>
#include <string>

namespace app {

// What is looked up while the person types the next answer: as soon as something is known, whatever
// follows from it is on its way. Leaving it, at any question, leaves no connection behind.
class LookAhead {
 public:
  // The doors, request, settings and files must outlive it. Opens the connection to STS.
  LookAhead(const SessionRequest& request, const Settings& settings,
            const aws::SharedConfig& shared, os::Environment& environment, os::HttpClient& http,
            os::Clock& clock, os::Random& random, os::Talk& talk);

  bool knows_role() const { return choice_.has_value(); }
  // Each once, in this order; the second only where the role is not known yet. An empty user name
  // is the owner of the key.
  void set_user_name(const std::string& user_name);
  void set_role(RoleChoice choice);

  // Waits for what is on its way. Throws as MfaUserSearch::finish and RoleSearch::finish.
  MfaUser finish_user(Questions& questions);
  RolePlan finish_roles(const MfaUser& user);

  Account& account() { return *account_; }
  bool wants_mfa_session() const { return choice_->mfa_session; }
  // A key of the profile whose role takes the code, else of the chosen one, else of the long-term
  // key's own; empty where none has it.
  std::string profile_key(std::string_view key) const;

 private:
  std::unique_ptr<Account> open_account(const RoleChoice& choice);
  void open_presumed_account();
  bool needs_warm_connection(const RoleChoice& choice, const SourceKey& source) const;
  void search_user();
  void search_role();

  const SessionRequest& request_;
  const Settings& settings_;
  const aws::SharedConfig& shared_;
  os::Environment& environment_;
  os::HttpClient& http_;
  os::Clock& clock_;
  os::Random& random_;
  os::Talk& talk_;

  std::optional<RoleChoice> choice_;
  std::string user_name_;
  std::unique_ptr<Account> account_;
  std::optional<MfaUserSearch> user_search_;
  std::optional<RoleSearch> role_search_;
};

}  // namespace app
