#include "aws/api/sigv4.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <sodium.h>

namespace aws::sigv4 {
namespace {

using base::WipedString;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

using Digest = std::array<unsigned char, crypto_hash_sha256_BYTES>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string sha256_hex(std::string_view text) {
  Digest digest;
  crypto_hash_sha256(digest.data(), bytes(text), text.size());
  return base::hex(digest);
}

// Digests derived from the secret key are as good as the key: overwritten when they go.
struct Hmac {
  Digest digest;

  Hmac(std::span<const unsigned char> key, std::string_view message) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytes(message), message.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    base::wipe(&state, sizeof state);
  }
  ~Hmac() { base::wipe(digest.data(), digest.size()); }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
};

std::string scope_text(const Scope& scope) {
  return fmt::format("{}/{}/{}/aws4_request", base::format_iso_basic(scope.time).substr(0, 8),
                     scope.region, scope.service);
}

// "." and ".." resolved, repeated slashes made one (RFC 3986, 5.2.4).
std::string normalized_path(std::string_view path) {
  std::vector<std::string_view> cached;
  for (const std::string_view segment : base::split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      cached.push_back(segment);
    } else if (!cached.empty()) {
      cached.pop_back();
    }
  }
  std::string result;
  for (const std::string_view segment : cached) result.append("/").append(segment);
  const bool folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  if (result.empty() || folder) result += '/';
  return result;
}

// Parameters sorted by encoded name, then value. What arrives is encoded already, or raw UTF-8.
WipedString canonical_query(std::string_view query) {
  std::vector<std::pair<WipedString, WipedString>> parameters;
  for (const std::string_view parameter : base::split(query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t equals = parameter.find('=');
    const bool has_value = equals != std::string_view::npos;
    auto& [name, value] = parameters.emplace_back();
    base::percent_encode(parameter.substr(0, equals), "%", name);
    if (has_value) base::percent_encode(parameter.substr(equals + 1), "%", value);
  }
  std::sort(parameters.begin(), parameters.end());
  WipedString result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result += '&';
    result.append(name).append("=").append(value);
  }
  return result;
}

// Outer blanks dropped, inner runs of blanks made one space.
void append_trimmed(std::string_view value, WipedString& out) {
  bool pending_space = false;
  bool started = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      pending_space = started;
      continue;
    }
    if (pending_space) out += ' ';
    pending_space = false;
    started = true;
    out += c;
  }
}

void append_header(const base::HttpRequest& request, std::string_view name, WipedString& out) {
  out.append(name).append(":");
  bool first = true;
  for (const base::Header& header : request.headers) {
    if (!base::equal_ignoring_case(header.name, name)) continue;
    if (!first) out += ',';
    append_trimmed(header.value, out);
    first = false;
  }
  out += '\n';
}

std::string join(std::span<const std::string> names) {
  return fmt::format("{}", fmt::join(names, ";"));
}

}  // namespace

WipedString canonical_request(const base::HttpRequest& request,
                              std::span<const std::string> signed_headers) {
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  const std::string_view query =
      question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);

  WipedString result;
  result.append(request.method).append("\n");
  base::percent_encode(normalized_path(target.substr(0, question)), "/", result);
  result.append("\n").append(canonical_query(query)).append("\n");
  for (const std::string& name : signed_headers) append_header(request, name, result);
  result.append("\n").append(join(signed_headers)).append("\n").append(sha256_hex(request.body));
  return result;
}

std::string string_to_sign(const Scope& scope, std::string_view canonical_request) {
  return fmt::format("{}\n{}\n{}\n{}", algorithm, base::format_iso_basic(scope.time),
                     scope_text(scope), sha256_hex(canonical_request));
}

std::string signature(std::string_view secret_access_key, const Scope& scope,
                      std::string_view string_to_sign) {
  WipedString seed("AWS4");
  seed += secret_access_key;
  const Hmac date({bytes(seed), seed.size()}, base::format_iso_basic(scope.time).substr(0, 8));
  const Hmac region(date.digest, scope.region);
  const Hmac service(region.digest, scope.service);
  const Hmac key(service.digest, "aws4_request");
  return base::hex(Hmac(key.digest, string_to_sign).digest);
}

void sign(base::HttpRequest& request, const SigningIdentity& identity, const Scope& scope) {
  const std::string_view host =
      std::string_view(request.origin).substr(request.origin.find("://") + 3);
  request.headers.push_back({"Host", WipedString(host)});
  request.headers.push_back({"X-Amz-Date", WipedString(base::format_iso_basic(scope.time))});
  if (!identity.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", WipedString(identity.session_token)});
  }
  std::set<std::string> names;
  for (const base::Header& header : request.headers) names.insert(base::to_lower(header.name));
  const std::vector<std::string> signed_headers(names.begin(), names.end());

  const WipedString canonical = canonical_request(request, signed_headers);
  request.headers.push_back(
      {"Authorization",
       WipedString(fmt::format(
           "{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, identity.access_key_id,
           scope_text(scope), join(signed_headers),
           signature(identity.secret_access_key, scope, string_to_sign(scope, canonical))))});
}

std::optional<Authorization> parse_authorization(std::string_view header) {
  if (!header.starts_with(algorithm)) return std::nullopt;
  header.remove_prefix(algorithm.size());
  Authorization result;
  for (const std::string_view part : base::split(header, ',')) {
    const std::string_view field = base::trim(part);
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view value = field.substr(equals + 1);
    if (field.starts_with("Credential=")) {
      const auto pieces = base::split(value, '/');
      if (pieces.size() != 5 || pieces[4] != "aws4_request") return std::nullopt;
      result.access_key_id = pieces[0];
      result.date = pieces[1];
      result.region = pieces[2];
      result.service = pieces[3];
    } else if (field.starts_with("SignedHeaders=")) {
      for (const std::string_view name : base::split(value, ';')) {
        result.signed_headers.emplace_back(name);
      }
    } else if (field.starts_with("Signature=")) {
      result.signature = value;
    } else {
      return std::nullopt;
    }
  }
  const bool complete =
      !result.access_key_id.empty() && !result.signed_headers.empty() && !result.signature.empty();
  return complete ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace aws::sigv4
