#pragma once

#include "app/client/account.h"
#include "app/sessions/mfa_device.h"
#include "app/sessions/role_search.h"

#include <memory>
#include <optional>
#include <vector>

namespace app {

// The look-ups that are on their way while a person types the next answer. Leaving them, at any
// question, leaves no connection behind.
class Prefetch {
 public:
  // Each sends its first request at once. The account must outlive the look-up.
  void find_user(MfaUserRequest request, Account& account) {
    user_.emplace(std::move(request), account);
  }
  void find_role(const RoleChoice& choice, bool wants_maximum, Account& account) {
    roles_.push_back(std::make_unique<RoleSearch>(choice, wants_maximum, account));
  }

  void leave() {
    user_.reset();
    roles_.clear();
  }

  // Waits for the user. Throws as MfaUserSearch::finish.
  MfaUser finish_user(Questions& questions, os::Messages& messages) {
    return user_->finish(questions, messages);
  }
  // For each of the roles what RoleSearch::finish gave or threw.
  std::vector<RoleAnswer> finish_roles(const std::string& serial_number, os::Messages& messages);

 private:
  std::optional<MfaUserSearch> user_;
  std::vector<std::unique_ptr<RoleSearch>> roles_;
};

}  // namespace app
