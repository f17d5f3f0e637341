#include "app/commands/console.h"

#include "app/commands/single_session.h"
#include "aws/api/endpoint.h"
#include "aws/api/federation.h"
#include "aws/model/arn.h"
#include "base/error.h"

#include <algorithm>
#include <fmt/core.h>

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

// The limits of SessionDuration.
constexpr base::Seconds shortest{900};
constexpr base::Seconds timeout{43200};

[[noreturn]] void refuse_without_role() {
  throw Error(ErrorKind::usage,
              "the console takes the sessions of roles only: AWS signs nobody in with an MFA "
              "session itself",
              {"name a role with --role, or a PROFILE with a role_arn"});
}

std::string partition_of(const std::string& role_arn) {
  const auto arn = aws::parse_arn(role_arn);
  return arn ? arn->partition : "aws";
}

}  // namespace

ConsoleSignIn Console::run(const ConsoleRequest& request) {
  if (request.session.no_role) refuse_without_role();
  const std::string custom =
      request.signin_endpoint.empty() ? "" : aws::custom_signin_origin(request.signin_endpoint);
  SessionUse use;
  use.prefers_direct = true;
  use.tells_end = true;
  const auto before_code = [&](std::span<const Target> targets) {
    const std::string& role_arn = targets.front().role_arn;
    if (role_arn.empty()) refuse_without_role();
    // What is wrong with these costs no code; the region cannot make them right or wrong.
    aws::console_url(partition_of(role_arn), "", request.destination);
  };
  const SingleSession single =
      obtain_single(sessions_, environment_, files_, request.session, std::move(use), before_code);
  const std::string partition = partition_of(single.target.role_arn);
  // A region of another partition was meant for something else.
  const bool fits = aws::partition_of_region(single.region) == partition;
  const std::string region = fits ? single.region : "";
  const std::string origin = custom.empty() ? aws::signin_origin(partition, region) : custom;
  const std::string page = aws::console_url(partition, region, request.destination);

  std::optional<base::Seconds> duration;
  if (!single.session()->chained) duration = std::clamp(single.lifetime, shortest, timeout);
  messages_.detail(
      duration ? fmt::format("the console's session lasts {}", base::format_duration(*duration))
               : "the role was assumed with a session: the console lasts as AWS decides");
  const os::HttpResult result =
      http_.send(aws::signin_token_request(origin, single.session()->credentials, duration));
  if (const auto* failure = std::get_if<os::HttpFailure>(&result)) {
    throw Error(ErrorKind::failed, failure->what, failure->hints);
  }
  const base::WipedString token = aws::parse_signin_token(std::get<base::HttpResponse>(result));
  return {aws::login_url(origin, page, token), single.target.role_arn};
}

}  // namespace app
