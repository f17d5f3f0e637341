#include "aws/api/error.h"

#include "aws/api/xml.h"

#include <fmt/core.h>
#include <string_view>

namespace aws {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

ApiError parse_error(int status, base::WipedString& body) {
  const XmlAnswer answer(body);
  return {status, std::string(answer.text("Error/Code")),
          std::string(answer.text("Error/Message"))};
}

bool is_access_denied(const ApiError& error) { return error.code == "AccessDenied"; }

bool is_code_refused(const ApiError& error) {
  return is_access_denied(error) && contains(error.message, "invalid MFA one time pass code");
}

bool is_transient(const ApiError& error) {
  return error.status >= 500 || error.code == "Throttling" || error.code == "ThrottlingException" ||
         error.code == "RequestLimitExceeded" || error.status == 429;
}

bool is_clock_skew(const ApiError& error) {
  return error.code == "SignatureDoesNotMatch" &&
         (contains(error.message, "Signature expired") ||
          contains(error.message, "Signature not yet current"));
}

bool is_key_refused(const ApiError& error) {
  return error.code == "InvalidClientTokenId" || error.code == "ExpiredToken";
}

std::string describe_clock(base::Seconds offset) {
  return fmt::format("this machine's clock is {} {} AWS's", base::format_clock_difference(offset),
                     offset.count() > 0 ? "behind" : "ahead of");
}

}  // namespace aws
