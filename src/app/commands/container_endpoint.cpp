#include "app/commands/container_endpoint.h"

#include "base/json.h"
#include "base/text.h"

#include <fmt/core.h>
#include <sodium.h>

namespace app {
namespace {

using base::HttpRequest;
using base::HttpResponse;
using base::WipedString;

HttpResponse answer(int status, base::JsonWriter& json) {
  HttpResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", WipedString("application/json")});
  response.headers.push_back({"Cache-Control", WipedString("no-store")});
  response.body = json.close().take();
  return response;
}

// The clients put both into their own message.
HttpResponse refusal(int status, std::string_view code, std::string_view message) {
  base::JsonWriter json;
  json.open_object().member("code", code).member("message", message);
  return answer(status, json);
}

}  // namespace

void ContainerEndpoint::listen_on(std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  port_ = port;
}

void ContainerEndpoint::offer(Session session) {
  const std::lock_guard lock(mutex_);
  session_ = std::move(session);
  why_none_.clear();
}

void ContainerEndpoint::explain(std::string why_none) {
  const std::lock_guard lock(mutex_);
  why_none_ = std::move(why_none);
}

HttpResponse ContainerEndpoint::handle(const HttpRequest& request) const {
  if (!is_our_name(request)) {
    return refusal(403, "Forbidden", "this endpoint answers to 127.0.0.1 and localhost only");
  }
  if (request.target != path) return refusal(404, "NotFound", "there is nothing here");
  if (request.method != "GET") {
    HttpResponse response = refusal(405, "MethodNotAllowed", "ask with GET");
    response.headers.push_back({"Allow", WipedString("GET")});
    return response;
  }
  if (!is_our_token(request)) {
    return refusal(401, "Unauthorized",
                   "the header Authorization must be AWS_CONTAINER_AUTHORIZATION_TOKEN");
  }
  const std::lock_guard lock(mutex_);
  if (!session_ || session_->credentials.expiration <= clock_.now()) {
    return refusal(503, "SessionOver",
                   why_none_.empty() ? "the session is over" : std::string_view(why_none_));
  }
  const aws::Credentials& credentials = session_->credentials;
  base::JsonWriter json;
  json.reserve(4096);
  json.open_object()
      .member("AccessKeyId", credentials.access_key_id)
      .member("SecretAccessKey", credentials.secret_access_key.reveal())
      .member("Token", credentials.session_token.reveal())
      .member("Expiration", base::format_rfc3339(credentials.expiration));
  if (!session_->role_arn.empty()) json.member("RoleArn", session_->role_arn);
  return answer(200, json);
}

bool ContainerEndpoint::is_our_name(const HttpRequest& request) const {
  const WipedString* const host = base::find_header(request.headers, "host");
  if (host == nullptr) return false;
  const std::lock_guard lock(mutex_);
  const std::string port = fmt::format(":{}", port_);
  return std::string_view(*host) == "127.0.0.1" + port ||
         base::equal_ignoring_case(*host, "localhost" + port);
}

// In a time that tells nothing of how much of it was right.
bool ContainerEndpoint::is_our_token(const HttpRequest& request) const {
  const WipedString* const given = base::find_header(request.headers, "authorization");
  const std::string_view token = token_.reveal();
  return given != nullptr && given->size() == token.size() &&
         sodium_memcmp(given->data(), token.data(), token.size()) == 0;
}

}  // namespace app
