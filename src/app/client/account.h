#pragma once

#include "app/client/aws_client.h"
#include "app/client/key_owner.h"
#include "app/config/access.h"
#include "os/environment.h"
#include "os/process.h"

namespace app {

// The long-term key, the way to AWS with it, and whose it is.
class Account {
 public:
  Account(Access access, const os::Environment& environment, os::Process& process,
          os::HttpClient& http, os::Clock& clock, os::Random& random, os::Messages& messages)
      : client(std::move(access.connection), http, clock, random, messages),
        owner(client, [this]() -> const aws::AccessKey& { return key(); }),
        source_(std::move(access.source)),
        environment_(environment),
        process_(process) {}
  Account(const Account&) = delete;  // its parts know each other
  Account& operator=(const Account&) = delete;

  // A command that prints the key is run when it is first needed, since it may ask its user for
  // something. Throws Error as printed_key().
  const aws::AccessKey& key() {
    if (source_.is_printed && source_.key.access_key_id.empty()) {
      source_.key = printed_key(source_, process_, environment_);
    }
    return source_.key;
  }
  const SourceKey& source() const { return source_; }

  AwsClient client;
  KeyOwner owner;

 private:
  SourceKey source_;
  const os::Environment& environment_;
  os::Process& process_;
};

}  // namespace app
