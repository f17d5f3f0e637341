#pragma once

#include "app/aws_client.h"
#include "app/key_owner.h"
#include "app/key_source.h"

namespace app {

// The long-term key, the way to AWS with it, and whose it is.
class Account {
 public:
  Account(SourceKey key, Connection connection, os::HttpClient& http, os::Clock& clock,
          os::Random& random, os::Talk& talk)
      : source(std::move(key)),
        client(std::move(connection), http, clock, random, talk),
        owner(client, source.key) {}
  Account(const Account&) = delete;  // its parts know each other
  Account& operator=(const Account&) = delete;

  const aws::AccessKey& key() const { return source.key; }

  const SourceKey source;
  AwsClient client;
  KeyOwner owner;
};

}  // namespace app
