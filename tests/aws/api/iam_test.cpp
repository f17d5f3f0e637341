#include "aws/api/iam.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <string>

namespace aws::iam {
namespace {

using support::error_of;

const std::string hint = "\nhint: check --endpoint-url and the proxy (HTTPS_PROXY)";

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

TEST(IamForm, OfAccessKeys) {
  EXPECT_EQ(form(list_access_keys("", "")), "Action=ListAccessKeys&Version=2010-05-08");
  EXPECT_EQ(form(list_access_keys("j", "m")),
            "Action=ListAccessKeys&Version=2010-05-08&UserName=j&Marker=m");
  EXPECT_EQ(form(get_access_key_last_used("AKIAX")),
            "Action=GetAccessKeyLastUsed&Version=2010-05-08&AccessKeyId=AKIAX");
}

TEST(IamForm, OfASimulation) {
  const Call call =
      simulate_principal_policy("arn:u", {"sts:AssumeRole", "sts:TagSession"}, "arn:r",
                                {{"aws:MultiFactorAuthPresent", "boolean", {"true"}},
                                 {"aws:TagKeys", "stringList", {"a", "b"}}});
  EXPECT_EQ(form(call),
            "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Au&"
            "ActionNames.member.1=sts%3AAssumeRole&ActionNames.member.2=sts%3ATagSession&"
            "ResourceArns.member.1=arn%3Ar&"
            "ContextEntries.member.1.ContextKeyName=aws%3AMultiFactorAuthPresent&"
            "ContextEntries.member.1.ContextKeyType=boolean&"
            "ContextEntries.member.1.ContextKeyValues.member.1=true&"
            "ContextEntries.member.2.ContextKeyName=aws%3ATagKeys&"
            "ContextEntries.member.2.ContextKeyType=stringList&"
            "ContextEntries.member.2.ContextKeyValues.member.1=a&"
            "ContextEntries.member.2.ContextKeyValues.member.2=b");
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
            "1 the answer is not from AWS: it is not XML" + hint);
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

TEST(IamAnswer, HasTheTrustPolicyDecoded) {
  EXPECT_EQ(role("<Arn>a</Arn>").trust_policy, "");
  EXPECT_EQ(role("<Arn>a</Arn><AssumeRolePolicyDocument>%7B%22Sid%22%3A%22a%2Bb%20c%22%7D"
                 "</AssumeRolePolicyDocument>")
                .trust_policy,
            "{\"Sid\":\"a+b c\"}");
}

TEST(IamAnswer, ListsAccessKeys) {
  base::WipedString body(
      "<r><ListAccessKeysResult><AccessKeyMetadata><member><AccessKeyId>AKIA1</AccessKeyId>"
      "<Status>Active</Status><CreateDate>2026-11-22T18:20:00Z</CreateDate></member><member>"
      "<AccessKeyId>AKIA2</AccessKeyId><Status>Inactive</Status></member></AccessKeyMetadata>"
      "<IsTruncated>true</IsTruncated><Marker>m</Marker></ListAccessKeysResult></r>");
  const AccessKeyPage page = parse_list_access_keys(body);
  ASSERT_EQ(page.keys.size(), 2u);
  EXPECT_EQ(page.keys[0].access_key_id, "AKIA1");
  EXPECT_TRUE(page.keys[0].active);
  EXPECT_EQ(page.keys[0].created, base::parse_rfc3339("2026-11-22T18:20:00Z"));
  EXPECT_FALSE(page.keys[1].active);
  EXPECT_FALSE(page.keys[1].created);
  EXPECT_EQ(page.marker, "m");
  base::WipedString page_of_a_stranger("<p/>");
  EXPECT_EQ(error_of([&] { parse_list_access_keys(page_of_a_stranger); }),
            "1 the answer from AWS lacks AccessKeyMetadata" + hint);
}

TEST(IamAnswer, TellsWhenAKeyWasLastUsed) {
  const auto last_used = [](std::string_view inside) {
    base::WipedString body("<r><GetAccessKeyLastUsedResult><AccessKeyLastUsed>" +
                           std::string(inside) +
                           "</AccessKeyLastUsed></GetAccessKeyLastUsedResult></r>");
    return parse_get_access_key_last_used(body);
  };
  const AccessKeyLastUsed used = last_used(
      "<LastUsedDate>2026-11-22T18:20:00Z</LastUsedDate><ServiceName>s3</ServiceName>"
      "<Region>eu-west-1</Region>");
  EXPECT_EQ(used.time, base::parse_rfc3339("2026-11-22T18:20:00Z"));
  EXPECT_EQ(used.service + " " + used.region, "s3 eu-west-1");
  EXPECT_FALSE(last_used("<ServiceName>N/A</ServiceName><Region>N/A</Region>").time);
  EXPECT_EQ(error_of([&] { last_used(""); }), "1 the answer from AWS lacks ServiceName" + hint);
}

TEST(IamAnswer, OfASimulation) {
  const auto result = [](const std::string& action, const std::string& decision) {
    return "<member><EvalActionName>" + action + "</EvalActionName><EvalDecision>" + decision +
           "</EvalDecision></member>";
  };
  const auto parsed = [](const std::string& results, const std::vector<std::string>& actions) {
    base::WipedString body("<r><SimulatePrincipalPolicyResult><EvaluationResults>" + results +
                           "</EvaluationResults></SimulatePrincipalPolicyResult></r>");
    return parse_simulation(body, actions);
  };
  // By name, whatever their order.
  const std::string three = result("iam:GetRole", "explicitDeny") +
                            result("sts:TagSession", "implicitDeny") +
                            result("sts:assumerole", "allowed");
  EXPECT_EQ(parsed(three, {"sts:AssumeRole", "sts:TagSession", "iam:GetRole"}),
            (std::vector{Simulated::allowed, Simulated::implicit_deny, Simulated::explicit_deny}));
  EXPECT_EQ(error_of([&] { parsed(three, {"sts:SetSourceIdentity"}); }),
            "1 the answer from AWS says nothing of sts:SetSourceIdentity");
  EXPECT_EQ(error_of([&] { parsed(result("sts:AssumeRole", ""), {"sts:AssumeRole"}); }),
            "1 the answer from AWS says nothing of sts:AssumeRole");
}

TEST(IamAnswer, TakesAnHourWhereAwsDoesNotSay) {
  EXPECT_EQ(role("<Arn>a</Arn>").max_session_duration, base::Seconds{3600});
}

TEST(IamAnswer, OfGetRoleHasAnArn) {
  EXPECT_EQ(error_of([] { role("<RoleName>A</RoleName>"); }),
            "1 the answer from AWS lacks Arn" + hint);
  base::WipedString page("<p>");
  EXPECT_EQ(error_of([&] { parse_get_role(page); }),
            "1 the answer is not from AWS: it is not XML" + hint);
}

}  // namespace
}  // namespace aws::iam
