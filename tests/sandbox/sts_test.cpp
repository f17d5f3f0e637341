#include "sandbox/fixture.h"

#include <atomic>
#include <thread>
#include <vector>

namespace sandbox {
namespace {

using std::chrono::seconds;

class Sts : public SandboxTest {};

TEST_F(Sts, GetCallerIdentityAnswersInAwsForm) {
  const auto response = sts(keys_of("jsmith"), "GetCallerIdentity");
  const std::string request_id(*base::find_header(response.headers, "x-amzn-requestid"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*base::find_header(response.headers, "content-type"), "text/xml");
  EXPECT_EQ(*base::find_header(response.headers, "date"), "Sun, 22 Nov 2026 17:20:10 GMT");
  EXPECT_EQ(std::string(response.body),
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
            "  <GetCallerIdentityResult>\n"
            "    <Arn>arn:aws:iam::123456789012:user/jsmith</Arn>\n"
            "    <UserId>" +
                user("jsmith").id +
                "</UserId>\n"
                "    <Account>123456789012</Account>\n"
                "  </GetCallerIdentityResult>\n"
                "  <ResponseMetadata>\n"
                "    <RequestId>" +
                request_id +
                "</RequestId>\n"
                "  </ResponseMetadata>\n"
                "</GetCallerIdentityResponse>\n");
}

TEST_F(Sts, ErrorsAreInAwsForm) {
  const auto response = sts({"AKIAUNKNOWN", "secret", ""}, "GetCallerIdentity");
  const std::string request_id(*base::find_header(response.headers, "x-amzn-requestid"));
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(std::string(response.body),
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
            "  <Error>\n"
            "    <Type>Sender</Type>\n"
            "    <Code>InvalidClientTokenId</Code>\n"
            "    <Message>The security token included in the request is invalid.</Message>\n"
            "  </Error>\n"
            "  <RequestId>" +
                request_id +
                "</RequestId>\n"
                "</ErrorResponse>\n");
}

TEST_F(Sts, UnknownActionsAreRefusedInTheFaultNamespace) {
  const auto response = sts(keys_of("jsmith"), "AssumeRoot");
  EXPECT_EQ(outcome(response),
            "400 InvalidAction: Could not find operation AssumeRoot for version 2011-06-15");
  EXPECT_TRUE(response.body.starts_with(
      "<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\">"));
  EXPECT_EQ(
      outcome(sandbox_.handle(signed_request(keys_of("jsmith"), "sts", "Action=AssumeRole"))),
      "400 InvalidAction: Could not find operation AssumeRole for version NO_VERSION_SPECIFIED");
}

TEST_F(Sts, EverythingThatIsNoCallIsRedirected) {
  base::HttpRequest request;
  for (const char* method : {"GET", "HEAD", "POST"}) {
    request.method = method;
    const auto response = sandbox_.handle(request);
    EXPECT_EQ(response.status, 302) << method;
    EXPECT_EQ(*base::find_header(response.headers, "location"), "https://aws.amazon.com/iam");
    EXPECT_EQ(*base::find_header(response.headers, "date"), "Sun, 22 Nov 2026 17:20:10 GMT");
  }
}

TEST_F(Sts, ACodeOpensARoleOnce) {
  const auto first = assume_with_code("jsmith", "AdminRole");
  EXPECT_EQ(outcome(first), "200");
  EXPECT_EQ(text_of(first, "Arn"), "arn:aws:sts::123456789012:assumed-role/AdminRole/test");
  EXPECT_EQ(text_of(first, "Expiration"), "2026-11-22T18:20:10Z");
  EXPECT_EQ(outcome(assume_with_code("jsmith", "AdminRole")),
            "403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass "
            "code. ");
  clock_.advance(seconds(30));
  EXPECT_EQ(outcome(assume_with_code("jsmith", "AdminRole")), "200");
}

TEST_F(Sts, ACodeOpensOneOfManyRequestsAtATime) {
  const base::HttpRequest request = signed_request(
      keys_of("jsmith"), "sts",
      form("GetSessionToken", "2011-06-15",
           {{"SerialNumber", serial_of("jsmith")}, {"TokenCode", code_of("jsmith")}}));
  std::atomic<int> opened = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { opened += sandbox_.handle(request).status == 200; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(opened, 1);
}

TEST_F(Sts, ACodeMayBeOneStepOff) {
  const std::string refused =
      "403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ";
  const auto with_code = [&](int steps) {
    return outcome(
        sts(keys_of("jsmith"), "GetSessionToken",
            {{"SerialNumber", serial_of("jsmith")}, {"TokenCode", code_of("jsmith", steps)}}));
  };
  EXPECT_EQ(with_code(-2), refused);
  EXPECT_EQ(with_code(2), refused);
  EXPECT_EQ(with_code(-1), "200");
  EXPECT_EQ(with_code(1), "200");
  EXPECT_EQ(with_code(0), refused);  // what lies before a used code is spent with it
}

TEST_F(Sts, ASerialNumberMustBelongToTheCallerAndMakeCodes) {
  const std::string refused =
      "403 AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please "
      "verify your MFA serial number is valid and associated with this user.";
  for (const std::string& serial : {serial_of("mjones"), serial_of("fido"), user("jsmith").arn}) {
    EXPECT_EQ(outcome(sts(keys_of("jsmith"), "GetSessionToken",
                          {{"SerialNumber", serial}, {"TokenCode", code_of("jsmith")}})),
              refused);
  }
  EXPECT_EQ(outcome(sts(keys_of("fido"), "GetSessionToken",
                        {{"SerialNumber", serial_of("fido")}, {"TokenCode", "123456"}})),
            refused);
}

TEST_F(Sts, SerialNumberAndCodeGoTogether) {
  const std::string refused =
      "403 AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and "
      "one time pass code.";
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "GetSessionToken", {{"TokenCode", "123456"}})), refused);
  EXPECT_EQ(
      outcome(sts(keys_of("jsmith"), "GetSessionToken", {{"SerialNumber", serial_of("jsmith")}})),
      refused);
}

TEST_F(Sts, AHardwareTokenHasAPlainSerialNumber) {
  EXPECT_EQ(outcome(assume_with_code("hardware", "AdminRole")), "200");
  EXPECT_EQ(serial_of("hardware"), "GAHT12345678");
}

TEST_F(Sts, ARoleThatWantsMfaRefusesWithoutACode) {
  const std::string refused =
      "403 AccessDenied: User: arn:aws:iam::123456789012:user/jsmith is not authorized to perform: "
      "sts:AssumeRole on resource: arn:aws:iam::123456789012:role/AdminRole";
  EXPECT_EQ(outcome(assume(keys_of("jsmith"), "AdminRole")), refused);
  EXPECT_EQ(outcome(assume(session_of("jsmith", /*mfa=*/false), "AdminRole")), refused);
}

TEST_F(Sts, AnMfaSessionOpensRolesWithoutACode) {
  const Keys session = session_of("jsmith");
  EXPECT_EQ(outcome(assume(session, "AdminRole")), "200");
  EXPECT_EQ(outcome(assume(session, "LongRole")), "200");
  EXPECT_EQ(outcome(assume(session, "deploy/DeployRole")), "200");
  clock_.advance(seconds(3601));
  EXPECT_EQ(outcome(assume(session, "AdminRole")), "200");
  // DeployRole wants a code that is younger than an hour.
  EXPECT_EQ(outcome(assume(session, "deploy/DeployRole")),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/jsmith is not authorized to "
            "perform: sts:AssumeRole on resource: "
            "arn:aws:iam::123456789012:role/deploy/DeployRole");
}

TEST_F(Sts, ARolesPathIsNotPartOfItsSessions) {
  EXPECT_EQ(text_of(assume_with_code("jsmith", "deploy/DeployRole"), "Arn"),
            "arn:aws:sts::123456789012:assumed-role/DeployRole/test");
}

TEST_F(Sts, ARoleThatIsMissingLooksLikeOneThatDoesNotTrust) {
  const Keys session = session_of("jsmith");
  for (const char* role : {"NoSuchRole", "NoTrustRole", "DirectRole", "DeployRole"}) {
    EXPECT_EQ(outcome(assume(session, role)),
              "403 AccessDenied: User: arn:aws:iam::123456789012:user/jsmith is not authorized to "
              "perform: sts:AssumeRole on resource: " +
                  arn(role));
  }
}

TEST_F(Sts, AnExternalIdMustBeTheWantedOne) {
  const Keys session = session_of("jsmith");
  const auto with_id = [&](std::string_view id) {
    return outcome(
        sts(session, "AssumeRole",
            {{"RoleArn", arn("ExternalRole")}, {"RoleSessionName", "test"}, {"ExternalId", id}}));
  };
  EXPECT_EQ(with_id("sandbox-external-id"), "200");
  const std::string refused =
      "403 AccessDenied: User: arn:aws:iam::123456789012:user/jsmith is not authorized to perform: "
      "sts:AssumeRole on resource: arn:aws:iam::123456789012:role/ExternalRole";
  EXPECT_EQ(with_id("another"), refused);
  EXPECT_EQ(outcome(assume(session, "ExternalRole")), refused);
}

TEST_F(Sts, ATrustPolicyThatNamesTheUserSufficesWithinTheAccount) {
  EXPECT_EQ(outcome(assume_with_code("bare", "DirectRole")), "200");
}

TEST_F(Sts, ATrustPolicyThatNamesTheAccountDoesNotSuffice) {
  EXPECT_EQ(outcome(assume_with_code("bare", "AdminRole")),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/bare is not authorized to "
            "perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/AdminRole");
}

TEST_F(Sts, AnotherAccountsRoleNeedsBothPolicies) {
  const auto assume_other = [&](const Keys& keys, const std::string& role) {
    return outcome(
        sts(keys, "AssumeRole",
            {{"RoleArn", "arn:aws:iam::210987654321:role/" + role}, {"RoleSessionName", "test"}}));
  };
  const auto refused = [](const std::string& role) {
    return "403 AccessDenied: User: arn:aws:iam::123456789012:user/bare is not authorized to "
           "perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/" +
           role;
  };
  EXPECT_EQ(assume_other(session_of("jsmith"), "Deploy"), "200");
  EXPECT_EQ(assume_other(keys_of("jsmith"), "Partner"), "200");
  EXPECT_EQ(assume_other(session_of("bare"), "Deploy"), refused("Deploy"));
  EXPECT_EQ(assume_other(keys_of("bare"), "Partner"), refused("Partner"));
}

TEST_F(Sts, AnExplicitDenyIsSaid) {
  EXPECT_EQ(outcome(assume(keys_of("forced"), "AdminRole")),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/forced is not authorized to "
            "perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/AdminRole with an "
            "explicit deny in an identity-based policy");
  EXPECT_EQ(outcome(assume_with_code("forced", "AdminRole")), "200");
}

TEST_F(Sts, RootAssumesNoRole) {
  EXPECT_EQ(outcome(assume(keys_of(root_user_name), "AdminRole")),
            "403 AccessDenied: Roles may not be assumed by root accounts.");
}

TEST_F(Sts, MfaIsNotPassedOnAlongAChain) {
  const Keys admin = credentials_in(assume(session_of("jsmith"), "AdminRole"));
  const Keys b = credentials_in(assume(admin, "ChainB"));
  EXPECT_EQ(outcome(assume(b, "ChainC")), "200");
  EXPECT_EQ(outcome(assume(b, "ChainMfa")),
            "403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/ChainB/test is not "
            "authorized to perform: sts:AssumeRole on resource: "
            "arn:aws:iam::123456789012:role/ChainMfa");
}

TEST_F(Sts, DurationsAreCheckedInTheDocumentedOrder) {
  const auto with_duration = [&](const Keys& keys, std::string_view role, const char* duration) {
    return outcome(
        sts(keys, "AssumeRole",
            {{"RoleArn", arn(role)}, {"RoleSessionName", "test"}, {"DurationSeconds", duration}}));
  };
  const Keys session = session_of("jsmith");
  EXPECT_EQ(with_duration(session, "LongRole", "899"),
            "400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' "
            "failed to satisfy constraint: Member must have value greater than or equal to 900");
  EXPECT_EQ(with_duration(session, "LongRole", "43201"),
            "400 ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' "
            "failed to satisfy constraint: Member must have value less than or equal to 43200");
  EXPECT_EQ(with_duration(session, "AdminRole", "3601"),
            "400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role.");
  EXPECT_EQ(with_duration(session, "LongRole", "3601"),
            "400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit "
            "for roles assumed by role chaining.");
  EXPECT_EQ(with_duration(session, "LongRole", "3600"), "200");
  EXPECT_EQ(with_duration(session, "LongRole", "an hour"), "400 MalformedInput");
}

TEST_F(Sts, ALongTermKeyWithACodeMayUseTheRolesWholeDuration) {
  const auto response = sts(keys_of("jsmith"), "AssumeRole",
                            {{"RoleArn", arn("LongRole")},
                             {"RoleSessionName", "test"},
                             {"SerialNumber", serial_of("jsmith")},
                             {"TokenCode", code_of("jsmith")},
                             {"DurationSeconds", "43200"}});
  EXPECT_EQ(text_of(response, "Expiration"), "2026-11-23T05:20:10Z");
}

TEST_F(Sts, GetSessionTokenLastsTwelveHoursUnlessAsked) {
  EXPECT_EQ(text_of(sts(keys_of("jsmith"), "GetSessionToken"), "Expiration"),
            "2026-11-23T05:20:10Z");
  EXPECT_EQ(text_of(sts(keys_of("jsmith"), "GetSessionToken", {{"DurationSeconds", "129600"}}),
                    "Expiration"),
            "2026-11-24T05:20:10Z");
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "GetSessionToken", {{"DurationSeconds", "129601"}})),
            "400 ValidationError: 1 validation error detected: Value '129601' at 'durationSeconds' "
            "failed to satisfy constraint: Member must have value less than or equal to 129600");
}

