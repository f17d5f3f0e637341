#pragma once

#include "aws/model/session_tag.h"
#include "aws/policy/policy.h"
#include "base/time.h"
#include "os/random.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the sandbox's AWS consists of. None of its secrets is real, hence plain strings throughout.
namespace sandbox {

struct LastUse {
  base::Time time;
  std::string service;  // "sts"
  std::string region;
};

struct AccessKey {
  std::string id;
  std::string secret;
  bool active = true;
  base::Time created = {};
  std::optional<LastUse> last_used = {};  // long-term keys: by every request that was well signed
};

struct MfaDevice {
  std::string serial_number;  // an ARN, or a plain serial for a hardware token
  std::string totp_secret;    // base32; empty for a FIDO device, which can make no codes
  base::Time enabled;
  std::uint64_t last_step =
      0;  // of the last code that was accepted: it and all before it are spent
};

struct User {
  std::string account;
  std::string path;  // "/" or "/engineering/"
  std::string name;  // root_user_name for the account's root user
  std::string id;
  std::string arn;
  base::Time created;
  std::vector<AccessKey> access_keys;
  std::vector<MfaDevice> mfa_devices;
  std::vector<aws::SessionTag> tags;
  std::vector<aws::policy::Policy> policies;

  bool is_root() const;
};

// As AWS's credential report calls it.
inline constexpr std::string_view root_user_name = "<root_account>";

struct Role {
  std::string account;
  std::string path;
  std::string name;
  std::string id;
  std::string arn;
  base::Time created;
  base::Seconds max_session_duration{3600};
  std::string trust_document;  // JSON, as GetRole returns it
  aws::policy::Policy trust;
  std::vector<aws::SessionTag> tags;
  std::vector<aws::policy::Policy> policies;
};

// Temporary credentials: of a user (GetSessionToken) or of a role (AssumeRole).
struct Session {
  AccessKey key;
  std::string token;
  base::Time expiration;
  const User* user = nullptr;
  const Role* role = nullptr;                         // exactly one of the two is set
  std::string role_session_name;                      // role sessions
  std::optional<base::Time> mfa_time;                 // user sessions: when a code was given
  std::vector<aws::policy::Policy> session_policies;  // restrict the role's own
  std::vector<aws::SessionTag> tags;                  // passed and inherited
  std::vector<std::string> transitive_tag_keys;       // of `tags`: the next session inherits them
  std::string source_identity;                        // empty: none
  bool chained = false;                               // made with temporary credentials
};

class World {
 public:
  // Builds the world of a document (doc/sandbox-world.md); what it leaves out is made up, as of
  // `now`. Throws Error{usage} that names what is wrong. `random` must outlive the world.
  World(std::string_view document, os::Random& random, base::Time now);
  // Sessions point into the world.
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Each returns nullptr when there is none.
  User* find_user(std::string_view account, std::string_view name);
  const Role* find_role(std::string_view arn) const;
  const Role* find_role(std::string_view account, std::string_view name) const;
  User* find_owner(std::string_view access_key_id);  // of a long-term key
  const Session* find_session(std::string_view access_key_id) const;
  const std::string* find_policy_document(std::string_view arn) const;  // managed policies

  // Adds what every session needs: access key, token. Sessions are kept for good, since an expired
  // one must be told from an unknown one.
  const Session& add_session(Session session);

  const std::string& partition() const { return partition_; }
  const std::string& account() const { return account_; }  // the first of the document
  const std::vector<User>& users() const { return users_; }
  const std::vector<Role>& roles() const { return roles_; }

 private:
  friend class WorldLoader;

  os::Random& random_;
  std::string partition_ = "aws";
  std::string account_;
  std::vector<User> users_;  // never grows after loading: sessions point into it
  std::vector<Role> roles_;
  std::map<std::string, std::string, std::less<>> policy_documents_;  // by ARN
  std::map<std::string, Session, std::less<>> sessions_;              // by access key id
};

// The document that is built in.
std::string_view default_world();

}  // namespace sandbox
