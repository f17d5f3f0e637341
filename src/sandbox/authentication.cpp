#include "sandbox/authentication.h"

#include "aws/api/sigv4.h"
#include "base/text.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <fmt/core.h>
#include <sodium.h>

namespace sandbox {
namespace {

using aws::sigv4::Authorization;
using base::find_header;

constexpr base::Seconds tolerance{15 * 60};

[[noreturn]] void refuse_signature(std::string message) {
  throw Refusal(403, "SignatureDoesNotMatch", std::move(message));
}

[[noreturn]] void refuse_token(std::string_view service) {
  // IAM's text ends without a stop, unlike that of STS.
  throw Refusal(403, "InvalidClientTokenId",
                service == "iam" ? "The security token included in the request is invalid"
                                 : "The security token included in the request is invalid.");
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Authorization authorization_of(const base::HttpRequest& request) {
  const base::WipedString* const header = find_header(request.headers, "authorization");
  if (!header) {
    throw Refusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  auto parsed = aws::sigv4::parse_authorization(*header);
  if (!parsed) {
    throw Refusal(400, "IncompleteSignature",
                  "Authorization header requires 'Credential' parameter. Authorization=...");
  }
  return *std::move(parsed);
}

// A header that changes the meaning of the request must be covered by the signature.
void check_signed_headers(const base::HttpRequest& request, const Authorization& authorization) {
  const auto& names = authorization.signed_headers;
  const auto is_signed = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const std::string& name : names) {
    if (!find_header(request.headers, name)) {
      throw Refusal(
          400, "IncompleteSignature",
          fmt::format("'{}' is named as a SignedHeader, but it does not exist in the HTTP request.",
                      name));
    }
  }
  if (!is_signed("host")) {
    refuse_signature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const base::Header& header : request.headers) {
    const std::string name = base::to_lower(header.name);
    if (name.starts_with("x-amz-") && !is_signed(name)) {
      refuse_signature(
          fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", name));
    }
  }
}

void check_scope(const Authorization& authorization, const WantedScope& wanted) {
  std::string message;
  if (authorization.region != wanted.region) {
    message += "Credential should be scoped to a valid region. ";
  }
  if (authorization.service != wanted.service) {
    message +=
        fmt::format("Credential should be scoped to correct service: '{}'. ", wanted.service);
  }
  if (!message.empty()) refuse_signature(std::move(message));
}

base::Time time_of(const base::HttpRequest& request, const Authorization& authorization) {
  const base::WipedString* const header = find_header(request.headers, "x-amz-date");
  const auto time = header ? base::parse_iso_basic(*header) : std::nullopt;
  if (!time) {
    throw Refusal(400, "IncompleteSignature",
                  "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
                  "header. Authorization=...");
  }
  const std::string text = base::format_iso_basic(*time);
  if (authorization.date != text.substr(0, 8)) {
    refuse_signature(fmt::format(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '{}' != '{}', from '{}'.",
        authorization.date, text.substr(0, 8), text));
  }
  return *time;
}

void check_clock(base::Time signed_at, base::Time now) {
  using base::format_iso_basic;
  if (signed_at < now - tolerance) {
    refuse_signature(fmt::format("Signature expired: {} is now earlier than {} ({} - 15 min.)",
                                 format_iso_basic(signed_at), format_iso_basic(now - tolerance),
                                 format_iso_basic(now)));
  }
  if (signed_at > now + tolerance) {
    refuse_signature(fmt::format(
        "Signature not yet current: {} is still later than {} ({} + 15 min.)",
        format_iso_basic(signed_at), format_iso_basic(now + tolerance), format_iso_basic(now)));
  }
}

Caller caller_of_user(User& user) {
  Caller caller;
  caller.user = &user;
  caller.account = user.account;
  caller.arn = user.arn;
  caller.user_id = user.id;
  return caller;
}

Caller caller_of_session(World& world, const Session& session) {
  if (session.user) {
    Caller caller = caller_of_user(*world.find_user(session.user->account, session.user->name));
    caller.session = &session;
    return caller;
  }
  Caller caller;
  caller.role = session.role;
  caller.session = &session;
  caller.account = session.role->account;
  caller.arn = fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", world.partition(),
                           session.role->account, session.role->name, session.role_session_name);
  caller.user_id = session.role->id + ":" + session.role_session_name;
  return caller;
}

struct Identified {
  Caller caller;
  std::string_view secret;
  AccessKey* long_term_key = nullptr;
};

// Finds the key, and checks that it is active and that the token is its own and not expired.
Identified identify(World& world, const base::HttpRequest& request,
                    const Authorization& authorization, std::string_view service, base::Time now) {
  const base::WipedString* const token = find_header(request.headers, "x-amz-security-token");
  if (User* const user = world.find_owner(authorization.access_key_id)) {
    const auto key = std::find_if(
        user->access_keys.begin(), user->access_keys.end(),
        [&](const AccessKey& candidate) { return candidate.id == authorization.access_key_id; });
    if (!key->active || token) refuse_token(service);
    return {caller_of_user(*user), key->secret, &*key};
  }
  const Session* const session = world.find_session(authorization.access_key_id);
  if (!session || !token || !equal_in_constant_time(*token, session->token)) refuse_token(service);
  if (now >= session->expiration) {
    throw Refusal(403, "ExpiredToken", "The security token included in the request is expired");
  }
  return {caller_of_session(world, *session), session->key.secret};
}

}  // namespace

Caller authenticate(World& world, const base::HttpRequest& request, const WantedScope& wanted,
                    base::Time now) {
  const Authorization authorization = authorization_of(request);
  check_scope(authorization, wanted);
  const base::Time signed_at = time_of(request, authorization);
  Identified identified = identify(world, request, authorization, wanted.service, now);
  check_signed_headers(request, authorization);
  check_clock(signed_at, now);
  // Sorted here: a signer that does not sort them must not pass.
  std::vector<std::string> signed_headers = authorization.signed_headers;
  std::sort(signed_headers.begin(), signed_headers.end());
  const aws::sigv4::Scope scope{signed_at, authorization.region, authorization.service};
  const std::string expected = aws::sigv4::signature(
      identified.secret, scope,
      aws::sigv4::string_to_sign(scope, aws::sigv4::canonical_request(request, signed_headers)));
  if (!equal_in_constant_time(expected, authorization.signature)) {
    refuse_signature(
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details.");
  }
  if (identified.long_term_key) {
    // What the request asks for does not matter: AWS notes a use that is then refused as well.
    identified.long_term_key->last_used =
        LastUse{now, std::string(wanted.service), std::string(wanted.region)};
  }
  return std::move(identified.caller);
}

}  // namespace sandbox
