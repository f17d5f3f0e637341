#include "app/client/answer_check.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/core.h>

namespace app {
namespace {

[[noreturn]] void refuse(std::string what) {
  throw base::Error(base::ErrorKind::failed, std::move(what),
                    {"the answer was discarded; check that the endpoint is AWS's"});
}

bool is_same_account(const aws::Arn& a, const aws::Arn& b) {
  return a.partition == b.partition && a.account == b.account;
}

}  // namespace

void require_asked_role(const aws::sts::AssumeRole& asked, const std::string& answered_arn) {
  const auto role = aws::parse_arn(asked.role_arn);
  const auto answered = aws::parse_assumed_role(answered_arn);
  const bool is_role = role && answered && answered->partition == role->partition &&
                       answered->account == role->account && answered->role == aws::name_of(*role);
  if (!is_role) {
    refuse(fmt::format("AWS answered with {}, which is not the role that was asked for",
                       base::printable(answered_arn)));
  }
  if (answered->session == asked.role_session_name) return;
  refuse(fmt::format("AWS answered with a session named {}, not {}",
                     base::printable(answered->session), asked.role_session_name));
}

// IAM keeps the case of names, but knows no two that differ in it alone.
void require_asked_user(const std::string& user_name, const std::string& serial_number,
                        const aws::Arn& answered) {
  const auto device = aws::parse_arn(serial_number);
  if (aws::is_user(answered) && (!device || is_same_account(*device, answered)) &&
      base::equal_ignoring_case(aws::name_of(answered), user_name)) {
    return;
  }
  refuse(fmt::format("AWS answered with a session of {}, not of the user {}",
                     base::printable(to_string(answered)), user_name));
}

void require_named_role(const std::string& name, const aws::Arn& own_account,
                        const std::string& answered_arn) {
  const auto answered = aws::parse_arn(answered_arn);
  if (answered && aws::is_role(*answered) && is_same_account(*answered, own_account) &&
      base::equal_ignoring_case(aws::name_of(*answered), name)) {
    return;
  }
  refuse(fmt::format("AWS answered with {}, which is not the role {} of the account {}",
                     base::printable(answered_arn), name, own_account.account));
}

void require_valid_expiration(const aws::Credentials& credentials, base::Time now) {
  constexpr base::Seconds longest{36 * 3600};  // GetSessionToken's maximum, the longest of all
  constexpr base::Seconds tolerance{15 * 60};  // of clocks, as SigV4 has it
  const std::string end = base::format_rfc3339(credentials.expiration);
  if (credentials.expiration <= now) {
    refuse(fmt::format("AWS answered with a session that ended already, at {}", end));
  }
  if (credentials.expiration > now + longest + tolerance) {
    refuse(
        fmt::format("AWS answered with a session that lasts until {}, longer than any can", end));
  }
}

}  // namespace app
