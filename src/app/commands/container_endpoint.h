#pragma once

#include "app/client/session.h"
#include "base/http_message.h"
#include "base/secret.h"
#include "os/clock.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace app {

// The container credentials endpoint that AWS clients ask where AWS_CONTAINER_CREDENTIALS_FULL_URI
// names one (SDKs and Tools Reference Guide, "Container credential provider"). Any process of the
// machine may knock, and any web page that the user looks at: who does not know the token gets
// nothing, and neither does who came by another name than the loopback's (DNS rebinding).
class ContainerEndpoint {
 public:
  static constexpr const char* path = "/credentials";

  ContainerEndpoint(base::Secret token, os::Clock& clock)
      : token_(std::move(token)), clock_(clock) {}

  // All of these may be called at any time, from any thread.
  void listen_on(std::uint16_t port);
  void offer(Session session);         // in place of the one before
  void explain(std::string why_none);  // what is answered once the session is over
  base::HttpResponse handle(const base::HttpRequest& request) const;

 private:
  bool is_our_name(const base::HttpRequest& request) const;
  bool is_our_token(const base::HttpRequest& request) const;

  const base::Secret token_;
  os::Clock& clock_;
  mutable std::mutex mutex_;  // guards the following
  std::uint16_t port_ = 0;
  std::optional<Session> session_;
  std::string why_none_;
};

}  // namespace app
