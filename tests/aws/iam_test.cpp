#include "aws/iam.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <string>

namespace aws::iam {
namespace {

using support::error_of;

const std::string hint =
    "\nhint: is the endpoint really AWS? look at --endpoint-url and at the proxy (HTTPS_PROXY)";

base::WipedString form(const Call& call) { return http_request(call, {"https://x", "r"}).body; }

TEST(IamForm, OfListMfaDevices) {
  EXPECT_EQ(form(list_mfa_devices("", "")), "Action=ListMFADevices&Version=2010-05-08");
  EXPECT_EQ(form(list_mfa_devices("j.smith@x", "m/1=")),
            "Action=ListMFADevices&Version=2010-05-08&UserName=j.smith%40x&Marker=m%2F1%3D");
}

TEST(IamForm, OfGetRole) {
  EXPECT_EQ(form(get_role("Admin+Role")),
            "Action=GetRole&Version=2010-05-08&RoleName=Admin%2BRole");
}

TEST(IamCall, MayBeSentAgain) {
  EXPECT_FALSE(list_mfa_devices("j", "").single_use);
  EXPECT_FALSE(get_role("r").single_use);
}

TEST(IamCall, IsHeldToAwssLimits) {
  EXPECT_TRUE(error_of([] { get_role("a/b"); }).starts_with("2 "));
  EXPECT_TRUE(error_of([] { list_mfa_devices("a b", ""); }).starts_with("2 "));
}

MfaDevicePage devices(std::string_view xml) {
  base::WipedString body(xml);
  return parse_list_mfa_devices(body);
}

TEST(IamAnswer, ListsDevicesWhateverTheOrderOfTheirFields) {
  const MfaDevicePage page = devices(
      "<ListMFADevicesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
      "<ListMFADevicesResult>\n<MFADevices>\n<member><UserName>j</UserName>"
      "<SerialNumber>arn:aws:iam::1:mfa/j</SerialNumber><EnableDate>x</EnableDate></member>\n"
      "<member><SerialNumber> GAHT1 </SerialNumber><New/><UserName>j</UserName></member>\n"
      "</MFADevices>\n<IsTruncated>false</IsTruncated>\n<Marker>never</Marker>"
      "</ListMFADevicesResult>\n</ListMFADevicesResponse>\n");
  ASSERT_EQ(page.devices.size(), 2u);
  EXPECT_EQ(page.devices[0].user_name, "j");
  EXPECT_EQ(page.devices[0].serial_number, "arn:aws:iam::1:mfa/j");
  EXPECT_EQ(page.devices[1].serial_number, "GAHT1");
  EXPECT_EQ(page.marker, "");
}

TEST(IamAnswer, NamesTheNextPage) {
  EXPECT_EQ(devices("<r><ListMFADevicesResult><IsTruncated>true</IsTruncated><Marker>m</Marker>"
                    "<MFADevices/></ListMFADevicesResult></r>")
                .marker,
            "m");
}

TEST(IamAnswer, MayListNoDevice) {
  EXPECT_TRUE(
      devices("<r><ListMFADevicesResult><MFADevices/></ListMFADevicesResult></r>").devices.empty());
}

TEST(IamAnswer, IsNoStrangersPage) {
  EXPECT_EQ(error_of([] { devices("<html><p>Log in</p></html>"); }),
            "1 the answer from AWS lacks MFADevices" + hint);
  EXPECT_EQ(error_of([] { devices("Log in"); }),
            "1 the answer is not one of AWS's: it is no XML" + hint);
}

Role role(std::string_view inside) {
  base::WipedString body("<r><GetRoleResult><Role>" + std::string(inside) +
                         "</Role></GetRoleResult></r>");
  return parse_get_role(body);
}

TEST(IamAnswer, OfGetRole) {
  const Role found = role(
      "<Path>/t/</Path><MaxSessionDuration>43200</MaxSessionDuration><RoleName>A</RoleName>"
      "<Arn>arn:aws:iam::1:role/t/A</Arn>");
  EXPECT_EQ(found.arn, "arn:aws:iam::1:role/t/A");
  EXPECT_EQ(found.max_session_duration, base::Seconds{43200});
}

TEST(IamAnswer, TakesAnHourWhereAwsDoesNotSay) {
  EXPECT_EQ(role("<Arn>a</Arn>").max_session_duration, base::Seconds{3600});
}

TEST(IamAnswer, OfGetRoleHasAnArn) {
  EXPECT_EQ(error_of([] { role("<RoleName>A</RoleName>"); }),
            "1 the answer from AWS lacks Arn" + hint);
  base::WipedString page("<p>");
  EXPECT_EQ(error_of([&] { parse_get_role(page); }),
            "1 the answer is not one of AWS's: it is no XML" + hint);
}

}  // namespace
}  // namespace aws::iam