TEST_F(Sts, GetSessionTokenTakesLongTermKeysOnly) {
  EXPECT_EQ(outcome(sts(session_of("jsmith"), "GetSessionToken")),
            "403 AccessDenied: Cannot call GetSessionToken with session credentials");
}

TEST_F(Sts, AllThatIsWrongWithTheParametersIsSaidAtOnce) {
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "AssumeRole",
                        {{"RoleArn", "short"}, {"RoleSessionName", "a b"}})),
            "400 ValidationError: 2 validation errors detected: Value 'short' at 'roleArn' failed "
            "to satisfy constraint: Member must have length greater than or equal to 20; Value 'a "
            "b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular "
            "expression pattern: [\\w+=,.@-]*");
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "AssumeRole", {{"RoleArn", arn("AdminRole")}})),
            "400 ValidationError: 1 validation error detected: Value null at 'roleSessionName' "
            "failed to satisfy constraint: Member must not be null");
}

TEST_F(Sts, SessionPoliciesRestrict) {
  const std::string list_only =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListMFADevices","Resource":"*"}})";
  const auto response =
      sts(session_of("jsmith"), "AssumeRole",
          {{"RoleArn", arn("AdminRole")}, {"RoleSessionName", "test"}, {"Policy", list_only}});
  EXPECT_NE(text_of(response, "PackedPolicySize"), "no PackedPolicySize");
  const Keys role = credentials_in(response);
  EXPECT_EQ(outcome(iam(role, "ListMFADevices", {{"UserName", "jsmith"}})), "200");
  EXPECT_EQ(outcome(iam(role, "GetRole", {{"RoleName", "AdminRole"}})),
            "403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/AdminRole/test is not "
            "authorized to perform: iam:GetRole on resource: role AdminRole because no session "
            "policy allows the iam:GetRole action");
}

