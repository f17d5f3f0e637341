#include "sandbox/faults.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>

namespace sandbox {
namespace {

struct KnownError {
  std::string_view code;
  int status;
  std::string_view message;
};

// Any other code is answered with 400 and a text that names the sandbox.
constexpr std::array known_errors = {
    KnownError{"Throttling", 400, "Rate exceeded"},
    KnownError{"AccessDenied", 403, "Access denied by the sandbox on demand"},
    KnownError{"ExpiredToken", 403, "The security token included in the request is expired"},
    KnownError{"InvalidClientTokenId", 403,
               "The security token included in the request is invalid."},
    KnownError{"SignatureDoesNotMatch", 403,
               "The request signature we calculated does not match the signature you provided. "
               "Check your AWS Secret Access Key and signing method. Consult the service "
               "documentation for details."},
    KnownError{"RegionDisabledException", 403,
               "STS is not activated in this region for account:123456789012. Your account "
               "administrator can activate STS in this region using the IAM Console."},
    KnownError{"MalformedInput", 400, ""},  // AWS's text is not known
    KnownError{"LimitExceeded", 409, "Cannot exceed quota for AccessKeysPerUser: 2"},
    KnownError{"InternalFailure", 500,
               "The request processing has failed because of an unknown error, exception or "
               "failure."},
    KnownError{"ServiceUnavailable", 503,
               "The request has failed due to a temporary failure of the server."},
};

[[noreturn]] void refuse(std::string_view text) {
  throw base::Error(base::ErrorKind::usage,
                    fmt::format("not OPERATION:CODE:COUNT: {}", base::printable(text)));
}

int positive_number(std::string_view digits, std::string_view text) {
  int value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end || value < 1) refuse(text);
  return value;
}

void set_error(Fault& fault, std::string_view code) {
  const auto found = std::find_if(known_errors.begin(), known_errors.end(),
                                  [&](const KnownError& known) { return known.code == code; });
  const bool known = found != known_errors.end();
  fault.status = known ? found->status : 400;
  fault.code = code;
  fault.message = known ? found->message : "Refused by the sandbox on demand";
}

void set_status(Fault& fault, int status) {
  set_error(fault, status == 503 ? "ServiceUnavailable" : "InternalFailure");
  fault.status = status;
}

}  // namespace

Fault parse_fault(std::string_view text) {
  const auto parts = base::split(text, ':');
  if (parts.size() != 3 || parts[0].empty() || parts[1].empty()) refuse(text);
  Fault fault;
  fault.operation = parts[0];
  fault.remaining = positive_number(parts[2], text);
  if (parts[1] == "drop-before") {
    fault.kind = Fault::Kind::drop_before;
  } else if (parts[1] == "drop-after") {
    fault.kind = Fault::Kind::drop_after;
  } else if (parts[1] == "truncate") {
    fault.kind = Fault::Kind::truncate;
  } else if (base::is_digits(parts[1])) {
    const int status = positive_number(parts[1], text);
    if (status < 400 || status > 599) refuse(text);
    set_status(fault, status);
  } else {
    set_error(fault, parts[1]);
  }
  return fault;
}

std::optional<Fault> Faults::take(std::string_view operation) {
  for (Fault& fault : faults_) {
    if (fault.remaining > 0 && (fault.operation == "*" || fault.operation == operation)) {
      --fault.remaining;
      return fault;
    }
  }
  return std::nullopt;
}

}  // namespace sandbox
