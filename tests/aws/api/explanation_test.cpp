#include "aws/api/explanation.h"

#include "support/error.h"
#include "support/vectors.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace aws {
namespace {

const std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

RequestFacts facts() {
  RequestFacts known;
  known.operation = "AssumeRole";
  known.access_key_id = "AKIAX";
  known.user_name = "jsmith";
  known.role_arn = "arn:aws:iam::123456789012:role/Admin";
  known.serial_number = "arn:aws:iam::123456789012:mfa/jsmith";
  known.region = "eu-west-1";
  known.code_sent = true;
  return known;
}

std::string explained(int status, const std::string& code, const std::string& message,
                      const RequestFacts& known = facts()) {
  return support::text_of(explain({status, code, message}, known));
}

TEST(Explain, AWrongCode) {
  EXPECT_EQ(explained(403, "AccessDenied",
                      "MultiFactorAuthentication failed with invalid MFA one time pass code. "),
            "3 AWS refused the MFA code (AccessDenied on AssumeRole)\n"
            "hint: a code works once; wait for the next one on your device\n"
            "hint: if new codes are refused too, check that they come from the device "
            "arn:aws:iam::123456789012:mfa/jsmith and that its clock is right");
}

TEST(Explain, ACodeThatAProgramMadeByAWrongClock) {
  RequestFacts known = facts();
  known.clock_offset = base::Seconds{-600};
  EXPECT_EQ(
      explained(403, "AccessDenied",
                "MultiFactorAuthentication failed with invalid MFA one time pass code. ", known),
      "3 AWS refused the MFA code (AccessDenied on AssumeRole)\n"
      "hint: a code works once; wait for the next one on your device\n"
      "hint: if new codes are refused too, check that they come from the device "
      "arn:aws:iam::123456789012:mfa/jsmith and that its clock is right\n"
      "hint: this machine's clock is 10 min ahead of AWS's, so a program on it generates wrong "
      "codes");
}

TEST(Explain, AUserGivenForADevice) {
  RequestFacts known = facts();
  known.serial_number = "arn:aws:iam::123456789012:user/team/jsmith";
  EXPECT_EQ(explained(403, "AccessDenied",
                      "MultiFactorAuthentication failed, unable to validate MFA code.  Please "
                      "verify your MFA serial number is valid and associated with this user.",
                      known),
            "3 AWS does not know arn:aws:iam::123456789012:user/team/jsmith as an MFA device of "
            "this user (AccessDenied on AssumeRole)\n"
            "hint: this is the ARN of the user, not of a device; the user's device is often "
            "arn:aws:iam::123456789012:mfa/jsmith\n"
            "hint: list your devices with: aws iam list-mfa-devices");
}

TEST(Explain, AnUnknownDevice) {
  EXPECT_EQ(
      explained(403, "AccessDenied",
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please "
                "verify your MFA serial number is valid and associated with this user."),
      "3 AWS does not know arn:aws:iam::123456789012:mfa/jsmith as an MFA device of this "
      "user (AccessDenied on AssumeRole)\n"
      "hint: list your devices with: aws iam list-mfa-devices\n"
      "hint: give the right one with --serial-number; it looks like arn:aws:iam::ACCOUNT:mfa/NAME");
}

const std::string role_denied =
    "User: arn:aws:iam::123456789012:user/jsmith is not authorized to perform: sts:AssumeRole on "
    "resource: arn:aws:iam::123456789012:role/Admin";
const std::string role_denied_what =
    "3 AWS does not let you assume arn:aws:iam::123456789012:role/Admin (AccessDenied on "
    "AssumeRole)\n"
    "hint: AWS gives the same answer for a role that does not exist; check that "
    "arn:aws:iam::123456789012:role/Admin is right\n";

TEST(Explain, ARoleThatRefusesOrIsNotThere) {
  EXPECT_EQ(
      explained(403, "AccessDenied", role_denied),
      role_denied_what +
          "hint: the role's trust policy must allow your user or account\n"
          "hint: a policy of your user or group must allow sts:AssumeRole on the role; "
          "aws-session-token policy prints both\n"
          "hint: if the role's trust policy requires an external ID, give it with --external-id");
}

TEST(Explain, ARoleThatWasAskedForWithoutACode) {
  RequestFacts known = facts();
  known.code_sent = false;
  known.external_id_sent = true;
  EXPECT_EQ(
      explained(403, "AccessDenied", role_denied, known),
      role_denied_what +
          "hint: the role's trust policy must allow your user or account, and if it requires MFA, "
          "a code must be sent\n"
          "hint: a policy of your user or group must allow sts:AssumeRole on the role; "
          "aws-session-token policy prints both\n"
          "hint: the external ID that was sent must match the one in the role's trust policy");
}

TEST(Explain, ARoleThatGetRoleHasFound) {
  RequestFacts known = facts();
  known.role_seen = true;
  EXPECT_EQ(explained(403, "AccessDenied", role_denied, known),
            "3 AWS does not let you assume arn:aws:iam::123456789012:role/Admin (AccessDenied on "
            "AssumeRole)\n"
            "hint: the role exists, since GetRole found it: its trust policy does not allow this, "
            "or no policy of your user does\n"
            "hint: the role's trust policy must allow your user or account\n"
            "hint: a policy of your user or group must allow sts:AssumeRole on the role; "
            "aws-session-token policy prints both\n"
            "hint: if the role's trust policy requires an external ID, give it with --external-id");
}

TEST(Explain, ARoleOfAnotherAccountOrPartition) {
  RequestFacts known = facts();
  known.role_arn = "arn:aws-cn:iam::210987654321:role/Deploy";
  EXPECT_EQ(explained(403, "AccessDenied",
                      "User: arn:aws:iam::123456789012:user/jsmith is not authorized to perform: "
                      "sts:AssumeRole on resource: arn:aws-cn:iam::210987654321:role/Deploy",
                      known),
            "3 AWS does not let you assume arn:aws-cn:iam::210987654321:role/Deploy (AccessDenied "
            "on AssumeRole)\n"
            "hint: AWS gives the same answer for a role that does not exist; check that "
            "arn:aws-cn:iam::210987654321:role/Deploy is right\n"
            "hint: the role is in the partition aws-cn, but the region eu-west-1 is in aws: give "
            "another --region\n"
            "hint: the role's trust policy in account 210987654321 must allow your user or account "
            "123456789012\n"
            "hint: a policy of your user or group must allow sts:AssumeRole on the role; "
            "aws-session-token policy prints both\n"
            "hint: if the role's trust policy requires an external ID, give it with --external-id");
}

TEST(Explain, ARoleOfAChain) {
  RequestFacts known = facts();
  known.temporary_key = true;
  EXPECT_EQ(
      explained(403, "AccessDenied", role_denied, known),
      role_denied_what +
          "hint: the role's trust policy must name the role before it in the chain, and must not "
          "require MFA, which a role session does not have\n"
          "hint: if the role's trust policy requires an external ID, give it with --external-id");
}

TEST(Explain, AnExplicitDeny) {
  const std::string message = role_denied + " with an explicit deny in an identity-based policy";
  EXPECT_EQ(
      explained(403, "AccessDenied", message),
      "3 a policy of your user or group denies AssumeRole explicitly (AccessDenied on "
      "AssumeRole)\n"
      "hint: a code was sent, so MFA is not what is missing; ask an administrator of the account");
  RequestFacts known = facts();
  known.code_sent = false;
  EXPECT_EQ(explained(403, "AccessDenied", message, known),
            "3 a policy of your user or group denies AssumeRole explicitly (AccessDenied on "
            "AssumeRole)\n"
            "hint: a policy that requires MFA denies requests without a code");
  EXPECT_EQ(explained(403, "AccessDenied",
                      role_denied + " with an explicit deny in a service control policy: "
                                    "arn:aws:organizations::1:policy/o-1/p-1",
                      known),
            "3 a service control policy of the organization denies AssumeRole explicitly "
            "(AccessDenied on AssumeRole)\n"
            "hint: the policy is arn:aws:organizations::1:policy/o-1/p-1\n"
            "hint: a policy that requires MFA denies requests without a code");
  known.temporary_key = true;
  EXPECT_EQ(explained(403, "AccessDenied", role_denied + " with an explicit deny", known),
            "3 a policy denies AssumeRole explicitly (AccessDenied on AssumeRole)\n"
            "hint: ask an administrator of the account");
}

TEST(Explain, ADeniedLookUp) {
  RequestFacts known = facts();
  known.operation = "ListMFADevices";
  EXPECT_EQ(
      explained(403, "AccessDenied",
                "User: u is not authorized to perform: iam:ListMFADevices on resource: user j "
                "because no identity-based policy allows the iam:ListMFADevices action",
                known),
      "3 AWS does not let you list the user's MFA devices (AccessDenied on ListMFADevices)\n"
      "hint: give the device with --serial-number\n"
      "hint: or have iam:ListMFADevices allowed on your own user: aws-session-token policy user "
      "prints the statement");
  known.operation = "GetRole";
  EXPECT_EQ(
      explained(403, "AccessDenied",
                "User: u is not authorized to perform: iam:GetRole on resource: role r", known),
      "3 no policy of your user allows GetRole (AccessDenied on GetRole)\n"
      "hint: ask an administrator of the account");
}

TEST(Explain, AnInactiveKey) {
  EXPECT_EQ(explained(403, "InvalidClientTokenId",
                      "The security token included in the request is invalid."),
            "3 AWS does not accept the access key AKIAX of jsmith (InvalidClientTokenId on "
            "AssumeRole)\n"
            "hint: it was deleted or deactivated, or belongs to another partition than aws; check "
            "it in the IAM console, or create a new one\n"
            "hint: store a new key in its profile with: aws configure");
  RequestFacts known = facts();
  known.temporary_key = true;
  known.user_name.clear();
  EXPECT_EQ(explained(403, "InvalidClientTokenId", "", known),
            "3 AWS does not accept the access key AKIAX (InvalidClientTokenId on AssumeRole)\n"
            "hint: AWS has ended the session, perhaps because its role was deleted; run the "
            "command again");
}

TEST(Explain, ATemporaryKeyWithoutItsToken) {
  RequestFacts known = facts();
  known.access_key_id = "ASIAX";
  EXPECT_EQ(explained(403, "InvalidClientTokenId", "", known),
            "3 AWS does not accept the access key ASIAX of jsmith (InvalidClientTokenId on "
            "AssumeRole)\n"
            "hint: an ID that begins with ASIA is that of a temporary key, which does not work "
            "without its session token\n"
            "hint: store your long-term key, whose ID begins with AKIA, in its profile with: aws "
            "configure");
}

TEST(Explain, AWrongSecret) {
  EXPECT_EQ(explained(403, "SignatureDoesNotMatch",
                      "The request signature we calculated does not match the signature you "
                      "provided. Check your AWS Secret Access Key and signing method."),
            "3 the secret does not belong to the access key AKIAX of jsmith "
            "(SignatureDoesNotMatch on AssumeRole)\n"
            "hint: copy the ID and the secret again; a character may be missing or added");
}

TEST(Explain, AClockThatIsWrong) {
  EXPECT_EQ(explained(403, "SignatureDoesNotMatch",
                      "Signature expired: 20261122T180000Z is now earlier than 20261122T181500Z "
                      "(20261122T183000Z - 15 min.)"),
            "3 this machine's clock is 30 min behind AWS's (SignatureDoesNotMatch on AssumeRole)\n"
            "hint: set the clock and try again: timedatectl set-ntp true\n"
            "hint: then use a new code: this one may have been used");
  EXPECT_EQ(explained(403, "SignatureDoesNotMatch",
                      "Signature not yet current: 20261122T190000Z is still later than "
                      "20261122T184500Z (20261122T183000Z + 15 min.)"),
            "3 this machine's clock is 30 min ahead of AWS's (SignatureDoesNotMatch on "
            "AssumeRole)\n"
            "hint: set the clock and try again: timedatectl set-ntp true\n"
            "hint: then use a new code: this one may have been used");
  RequestFacts known = facts();
  known.code_sent = false;
  EXPECT_EQ(explained(403, "SignatureDoesNotMatch", "Signature expired: no times", known),
            "3 this machine's clock is behind AWS's (SignatureDoesNotMatch on AssumeRole)\n"
            "hint: set the clock and try again: timedatectl set-ntp true");
}

TEST(Explain, Throttling) {
  for (const std::string code : {"Throttling", "ThrottlingException", "RequestLimitExceeded"}) {
    EXPECT_EQ(explained(400, code, "Rate exceeded"),
              "3 AWS is throttling requests (" + code +
                  " on AssumeRole)\nhint: wait for the next code, then try again");
    RequestFacts known = facts();
    known.code_sent = false;
    EXPECT_EQ(explained(400, code, "Rate exceeded", known),
              "3 AWS is throttling requests (" + code +
                  " on AssumeRole)\nhint: wait a moment, then try again");
  }
}

TEST(Explain, AFaultOfAws) {
  EXPECT_EQ(explained(500, "InternalFailure", "oops"),
            "1 AWS failed to answer AssumeRole (InternalFailure, HTTP 500)\n"
            "hint: this is a fault of AWS; try again in a minute");
}

TEST(Explain, AStrangersPage) {
  base::WipedString page("<html><p>Log in<br></html>");
  EXPECT_EQ(support::text_of(explain(parse_error(407, page), facts())),
            "1 the answer to AssumeRole is not from AWS (HTTP 407)\n"
            "hint: check --endpoint-url and the proxy (HTTPS_PROXY)");
}

TEST(Explain, ARoleWhoseNameHoldsAnotherWord) {
  RequestFacts known = facts();
  known.operation = "GetRole";
  EXPECT_EQ(explained(404, "NoSuchEntity", "The role with name user-admin cannot be found.", known),
            "3 there is no role arn:aws:iam::123456789012:role/Admin in this account "
            "(NoSuchEntity on GetRole)\n"
            "hint: role names are case-sensitive; list them with: aws iam list-roles\n"
            "hint: give a role of another account as ACCOUNT:NAME or by its ARN");
}

TEST(Explain, WhatIsNotKnownInAwssOwnWords) {
  EXPECT_EQ(explained(400, "NewCode", " Something\x1b[31m else. "),
            "3 AWS refused AssumeRole: Something?[31m else (NewCode)");
  EXPECT_EQ(explained(400, "NewCode", ""), "3 AWS refused AssumeRole (NewCode)");
}

TEST(Explain, RepeatsNoValue) {
  EXPECT_EQ(
      explained(400, "ValidationError",
                "2 validation errors detected: Value '987654' at 'tokenCode' failed to satisfy "
                "constraint: X; Value '" +
                    secret + "' at 'serialNumber' failed: Y."),
      "3 AWS refused AssumeRole: 2 validation errors detected: Value '...' at 'tokenCode' failed "
      "to satisfy constraint: X; Value '...' at 'serialNumber' failed: Y (ValidationError)");
  EXPECT_EQ(explained(400, "ValidationError", "Value '987654"),
            "3 AWS refused AssumeRole: Value '... (ValidationError)");
}

// Some services put the string that was signed, session token included, into this message.
TEST(Explain, RepeatsNothingThatWasSigned) {
  for (const std::string code :
       {"SignatureDoesNotMatch", "IncompleteSignature", "InvalidClientTokenId", "ExpiredToken"}) {
    EXPECT_EQ(explained(403, code, "x-amz-security-token:" + secret).find(secret),
              std::string::npos)
        << code;
  }
}

// --- Published texts ---------------------------------------------------------------------------

TEST(Explain, KnowsEveryPublishedText) {
  SKIP_WITHOUT_VECTORS();
  const auto entries = support::read_json(support::vectors() / "sts_iam_errors.json")["errors"];
  for (const auto& entry : entries) {
    SCOPED_TRACE(entry.dump());
    const std::string code = entry["code"].is_null() ? "" : entry["code"];
    const std::string message = entry["message"].is_null() ? "" : entry["message"];
    const std::string text = explained(entry["http"], code, message);
    EXPECT_FALSE(text.starts_with("3 AWS refused AssumeRole")) << text;
    EXPECT_NE(text.find("\nhint: "), std::string::npos) << text;
  }
  EXPECT_EQ(entries.size(), 41u);
}

}  // namespace
}  // namespace aws
