#pragma once

#include "base/secret.h"
#include "base/time.h"

#include <string>

namespace aws {

// A user's long-term access key. `access_key_id` is public: it may be shown and logged.
struct AccessKey {
  std::string access_key_id;
  base::Secret secret_access_key;
};

// Temporary credentials, as STS returns them.
struct Credentials {
  std::string access_key_id;
  base::Secret secret_access_key;
  base::Secret session_token;
  base::Time expiration;

  Credentials clone() const {
    return {access_key_id, secret_access_key.clone(), session_token.clone(), expiration};
  }
};

// What a request is signed with: a view of either, valid as long as they are.
struct SigningIdentity {
  SigningIdentity(const AccessKey& key)
      : access_key_id(key.access_key_id), secret_access_key(key.secret_access_key.reveal()) {}
  SigningIdentity(const Credentials& credentials)
      : access_key_id(credentials.access_key_id),
        secret_access_key(credentials.secret_access_key.reveal()),
        session_token(credentials.session_token.reveal()) {}
  SigningIdentity(std::string_view id, std::string_view secret, std::string_view token = {})
      : access_key_id(id), secret_access_key(secret), session_token(token) {}

  std::string_view access_key_id;
  std::string_view secret_access_key;
  std::string_view session_token;  // empty for a long-term key
};

}  // namespace aws
