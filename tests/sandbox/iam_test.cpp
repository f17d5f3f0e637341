#include "sandbox/fixture.h"

namespace sandbox {
namespace {

class Iam : public SandboxTest {};

TEST_F(Iam, ListsADevice) {
  const auto response = iam(keys_of("jsmith"), "ListMFADevices");
  const std::string request_id(*base::find_header(response.headers, "x-amzn-requestid"));
  EXPECT_EQ(std::string(response.body),
            "<ListMFADevicesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
            "  <ListMFADevicesResult>\n"
            "    <IsTruncated>false</IsTruncated>\n"
            "    <MFADevices>\n"
            "      <member>\n"
            "        <UserName>jsmith</UserName>\n"
            "        <SerialNumber>arn:aws:iam::123456789012:mfa/jsmith</SerialNumber>\n"
            "        <EnableDate>2026-11-22T17:20:10Z</EnableDate>\n"
            "      </member>\n"
            "    </MFADevices>\n"
            "  </ListMFADevicesResult>\n"
            "  <ResponseMetadata>\n"
            "    <RequestId>" +
                request_id +
                "</RequestId>\n"
                "  </ResponseMetadata>\n"
                "</ListMFADevicesResponse>\n");
}

TEST_F(Iam, ListsDevicesPageByPage) {
  auto page = iam(keys_of("mjones"), "ListMFADevices", {{"MaxItems", "2"}});
  EXPECT_EQ(text_of(page, "IsTruncated"), "true");
  EXPECT_EQ(text_of(page, "SerialNumber"), "arn:aws:iam::123456789012:mfa/mjones-phone");
  const std::string marker = text_of(page, "Marker");
  page = iam(keys_of("mjones"), "ListMFADevices", {{"MaxItems", "2"}, {"Marker", marker}});
  EXPECT_EQ(text_of(page, "IsTruncated"), "false");
  EXPECT_TRUE(text_of(page, "SerialNumber")
                  .starts_with("arn:aws:iam::123456789012:u2f/user/mjones/mjones-key-"));
  EXPECT_EQ(outcome(iam(keys_of("mjones"), "ListMFADevices", {{"Marker", "4"}})),
            "400 ValidationError: Invalid Marker.");
}

TEST_F(Iam, AUserMayAskAboutItselfOnly) {
  EXPECT_EQ(outcome(iam(keys_of("jsmith"), "ListMFADevices", {{"UserName", "mjones"}})),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/jsmith is not authorized to "
            "perform: iam:ListMFADevices on resource: user mjones because no identity-based policy "
            "allows the iam:ListMFADevices action");
}

TEST_F(Iam, WithoutPermissionNothingIsTold) {
  EXPECT_EQ(outcome(iam(keys_of("lookup-denied"), "GetRole", {{"RoleName", "NoSuchRole"}})),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/lookup-denied is not "
            "authorized to perform: iam:GetRole on resource: role NoSuchRole because no "
            "identity-based policy allows the iam:GetRole action");
}

TEST_F(Iam, AnExplicitDenyIsSaid) {
  EXPECT_EQ(outcome(iam(keys_of("forced"), "GetRole", {{"RoleName", "AdminRole"}})),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/forced is not authorized to "
            "perform: iam:GetRole on resource: role AdminRole with an explicit deny in an "
            "identity-based policy");
}

TEST_F(Iam, DescribesARole) {
  const auto response = iam(keys_of("jsmith"), "GetRole", {{"RoleName", "DeployRole"}});
  EXPECT_EQ(text_of(response, "Path"), "/deploy/");
  EXPECT_EQ(text_of(response, "Arn"), "arn:aws:iam::123456789012:role/deploy/DeployRole");
  EXPECT_EQ(text_of(response, "MaxSessionDuration"), "3600");
  EXPECT_TRUE(text_of(response, "AssumeRolePolicyDocument").starts_with("%7B%22Statement%22%3A"));
  EXPECT_EQ(outcome(iam(keys_of("jsmith"), "GetRole", {{"RoleName", "Nobody"}})),
            "404 NoSuchEntity: The role with name Nobody cannot be found.");
}

TEST_F(Iam, DescribesAUserWithAPath) {
  const auto response = iam(keys_of("pat"), "GetUser");
  EXPECT_EQ(text_of(response, "Path"), "/engineering/");
  EXPECT_EQ(text_of(response, "UserName"), "pat");
  EXPECT_EQ(text_of(response, "Arn"), "arn:aws:iam::123456789012:user/engineering/pat");
}

TEST_F(Iam, ARoleSessionHasNoUser) {
  const Keys admin = credentials_in(assume(session_of("jsmith"), "AdminRole"));
  EXPECT_EQ(outcome(iam(admin, "GetUser")),
            "400 ValidationError: Must specify userName when calling with non-User credentials");
  EXPECT_EQ(outcome(iam(admin, "GetUser", {{"UserName", "nobody"}})),
            "404 NoSuchEntity: The user with name nobody cannot be found.");
}

TEST_F(Iam, ASessionWithoutMfaIsRefused) {
  EXPECT_EQ(outcome(iam(session_of("jsmith", /*mfa=*/false), "ListMFADevices")),
            "403 InvalidClientTokenId: The security token included in the request is invalid");
  EXPECT_EQ(outcome(iam(session_of("jsmith"), "ListMFADevices")), "200");
}

TEST_F(Iam, ANameHasItsLettersAndItsLength) {
  EXPECT_EQ(outcome(iam(keys_of("jsmith"), "GetRole", {{"RoleName", "a b"}})),
            "400 ValidationError: The specified value for roleName is invalid. It must contain "
            "only alphanumeric characters and/or the following: +=,.@_-");
  EXPECT_EQ(outcome(iam(keys_of("jsmith"), "GetRole", {{"RoleName", ""}})),
            "400 ValidationError: 1 validation error detected: Value '' at 'roleName' failed to "
            "satisfy constraint: Member must have length greater than or equal to 1");
}

}  // namespace
}  // namespace sandbox
