#include "app/client/answer_check.h"

#include "support/error.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace app {
namespace {

using support::error_of;

constexpr const char* none = "nothing was thrown";
constexpr const char* hint = "\nhint: the answer was discarded; check that the endpoint is AWS's";

aws::sts::AssumeRole asked_role() {
  aws::sts::AssumeRole asked;
  asked.role_arn = "arn:aws:iam::123456789012:role/team/Admin";
  asked.role_session_name = "jsmith";
  return asked;
}

TEST(AnswerCheck, ARoleIsComparedInPartitionAccountNameAndSession) {
  require_asked_role(asked_role(), "arn:aws:sts::123456789012:assumed-role/Admin/jsmith");
  for (const std::string other : {"arn:aws-cn:sts::123456789012:assumed-role/Admin/jsmith",
                                  "arn:aws:sts::210987654321:assumed-role/Admin/jsmith",
                                  "arn:aws:sts::123456789012:assumed-role/Other/jsmith",
                                  "arn:aws:iam::123456789012:role/Admin", ""}) {
    EXPECT_EQ(error_of([&] { require_asked_role(asked_role(), other); }),
              fmt::format("1 AWS answered with {}, which is not the role that was asked for{}",
                          other, hint));
  }
  EXPECT_EQ(error_of([&] {
              require_asked_role(asked_role(),
                                 "arn:aws:sts::123456789012:assumed-role/Admin/mallory");
            }),
            fmt::format("1 AWS answered with a session named mallory, not jsmith{}", hint));
}

TEST(AnswerCheck, AUserIsComparedAndWhatTheDeviceTellsOfTheAccount) {
  const auto check = [](const char* serial_number, const char* answered) {
    return error_of(
        [&] { require_asked_user("jsmith", serial_number, aws::parse_arn(answered).value()); });
  };
  const char* const device = "arn:aws:iam::123456789012:mfa/phone";
  EXPECT_EQ(check(device, "arn:aws:iam::123456789012:user/team/jsmith"), none);
  EXPECT_EQ(check(device, "arn:aws:iam::123456789012:user/JSmith"), none);
  EXPECT_EQ(check("GAHT12345678", "arn:aws:iam::210987654321:user/jsmith"), none);
  for (const char* other :
       {"arn:aws:iam::123456789012:user/mallory", "arn:aws:iam::210987654321:user/jsmith",
        "arn:aws-cn:iam::123456789012:user/jsmith", "arn:aws:iam::123456789012:role/jsmith"}) {
    EXPECT_EQ(
        check(device, other),
        fmt::format("1 AWS answered with a session of {}, not of the user jsmith{}", other, hint));
  }
}

TEST(AnswerCheck, ARoleThatWasLookedUpIsTheOneOfThatNameInTheOwnAccount) {
  const aws::Arn own = aws::parse_arn("arn:aws:iam::123456789012:user/jsmith").value();
  require_named_role("Admin", own, "arn:aws:iam::123456789012:role/team/Admin");
  require_named_role("admin", own, "arn:aws:iam::123456789012:role/Admin");
  for (const std::string other :
       {"arn:aws:iam::123456789012:role/Other", "arn:aws:iam::210987654321:role/Admin",
        "arn:aws-cn:iam::123456789012:role/Admin", "arn:aws:iam::123456789012:user/Admin", "x"}) {
    EXPECT_EQ(error_of([&] { require_named_role("Admin", own, other); }),
              fmt::format("1 AWS answered with {}, which is not the role Admin of the account "
                          "123456789012{}",
                          other, hint));
  }
}

TEST(AnswerCheck, AnExpirationIsAheadAndNotTooFar) {
  const base::Time now = *base::parse_rfc3339("2026-11-22T18:00:00Z");
  const auto check = [&](base::Seconds from_now) {
    aws::Credentials credentials;
    credentials.expiration = now + from_now;
    return error_of([&] { require_valid_expiration(credentials, now); });
  };
  EXPECT_EQ(check(base::Seconds{1}), none);
  EXPECT_EQ(check(base::Seconds{36 * 3600 + 900}), none);
  for (const std::int64_t seconds : {0, -1, -3600}) {
    EXPECT_TRUE(
        check(base::Seconds{seconds})
            .starts_with("1 AWS answered with a session that ended already, at 2026-11-22"));
  }
  for (const std::int64_t seconds : {std::int64_t{36 * 3600 + 901}, std::int64_t{200000000000}}) {
    EXPECT_TRUE(
        check(base::Seconds{seconds}).starts_with("1 AWS answered with a session that lasts"));
  }
}

}  // namespace
}  // namespace app
