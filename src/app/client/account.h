#pragma once

#include "app/client/aws_client.h"
#include "app/client/key_owner.h"
#include "app/config/access.h"

namespace app {

// The long-term key, the way to AWS with it, and whose it is.
class Account {
 public:
  Account(Access access, os::HttpClient& http, os::Clock& clock, os::Random& random,
          os::Messages& messages)
      : source(std::move(access.source)),
        client(std::move(access.connection), http, clock, random, messages),
        owner(client, source.key) {}
  Account(const Account&) = delete;  // its parts know each other
  Account& operator=(const Account&) = delete;

  const aws::AccessKey& key() const { return source.key; }

  const SourceKey source;
  AwsClient client;
  KeyOwner owner;
};

}  // namespace app
