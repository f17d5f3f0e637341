#pragma once

#include "aws/model/credentials.h"
#include "base/http_message.h"
#include "base/time.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// AWS Signature Version 4, in the Authorization header. Source: AWS General Reference, "Create a
// signed AWS API request". Paths are normalised and encoded twice, as for every service but S3.
namespace aws::sigv4 {

// What a signature is bound to: when, where and for which service.
struct Scope {
  base::Time time;
  std::string region;
  std::string service;
};

// Step 1. The header names in `signed_headers` are lower-case, sorted, without duplicates. The
// result holds the session token where the request does.
base::WipedString canonical_request(const base::HttpRequest& request,
                                    std::span<const std::string> signed_headers);
// Step 2.
std::string string_to_sign(const Scope& scope, std::string_view canonical_request);
// Step 3: lower-case hexadecimal, 64 characters.
std::string signature(std::string_view secret_access_key, const Scope& scope,
                      std::string_view string_to_sign);

// Adds Host (from the origin), X-Amz-Date, X-Amz-Security-Token (when there is one) and
// Authorization, and signs every header that the request then has.
void sign(base::HttpRequest& request, const SigningIdentity& identity, const Scope& scope);

// An Authorization header taken apart, as a verifier needs it; nothing when it is malformed.
struct Authorization {
  std::string access_key_id;
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;
  std::string signature;
};
std::optional<Authorization> parse_authorization(std::string_view header);

}  // namespace aws::sigv4
