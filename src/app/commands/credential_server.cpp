#include "app/commands/credential_server.h"

#include "app/commands/container_endpoint.h"
#include "base/error.h"
#include "os/http_server.h"
#include "os/locale.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using namespace std::chrono_literals;

constexpr base::Seconds ahead = 15min;  // the earliest at which a client asks again
constexpr auto look_again = 20s;        // the clock may jump, as after a night's sleep

base::Seconds margin_of(const Session& session, base::Time now) {
  const base::Seconds lifetime = session.credentials.expiration - now;
  return std::min(ahead, lifetime / 2);
}

std::string explain(const base::Error& error) {
  if (error.hints().empty()) return error.what();
  return fmt::format("{}; {}", error.what(), error.hints().front());
}

// What a client sends is short, and comes at once.
os::HttpServerOptions limits() {
  os::HttpServerOptions options;
  options.max_header_bytes = 16 * 1024;
  options.max_body_bytes = 1024;
  options.own_user_only = true;
  options.first_byte_timeout = 1s;
  options.idle_timeout = 30s;
  options.request_timeout = 5s;
  return options;
}

}  // namespace

void CredentialServer::run(os::Sidecar& sidecar, Session first, base::Secret token) {
  ContainerEndpoint endpoint(std::move(token), clock_);
  base::Time end = first.credentials.expiration;
  base::Seconds margin = margin_of(first, clock_.now());
  endpoint.offer(std::move(first));
  const os::HttpServer server(
      [&](const base::HttpRequest& request) { return endpoint.handle(request); }, limits());
  endpoint.listen_on(server.port());
  sidecar.ready(std::to_string(server.port()));

  std::string told;
  while (sidecar.wait(look_again)) {
    if (end - clock_.now() > margin) continue;
    try {
      Session next = renew_(margin);
      end = next.credentials.expiration;
      margin = margin_of(next, clock_.now());
      endpoint.offer(std::move(next));
      told.clear();
    } catch (const base::Error& error) {
      const std::string why = explain(error);
      endpoint.explain(why);
      // Once: it is tried again and again, and the network may come back.
      if (told == why) continue;
      told = why;
      messages_.note(fmt::format("the session that expires at {} cannot be renewed yet: {}",
                                 os::local_time(end), told));
    }
  }
}

}  // namespace app