TEST_F(Sts, ASessionPolicyMustBeOne) {
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "AssumeRole",
                        {{"RoleArn", arn("AdminRole")},
                         {"RoleSessionName", "test"},
                         {"Policy", "{\n  \"Version\":"}})),
            "400 MalformedPolicyDocument: the policy: not JSON at line 2, column 13");
}

Options with_short_sessions() {
  Options options;
  options.session_limits = {base::Seconds(70), base::Seconds(20)};
  return options;
}

class ShortSessions : public SandboxTest {
 protected:
  ShortSessions() : SandboxTest(with_short_sessions()) {}
};

TEST_F(ShortSessions, EndWhenTheyAreToldToWhateverWasAskedFor) {
  const Keys base = session_of("jsmith");
  const auto assumed = sts(
      base, "AssumeRole",
      {{"RoleArn", arn("AdminRole")}, {"RoleSessionName", "test"}, {"DurationSeconds", "3600"}});
  const Keys role = credentials_in(assumed);
  EXPECT_EQ(text_of(assumed, "Expiration"), base::format_rfc3339(clock_.now() + base::Seconds(20)));
  clock_.advance(base::Seconds(19));
  EXPECT_EQ(outcome(sts(role, "GetCallerIdentity")), "200");
  clock_.advance(base::Seconds(1));
  EXPECT_EQ(outcome(sts(role, "GetCallerIdentity")),
            "403 ExpiredToken: The security token included in the request is expired");
  EXPECT_EQ(outcome(sts(base, "GetCallerIdentity")), "200");
  clock_.advance(base::Seconds(50));
  EXPECT_EQ(outcome(sts(base, "GetCallerIdentity")),
            "403 ExpiredToken: The security token included in the request is expired");
}

TEST_F(Sts, TheFirstOfTwoEqualParametersCounts) {
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "GetSessionToken",
                        {{"DurationSeconds", "899"}, {"DurationSeconds", "900"}})),
            "400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' "
            "failed to satisfy constraint: Member must have value greater than or equal to 900");
}

}  // namespace
}  // namespace sandbox
