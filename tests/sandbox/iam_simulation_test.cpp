#include "sandbox/fixture.h"

namespace sandbox {
namespace {

class IamSimulation : public SandboxTest {
 protected:
  IamSimulation() : admin_(credentials_in(assume_with_code("jsmith", "AdminRole"))) {}

  base::HttpResponse simulate(std::string_view source, Form form) {
    const std::string arn = "arn:aws:iam::123456789012:" + std::string(source);
    form.push_back({"PolicySourceArn", arn});
    return iam(admin_, "SimulatePrincipalPolicy", form);
  }
  std::string decision(std::string_view source, std::string_view action, std::string_view resource,
                       Form more = {}) {
    more.push_back({"ActionNames.member.1", action});
    more.push_back({"ResourceArns.member.1", resource});
    return text_of(simulate(source, std::move(more)), "EvalDecision");
  }

  static constexpr std::string_view admin_role = "arn:aws:iam::123456789012:role/AdminRole";
  const Keys admin_;
};

TEST_F(IamSimulation, TellsWhatTheIdentityPoliciesOfAUserSay) {
  EXPECT_EQ(decision("user/jsmith", "sts:AssumeRole", admin_role), "allowed");
  EXPECT_EQ(decision("user/jsmith", "sts:AssumeRole", "arn:aws:iam::123456789012:user/jsmith"),
            "implicitDeny");
  EXPECT_EQ(decision("user/bare", "sts:AssumeRole", admin_role), "implicitDeny");
  EXPECT_EQ(decision("user/engineering/pat", "sts:AssumeRole", admin_role), "allowed");
  // The variable ${aws:username} is the user's, whoever asks.
  EXPECT_EQ(decision("user/jsmith", "iam:ListMFADevices", "arn:aws:iam::123456789012:user/jsmith"),
            "allowed");
  EXPECT_EQ(decision("user/jsmith", "iam:ListMFADevices", "arn:aws:iam::123456789012:user/mjones"),
            "implicitDeny");
}

TEST_F(IamSimulation, TellsWhatThePoliciesOfARoleSay) {
  EXPECT_EQ(decision("role/AdminRole", "iam:DeleteUser", "*"), "allowed");
  EXPECT_EQ(decision("role/LongRole", "iam:DeleteUser", "*"), "implicitDeny");
  EXPECT_EQ(decision("role/deploy/DeployRole", "sts:AssumeRole", "*"), "implicitDeny")
      << "the trust policy has no say";
}

TEST_F(IamSimulation, AContextDecides) {
  const Form with_mfa = {{"ContextEntries.member.1.ContextKeyName", "aws:MultiFactorAuthPresent"},
                         {"ContextEntries.member.1.ContextKeyValues.member.1", "true"},
                         {"ContextEntries.member.1.ContextKeyType", "boolean"}};
  EXPECT_EQ(decision("user/forced", "sts:AssumeRole", admin_role), "explicitDeny");
  EXPECT_EQ(decision("user/forced", "sts:AssumeRole", admin_role, with_mfa), "allowed");
}

TEST_F(IamSimulation, NamesTheContextThatIsMissing) {
  const Form assume = {{"ActionNames.member.1", "sts:AssumeRole"}};
  const std::string missing =
      "<MissingContextValues>\n"
      "          <member>aws:MultiFactorAuthPresent</member>\n"
      "        </MissingContextValues>";
  auto response = simulate("user/forced", assume);
  EXPECT_EQ(text_of(response, "EvalResourceName"), "*");
  EXPECT_NE(std::string(response.body).find(missing), std::string::npos) << response.body;
  // Only what the action's own statements want.
  response = simulate("user/forced", {{"ActionNames.member.1", "sts:GetSessionToken"}});
  EXPECT_EQ(std::string(response.body).find("<member>aws:"), std::string::npos);
  response = simulate("user/jsmith", {{"ActionNames.member.1", "iam:ListMFADevices"}});
  EXPECT_EQ(std::string(response.body).find("<member>aws:"), std::string::npos);
}

TEST_F(IamSimulation, HasAResultForEachActionAndThereinOneForEachResource) {
  const auto response = simulate("user/jsmith", {{"ActionNames.member.1", "iam:GetRole"},
                                                 {"ActionNames.member.2", "iam:GetUser"},
                                                 {"ResourceArns.member.1", admin_role},
                                                 {"ResourceArns.member.2", "arn:aws:s3:::x"}});
  const std::string body(response.body);
  EXPECT_NE(body.find("      <member>\n"
                      "        <EvalActionName>iam:GetRole</EvalActionName>\n"
                      "        <EvalResourceName>*</EvalResourceName>\n"
                      "        <EvalDecision>implicitDeny</EvalDecision>\n"
                      "        <MissingContextValues>\n"
                      "        </MissingContextValues>\n"
                      "        <ResourceSpecificResults>\n"
                      "          <member>\n"
                      "            <EvalResourceName>arn:aws:iam::123456789012:role/AdminRole"
                      "</EvalResourceName>\n"
                      "            <EvalResourceDecision>allowed</EvalResourceDecision>\n"
                      "            <MissingContextValues>\n"
                      "            </MissingContextValues>\n"
                      "          </member>\n"
                      "          <member>\n"
                      "            <EvalResourceName>arn:aws:s3:::x</EvalResourceName>\n"
                      "            <EvalResourceDecision>implicitDeny</EvalResourceDecision>\n"),
            std::string::npos)
      << body;
  EXPECT_NE(body.find("<EvalActionName>iam:GetUser</EvalActionName>"), std::string::npos);
}

TEST_F(IamSimulation, TakesMorePolicies) {
  const Form more = {{"PolicyInputList.member.1",
                      R"({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})"}};
  EXPECT_EQ(decision("user/jsmith", "sts:AssumeRole", admin_role, more), "explicitDeny");
  EXPECT_EQ(outcome(simulate("user/jsmith", {{"ActionNames.member.1", "sts:AssumeRole"},
                                             {"PolicyInputList.member.1", "{}"}})),
            "400 InvalidInput: PolicyInputList: the policy: needs Statement");
}

TEST_F(IamSimulation, GoesPageByPage) {
  Form form = {{"ActionNames.member.1", "iam:GetRole"},
               {"ActionNames.member.2", "iam:GetUser"},
               {"MaxItems", "1"}};
  const auto first = simulate("user/jsmith", form);
  EXPECT_EQ(text_of(first, "IsTruncated"), "true");
  EXPECT_EQ(text_of(first, "EvalActionName"), "iam:GetRole");
  const std::string marker = text_of(first, "Marker");
  form.push_back({"Marker", marker});
  const auto second = simulate("user/jsmith", form);
  EXPECT_EQ(text_of(second, "IsTruncated"), "false");
  EXPECT_EQ(text_of(second, "EvalActionName"), "iam:GetUser");
}

TEST_F(IamSimulation, NeedsPermissionOnThePrincipal) {
  const auto as = [&](std::string_view user_name, const std::string& source) {
    return outcome(iam(keys_of(user_name), "SimulatePrincipalPolicy",
                       {{"PolicySourceArn", source}, {"ActionNames.member.1", "sts:AssumeRole"}}));
  };
  EXPECT_EQ(as("pat", user("pat").arn), "200");
  EXPECT_EQ(as("pat", user("jsmith").arn),
            "403 AccessDenied: User: arn:aws:iam::123456789012:user/engineering/pat is not "
            "authorized to perform: iam:SimulatePrincipalPolicy on resource: "
            "arn:aws:iam::123456789012:user/jsmith because no identity-based policy allows the "
            "iam:SimulatePrincipalPolicy action");
}

TEST_F(IamSimulation, RefusesWhatIsNoPrincipal) {
  const Form assume = {{"ActionNames.member.1", "sts:AssumeRole"}};
  EXPECT_EQ(outcome(simulate("group/x", assume)),
            "400 InvalidInput: Invalid Entity Arn: arn:aws:iam::123456789012:group/x does not "
            "clearly define entity type and name.");
  EXPECT_EQ(outcome(simulate("user/nobody", assume)),
            "404 NoSuchEntity: The user with name nobody cannot be found.");
  EXPECT_EQ(outcome(simulate("role/nobody", assume)),
            "404 NoSuchEntity: The role with name nobody cannot be found.");
  EXPECT_EQ(outcome(simulate("user/jsmith", {})),
            "400 ValidationError: 1 validation error detected: Value null at 'actionNames' failed "
            "to satisfy constraint: Member must not be null");
  EXPECT_EQ(outcome(simulate("user/jsmith", {{"ActionNames.member.1", "sts:*"}})),
            "400 InvalidInput: Invalid Action: sts:*");
  EXPECT_EQ(outcome(simulate("user/jsmith", {{"ActionNames.member.1", "sts:AssumeRole"},
                                             {"ResourcePolicy", "{}"}})),
            "400 InvalidInput: ResourcePolicy is not implemented by the sandbox");
}

}  // namespace
}  // namespace sandbox
