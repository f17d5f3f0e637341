#pragma once

#include "app/client/account.h"
#include "app/config/access.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/sessions/mfa_device.h"
#include "app/sessions/role_search.h"
#include "os/environment.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

// What is looked up while the person types the next answer: as soon as something is known, whatever
// follows from it is on its way. Leaving it, at any question, leaves no connection behind.
class Prefetch {
 public:
  // The doors, request, settings and files must outlive it.
  Prefetch(const SessionRequest& request, const Settings& settings, const aws::SharedConfig& shared,
           os::Environment& environment, os::HttpClient& http, os::Clock& clock, os::Random& random,
           os::Messages& messages);

  // Each once; the roles may be known first or last. open() connects to STS, so many times: with
  // the key of the roles, or, where they are not known yet, with the one that is used unless a role
  // turns out to be a profile's. An empty user name is the owner of the key; a user of whom
  // everything is known takes the place of his name.
  void set_roles(std::vector<RoleChoice> choices);
  void open(int connections);
  void set_user_name(const std::string& user_name);
  void set_user(MfaUser user);

  // Waits for what is on its way. Throws as MfaUserSearch::finish.
  const MfaUser& finish_user(Questions& questions);
  // For each of the roles what RoleSearch::finish gave or threw.
  std::vector<RoleAnswer> finish_roles();

  const std::vector<RoleChoice>& choices() const { return choices_; }
  // The key of the roles. Throws as find_access.
  Account& account();
  // As app::profile_key, of the first role.
  std::string profile_key(std::string_view key);

 private:
  std::string serial_number();  // that is given; empty: it is looked up
  bool needs_warm_connection();
  void search_user();
  void search_roles();

  const SessionRequest& request_;
  const Settings& settings_;
  const aws::SharedConfig& shared_;
  os::Environment& environment_;
  os::HttpClient& http_;
  os::Clock& clock_;
  os::Random& random_;
  os::Messages& messages_;

  std::vector<RoleChoice> choices_;
  std::optional<std::string> user_name_;
  std::optional<MfaUser> user_;
  bool opened_ = false;
  int connections_ = 1;
  std::unique_ptr<Account> account_;
  std::optional<MfaUserSearch> user_search_;
  std::vector<std::unique_ptr<RoleSearch>> role_searches_;
};

}  // namespace app
