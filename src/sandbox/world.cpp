#include "sandbox/world.h"

#include "base/text.h"
#include "sandbox/identifiers.h"

#include <algorithm>

namespace sandbox {

bool User::is_root() const { return name == root_user_name; }

User* World::find_user(std::string_view account, std::string_view name) {
  // Names differ by more than case, yet AWS finds a user by its name in any case.
  const auto found = std::find_if(users_.begin(), users_.end(), [&](const User& user) {
    return user.account == account && base::equal_ignoring_case(user.name, name);
  });
  return found == users_.end() ? nullptr : &*found;
}

const Role* World::find_role(std::string_view arn) const {
  const auto found =
      std::find_if(roles_.begin(), roles_.end(), [&](const Role& role) { return role.arn == arn; });
  return found == roles_.end() ? nullptr : &*found;
}

const Role* World::find_role(std::string_view account, std::string_view name) const {
  const auto found = std::find_if(roles_.begin(), roles_.end(), [&](const Role& role) {
    return role.account == account && base::equal_ignoring_case(role.name, name);
  });
  return found == roles_.end() ? nullptr : &*found;
}

User* World::find_owner(std::string_view access_key_id) {
  for (User& user : users_) {
    for (const AccessKey& key : user.access_keys) {
      if (key.id == access_key_id) return &user;
    }
  }
  return nullptr;
}

const Session* World::find_session(std::string_view access_key_id) const {
  const auto found = sessions_.find(access_key_id);
  return found == sessions_.end() ? nullptr : &found->second;
}

const std::string* World::find_policy_document(std::string_view arn) const {
  const auto found = policy_documents_.find(arn);
  return found == policy_documents_.end() ? nullptr : &found->second;
}

const Session& World::add_session(Session session) {
  session.key.id = make_access_key_id("ASIA", random_);
  session.key.secret = make_secret_access_key(random_);
  session.token = make_session_token(random_);
  const std::string id = session.key.id;
  return sessions_.insert_or_assign(id, std::move(session)).first->second;
}

}  // namespace sandbox
