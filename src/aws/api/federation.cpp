#include "aws/api/federation.h"

#include "aws/api/endpoint.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace aws {
namespace {

using base::Error;
using base::ErrorKind;
using base::WipedString;

struct Hosts {
  std::string_view partition;
  std::string_view signin;
  std::string_view console;
};

// AWS General Reference, "AWS sign-in endpoints"; AWS China and GovCloud user guides.
constexpr std::array<Hosts, 3> partitions = {{
    {"aws", "signin.aws.amazon.com", "console.aws.amazon.com"},
    {"aws-cn", "signin.amazonaws.cn", "console.amazonaws.cn"},
    {"aws-us-gov", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"},
}};

const Hosts& hosts_of(std::string_view partition) {
  const auto found = std::find_if(partitions.begin(), partitions.end(),
                                  [&](const Hosts& row) { return row.partition == partition; });
  if (found != partitions.end()) return *found;
  throw Error(ErrorKind::failed,
              fmt::format("the sign-in page of the console of the partition {} is not known",
                          base::printable(partition)),
              {"the known partitions are aws, aws-cn and aws-us-gov"});
}

// The others have one host for all their regions.
std::string regional(std::string_view partition, std::string_view region, std::string_view host) {
  if (partition != "aws" || region.empty()) return std::string(host);
  return fmt::format("{}.{}", region, host);
}

bool is_service_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_lower(c) || base::is_digit(c) || c == '-';
  });
}

// Nothing but a host name before the path, so that no `@` or `\` hides another.
bool is_console_page(std::string_view url, std::string_view console) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return false;
  const std::string_view rest = url.substr(scheme.size());
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '.';
  });
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return plain && printable && (host == console || host.ends_with(fmt::format(".{}", console)));
}

[[noreturn]] void throw_no_token() {
  throw Error(ErrorKind::failed, "the sign-in endpoint returned no sign-in token",
              {"check --signin-endpoint"});
}

}  // namespace

std::string signin_origin(std::string_view partition, std::string_view region) {
  return "https://" + regional(partition, region, hosts_of(partition).signin);
}

std::string custom_signin_origin(std::string_view url) {
  constexpr std::string_view path = "/federation";
  if (url.ends_with(path)) url.remove_suffix(path.size());
  return custom_endpoint(Service::sts, url, "").origin;
}

std::string console_url(std::string_view partition, std::string_view region,
                        std::string_view wanted) {
  const std::string_view console = hosts_of(partition).console;
  const std::string host = regional(partition, region, console);
  const std::string query = region.empty() ? "" : fmt::format("?region={}", region);
  if (wanted.empty()) return fmt::format("https://{}/console/home{}", host, query);
  if (is_service_name(wanted)) return fmt::format("https://{}/{}/home{}", host, wanted, query);
  if (is_console_page(wanted, console)) return std::string(wanted);
  throw Error(ErrorKind::usage, "--destination is neither a service nor a page of the console",
              {"give a service as the console's URLs name it, such as ec2 or s3",
               fmt::format("or a whole URL of https://{}", console)});
}

base::HttpRequest signin_token_request(const std::string& origin, const Credentials& credentials,
                                       std::optional<base::Seconds> duration) {
  base::JsonWriter json;
  json.reserve(512 + credentials.session_token.reveal().size());
  json.open_object()
      .member("sessionId", credentials.access_key_id)
      .member("sessionKey", credentials.secret_access_key.reveal())
      .member("sessionToken", credentials.session_token.reveal())
      .close();
  const WipedString session = json.take();
  base::HttpRequest request;
  request.method = "POST";
  request.origin = origin;
  request.target = "/federation";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body.reserve(3 * session.size());
  request.body = "Action=getSigninToken";
  if (duration) request.body.append(fmt::format("&SessionDuration={}", duration->count()));
  request.body += "&Session=";
  base::percent_encode(session, "", request.body);
  return request;
}

// Only a token of plain characters is taken, nothing escaped: it becomes part of a page.
WipedString parse_signin_token(const base::HttpResponse& response) {
  if (response.status >= 300 && response.status < 600) {
    throw Error(
        ErrorKind::refused,
        fmt::format("AWS refused to sign the session in to the console (HTTP {})", response.status),
        {"a session that ends soon is refused: get a new one with --renew"});
  }
  const bool escaped = response.body.find('\\') != WipedString::npos;
  if (response.status != 200 || escaped) throw_no_token();
  auto token = base::json_text(response.body, "SigninToken");
  const bool plain =
      token && !token->empty() && std::all_of(token->begin(), token->end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '\\' && c != '<' && c != '&';
      });
  if (!plain) throw_no_token();
  return std::move(*token);
}

WipedString login_url(std::string_view origin, std::string_view destination,
                      std::string_view token) {
  WipedString url;
  url.reserve(512 + 3 * token.size());
  url.append(origin).append("/federation?Action=login&Issuer=aws-session-token&Destination=");
  base::percent_encode(destination, "", url);
  url += "&SigninToken=";
  base::percent_encode(token, "", url);
  return url;
}

WipedString redirecting_page(std::string_view url) {
  WipedString escaped;
  escaped.reserve(2 * url.size());
  for (const char c : url) {
    if (c == '&') {
      escaped += "&amp;";
    } else {
      escaped += c;  // the rest of login_url() is percent-encoded
    }
  }
  WipedString page;
  page.reserve(1024 + escaped.size());
  page.append(
          "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<meta http-equiv=\"refresh\" content=\"0; url=")
      .append(escaped)
      .append(
          "\">\n<title>AWS console</title></head>\n"
          "<body>Signing in to the AWS console ...</body></html>\n");
  return page;
}

}  // namespace aws
