#pragma once

#include "aws/files/shared_file.h"
#include "aws/model/credentials.h"
#include "aws/model/role_parameters.h"
#include "base/time.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// [A-Za-z0-9_./%@:+-], 1 to 128: the names that every client accepts (SDKs and Tools Reference
// Guide, "Shared config and credentials files").
bool is_profile_name(std::string_view name);
inline constexpr std::string_view profile_name_rule =
    "letters, digits and _ . / % @ : + - only, 128 at most";

// The shared config file and the shared credentials file taken together: profiles of one name are
// one profile, and the credentials file's keys win. Nothing is copied out of the files.
class SharedConfig {
 public:
  SharedConfig(SharedFile config, SharedFile credentials);
  SharedConfig(SharedConfig&&) = default;  // the indexes point into the files: no copies
  SharedConfig& operator=(SharedConfig&&) = default;

  bool has_profile(std::string_view profile) const;
  std::vector<std::string> profiles() const;  // sorted
  // The first of them that names `profile` as its source_profile in a section of its own.
  std::optional<std::string_view> profile_with_source(std::string_view profile) const;
  // The value of a lower-case key, an empty one included; aws-vault's `include_profile` is followed
  // through the config file, for settings that the profile itself does not have, never for keys.
  std::optional<std::string_view> get(std::string_view profile, std::string_view key) const;
  // As get(), with an empty value for one that is not there.
  std::string_view text(std::string_view profile, std::string_view key) const;

  // `endpoint_url` for a service ("sts", "iam"): from the `[services NAME]` section that the
  // profile names, else the profile's own (SDKs and Tools Reference Guide, "Service-specific
  // endpoints").
  std::string_view endpoint_url(std::string_view profile, std::string_view service) const;

  // The value in the profile's own section of one of the two files.
  std::optional<std::string_view> in_config(std::string_view profile, std::string_view key) const;
  std::optional<std::string_view> in_credentials(std::string_view profile,
                                                 std::string_view key) const;

  const SharedFile& config() const { return config_; }
  const SharedFile& credentials() const { return credentials_; }

 private:
  // The sections of one name, which all clients merge: the last that has a key counts. They are
  // read when they are first asked for something.
  class Merged {
   public:
    void add(const Section& section) { sections_.push_back(&section); }
    void remove_named(std::string_view name);
    const Property* find(std::string_view key) const;

   private:
    std::vector<const Section*> sections_;
    mutable std::optional<std::vector<Property>> properties_;
  };
  using Index = std::map<std::string_view, Merged>;
  static const Property* find(const Index& index, std::string_view name, std::string_view key);

  SharedFile config_;
  SharedFile credentials_;
  Index config_profiles_;
  Index credentials_profiles_;
  Index services_;
  mutable std::optional<std::map<std::string_view, std::string_view>> users_of_sources_;
};

// How a role profile says its role is to be assumed. Session tags and source identity are written
// as aws-vault's keys `session_tags`, `transitive_session_tags` and `source_identity` have them;
// session policies no profile can have.
struct RoleStep : RoleParameters {
  std::string profile;
  std::string role_arn;
  std::optional<base::Seconds> duration;
};

// Where the first request of a chain gets its key from.
enum class KeySource {
  profile,      // a long-term key in the shared files, or a moved one
  environment,  // credential_source = Environment
  unnamed,      // the profile names none
  sso,
  web_identity,
  credential_process,
  instance,   // credential_source = Ec2InstanceMetadata
  container,  // credential_source = EcsContainer
};

// A profile resolved to the key that it starts from and the roles on the way, in the order in which
// they are assumed.
struct Chain {
  KeySource source = KeySource::unnamed;
  std::string source_profile;  // with KeySource::profile and the ones we cannot use: who says so
  std::vector<RoleStep> roles;
};

// Follows role_arn, source_profile and credential_source as the SDKs do: a source profile's static
// keys take precedence over its own role; a profile with such keys may be its own source. Throws
// Error{failed} for a profile that is missing, a loop, half a key, both kinds of source at once, a
// profile without credentials, and a duration or tags that cannot be read.
Chain resolve_chain(const SharedConfig& shared, std::string_view profile);

// Of the characters that the halves of an access key have.
bool is_key_text(std::string_view text);

// The hint for an access key ID that does not have the form of one. The ID itself is not repeated:
// it may be the secret.
inline constexpr std::string_view swapped_key_hint =
    "check whether the ID and the secret are swapped: an ID has about 20 characters, capital "
    "letters "
    "and digits, and begins with AKIA; a secret has 40";

// The ID of the profile's long-term key. Throws Error{failed} when there is only half a key, when
// it is temporary, when it has characters that no AWS key has, or when its ID is not one; all this
// can be told of files without secrets, too.
std::string access_key_id(const SharedConfig& shared, std::string_view profile);
// The whole key; throws the same.
AccessKey access_key(const SharedConfig& shared, std::string_view profile);

// A profile holds a long-term key: an id or a secret (half a key is one too), and no session token.
bool holds_long_term_key(const SharedConfig& shared, std::string_view profile);
bool holds_temporary_key(const SharedConfig& shared, std::string_view profile);

// The chain starts from a credential_process that is not a link of ours: only its answer tells
// whether its key is a long-term one.
bool may_print_long_term_key(const SharedConfig& shared, const Chain& chain);

}  // namespace aws
