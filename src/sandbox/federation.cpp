#include "sandbox/federation.h"

#include "base/text.h"
#include "sandbox/identifiers.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sandbox {
namespace {

using Json = nlohmann::json;

constexpr base::Seconds token_lifetime{15 * 60};
constexpr int shortest_session = 900;
constexpr int max_session = 43200;

[[noreturn]] void refuse(std::string message) { throw Refusal(400, "", std::move(message)); }

// AWS's words for all that is wrong with the session, SessionDuration included (99designs/aws-vault
// issue 77).
[[noreturn]] void refuse_credentials() { refuse("Invalid credentials parameter"); }

std::string needed(const Parameters& parameters, std::string_view name) {
  const std::string value = parameters.value_or(name, "");
  if (value.empty()) refuse(fmt::format("Missing parameter {}", name));
  return value;
}

// The role session whose credentials were given. Those of GetSessionToken are not accepted.
const Session& find_session(const World& world, const std::string& text, base::Time now) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) refuse_credentials();
  const auto member = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const Session* const session = world.find_session(member("sessionId"));
  const bool valid = session && session->key.secret == member("sessionKey") &&
                     session->token == member("sessionToken") && now < session->expiration;
  if (!valid || !session->role) refuse_credentials();
  return *session;
}

void check_duration(const Parameters& parameters, const Session& session) {
  const std::string* const text = parameters.find("SessionDuration");
  if (!text) return;
  const auto seconds = base::is_digits(*text) ? base::parse_duration(*text) : std::nullopt;
  const bool allowed =
      seconds && seconds->count() >= shortest_session && seconds->count() <= max_session;
  if (!allowed || session.chained) refuse_credentials();
}

// The console is behind TLS, and a header is one line.
bool is_destination(std::string_view url) {
  return url.starts_with("https://") && std::all_of(url.begin(), url.end(), [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
         });
}

}  // namespace

bool Federation::is_addressed(const base::HttpRequest& request) {
  const std::string_view target = request.target;
  return (request.method == "GET" || request.method == "POST") &&
         target.substr(0, target.find('?')) == path;
}

Parameters Federation::parameters_of(const base::HttpRequest& request) {
  const std::size_t question = request.target.find('?');
  std::string form(request.method == "POST" ? std::string_view(request.body) : std::string_view{});
  if (question != std::string::npos) form.append("&").append(request.target, question + 1);
  return Parameters(form);
}

base::HttpResponse Federation::handle(const World& world, const Parameters& parameters,
                                      base::Time now) {
  try {
    const std::string action = needed(parameters, "Action");
    if (action == get_signin_token) return make_token(world, parameters, now);
    if (action == login) return sign_in(parameters, now);
    refuse(fmt::format("Unknown Action {}", action));
  } catch (const Refusal& error) {
    return refusal(error.status(), *error.message());
  }
}

base::HttpResponse Federation::make_token(const World& world, const Parameters& parameters,
                                          base::Time now) {
  const Session& session = find_session(world, needed(parameters, "Session"), now);
  check_duration(parameters, session);
  const std::string token = make_signin_token(random_);
  tokens_[token] = now + token_lifetime;
  base::HttpResponse response;
  response.status = 200;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = base::WipedString(Json{{"SigninToken", token}}.dump());
  return response;
}

base::HttpResponse Federation::sign_in(const Parameters& parameters, base::Time now) {
  const std::string destination = needed(parameters, "Destination");
  if (!is_destination(destination)) refuse("Invalid Destination");
  const auto token = tokens_.find(needed(parameters, "SigninToken"));
  if (token == tokens_.end()) refuse("Invalid SigninToken");
  const bool live = now < token->second;
  tokens_.erase(token);
  if (!live) refuse("Expired SigninToken");
  base::HttpResponse response;
  response.status = 302;
  response.headers = {
      {"Location", base::WipedString(destination)},
      {"Set-Cookie", base::WipedString(fmt::format("aws-creds={}; Path=/; Secure; HttpOnly",
                                                   make_request_id(random_)))},
  };
  return response;
}

base::HttpResponse Federation::refusal(int status, std::string_view message) {
  std::string safe;
  for (const char c : base::printable(message)) {
    safe += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  base::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html;charset=utf-8"}};
  response.body = base::WipedString(fmt::format(
      "<html><head><title>Error</title></head><body><h1>HTTP Status {}</h1><p>message: {}</p>"
      "</body></html>\n",
      status, safe));
  return response;
}

}  // namespace sandbox
