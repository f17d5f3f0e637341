#include "app/examination.h"

namespace app {
namespace {

using Texts = std::vector<std::string>;

const std::string arn = "arn:aws:iam::123456789012:role/";
const std::string admin_is_there =
    "ok role: the role " + arn + "AdminRole exists; it lasts 1 h at most";
const std::string admin_trusts =
    "ok role: the trust policy of AdminRole lets jsmith assume it, with MFA only";
const std::string admin_allowed =
    "likely permissions: your policies allow sts:AssumeRole on AdminRole, by AWS's simulation";
const std::string code_opens =
    "ok code: the code is accepted for AdminRole; the session was discarded";

std::string is_there(const std::string& role, const std::string& before) {
  return "ok role: the role " + arn + role + " exists; assumed from " + before +
         ", it lasts 1 h at most";
}

const std::string mfa = R"("Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}},)";

TEST(DoctorChain, LooksAtEveryRoleAndTriesEach) {
  Examined house(
      "third",
      examined_world(chained_role("Chained", "AdminRole") + chained_role("Third", "Chained")),
      chain_config + std::string("[profile third]\nrole_arn = ") + arn +
          "Third\nsource_profile = chained\n");
  house.request.session.code = house.code();
  EXPECT_EQ(house.told_of_roles(),
            (Texts{admin_is_there, is_there("Chained", "AdminRole"), is_there("Third", "Chained"),
                   admin_trusts, "ok role: the trust policy of Chained lets AdminRole assume it",
                   "ok role: the trust policy of Third lets Chained assume it", code_opens,
                   "ok code: a session of AdminRole can assume Chained",
                   "ok code: a session of Chained can assume Third"}));
  EXPECT_EQ(house.times_sent(*house.request.session.code), 1);
  house.request.session.code.reset();
  const Texts told = house.told_of_roles();
  EXPECT_EQ(Texts(told.begin() + 6, told.end()),
            (Texts{admin_allowed,
                   "likely permissions: the policies of AdminRole allow sts:AssumeRole on Chained, "
                   "by AWS's simulation",
                   "likely permissions: the policies of Chained allow sts:AssumeRole on Third, by "
                   "AWS's simulation"}));
}

// What they ask for is one thing, whether AWS gives it another.
TEST(DoctorChain, SaysOfTheOtherClientsWhatAgrees) {
  Examined house("chained", examined_world(chained_role("Chained", "AdminRole")),
                 "[profile admin]\nrole_arn = " + arn +
                     "AdminRole\nsource_profile = default\n[profile chained]\nrole_arn = " + arn +
                     "Chained\nsource_profile = admin\nduration_seconds = 3600\n");
  const Texts told = house.told();
  const auto has = [&](const std::string& text) {
    return std::count_if(told.begin(), told.end(),
                         [&](const std::string& line) { return line.starts_with(text); });
  };
  EXPECT_EQ(
      has("ok clients: for profile chained every client asks AWS for the role " + arn + "Chained"),
      1);
  EXPECT_EQ(has("warning role: other clients send no code for profile admin"), 1);
}

TEST(DoctorChain, FindsALaterRoleThatDemandsMfa) {
  Examined house("chained", examined_world(chained_role("Chained", "AdminRole", mfa)),
                 chain_config);
  house.request.session.code = house.code();
  EXPECT_EQ(
      house.told_of_roles(),
      (Texts{
          admin_is_there, is_there("Chained", "AdminRole"), admin_trusts,
          "failure role: the trust policy of Chained requires MFA, which a session of AdminRole "
          "does not have: it will be refused\n-> have the condition on MFA removed from it: "
          "AdminRole can require the code instead, as the first role of the chain",
          code_opens,
          "failure code: AWS does not let you assume " + arn +
              "Chained (AccessDenied on AssumeRole)\n"
              "-> the role exists, since GetRole found it: its trust policy does not allow this, "
              "or no policy of the role before it does\n"
              "-> the role's trust policy must name the role before it in the chain, and must not "
              "require MFA, which a role session does not have\n"
              "-> if the role's trust policy requires an external ID, give it with --external-id",
          "likely permissions: the policies of AdminRole allow sts:AssumeRole on Chained, by "
          "AWS's simulation"}));
}

TEST(DoctorChain, HandsOutTheStatementForALaterRole) {
  Examined house("chained", examined_world(chained_role("Chained", "Another")), chain_config);
  const Texts told = house.told_of_roles();
  EXPECT_EQ(told.at(3),
            "failure role: the trust policy of Chained does not let AdminRole assume it\n"
            R"(-> have this statement added to the trust policy of Chained: {"Effect":"Allow",)"
            R"("Principal":{"AWS":"arn:aws:iam::123456789012:role/AdminRole"},)"
            R"("Action":"sts:AssumeRole"})");
}

TEST(DoctorChain, SaysOfAnotherAccountWhatCanBeKnown) {
  Examined house("far", examined_world(),
                 chain_config + std::string("[profile far]\nrole_arn = "
                                            "arn:aws:iam::210987654321:role/AdminRole\n"
                                            "source_profile = admin\n"));
  EXPECT_EQ(
      house.told_of_roles(),
      (Texts{admin_is_there,
             "unknown role: the role arn:aws:iam::210987654321:role/AdminRole is in another "
             "account, where it cannot be looked up",
             // Two roles of one name are told apart.
             "ok role: the trust policy of arn:aws:iam::123456789012:role/AdminRole lets jsmith "
             "assume it, with MFA only",
             "likely permissions: your policies allow sts:AssumeRole on "
             "arn:aws:iam::123456789012:role/AdminRole, by AWS's simulation",
             "likely permissions: the policies of arn:aws:iam::123456789012:role/AdminRole allow "
             "sts:AssumeRole on arn:aws:iam::210987654321:role/AdminRole, by AWS's simulation"}));
}

TEST(DoctorChain, SparesTheCodeWhereARoleIsNotThere) {
  Examined house("chained", examined_world(), chain_config);
  house.request.session.code = house.code();
  EXPECT_EQ(
      house.told_of_roles(),
      (Texts{admin_is_there,
             "failure role: there is no role Chained in this account (NoSuchEntity on "
             "GetRole)\n-> role names are case-sensitive; list them with: aws iam list-roles\n"
             "-> give a role of another account as ACCOUNT:NAME or by its ARN",
             "unknown code: the code was not tried: what the request needs is not known"}));
  EXPECT_EQ(house.times_sent(*house.request.session.code), 0);
}

TEST(DoctorChain, LooksAtWhatTheProfilesAskFor) {
  const std::string config = chain_config +
                             std::string("duration_seconds = 7200\nmfa_serial = m\n") +
                             "[profile third]\nrole_arn = " + arn +
                             "Third\nsource_profile = chained\nduration_seconds = 43200\n";
  Examined house(
      "third",
      examined_world(chained_role("Chained", "AdminRole") + chained_role("Third", "Chained")),
      config);
  const Texts told = house.told_of_roles();
  EXPECT_EQ(
      Texts(told.begin() + 3, told.begin() + 6),
      (Texts{"warning role: duration_seconds of profile chained asks for 2 h, and Chained "
             "lasts 1 h at most here: the AWS CLI will be refused\n"
             "-> write duration_seconds = 3600",
             "warning role: profile chained has an mfa_serial, and Chained is assumed from "
             "AdminRole: AWS accepts no code with a role session, so the AWS CLI will be "
             "refused\n-> move the mfa_serial to profile admin, whose role is the first",
             "warning role: duration_seconds of profile third asks for 12 h, and Third lasts 1 h "
             "at most here: the AWS CLI will be refused\n-> write duration_seconds = 3600"}));
}

TEST(DoctorRole, IsNotJudgedByKeysThatAreNotKnown) {
  // The last two hold for a key that is absent.
  for (const std::string condition :
       {R"("StringEquals":{"aws:PrincipalOrgID":"o-1","aws:MultiFactorAuthPresent":"x"})",
        R"("StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"})",
        R"("StringNotEquals":{"aws:PrincipalOrgID":"o-1"})"}) {
    SCOPED_TRACE(condition);
    Examined house(
        "chained",
        examined_world(chained_role("Chained", "AdminRole", "\"Condition\":{" + condition + "},")),
        chain_config);
    EXPECT_EQ(house.told_of_roles().at(3),
              "unknown role: whether the trust policy of Chained lets AdminRole assume it is not "
              "known: it depends on aws:PrincipalOrgID\n-> to try it, give a code with -c");
  }
}

TEST(DoctorRole, IsAnArn) {
  Examined house("p", examined_world(),
                 "[profile p]\nrole_arn = AdminRole\nsource_profile = default\n");
  EXPECT_EQ(house.told_of_roles(),
            (Texts{"failure role: role_arn of profile p is not the ARN of a role\n-> it looks like "
                   "arn:aws:iam::ACCOUNT:role/NAME"}));
}

TEST(DoctorRole, IsOfTheKeysPartition) {
  Examined house;
  house.request.role = "arn:aws-cn:iam::123456789012:role/AdminRole";
  house.request.session.region = "us-east-1";
  EXPECT_EQ(house.told_of_roles(),
            (Texts{"failure role: the role arn:aws-cn:iam::123456789012:role/AdminRole is in the "
                   "partition aws-cn, but the key is in aws\n-> a key can only assume roles of its "
                   "own partition: name another key with -s, or fix the ARN"}));
}

TEST(DoctorRole, LastsNoLongerThanItAllows) {
  Examined house;
  house.files.contents["/home/u/.config/aws-session-token/config"] = "[settings]\nduration = 2h\n";
  house.request.session.code = house.code();
  EXPECT_EQ(house.told_of_roles(),
            (Texts{admin_is_there,
                   "failure role: AdminRole: the role allows 1 h at most\n"
                   "-> the setting duration asks for 2h: set it with aws-session-token configure "
                   "duration max",
                   admin_trusts, code_opens}));
}

TEST(DoctorRole, TellsWhatTheOtherClientsSend) {
  Examined house("admin", examined_world(),
                 "[profile admin]\nrole_arn = " + arn + "AdminRole\nsource_profile = default\n");
  EXPECT_EQ(
      house.told_of_roles(),
      (Texts{admin_is_there, admin_trusts,
             "warning role: other clients send no code for profile admin, which has no mfa_serial: "
             "AdminRole will refuse them\n-> let them use a session: aws-session-token get admin",
             admin_allowed}));
}

TEST(DoctorPermissions, AreAskedForTagsAndSourceIdentityAtOnce) {
  const std::string few = R"({"Statement":[{"Effect":"Allow","Resource":"*","Action":)"
                          R"(["sts:AssumeRole","iam:Get*","iam:List*","iam:Simulate*"]},)"
                          R"({"Effect":"Deny","Resource":"*","Action":"sts:SetSourceIdentity"}]})";
  Examined house(examined_world("", few));
  house.request.session.tags = {{"team", "core"}};
  house.request.session.source_identity = "jsmith";
  EXPECT_EQ(
      house.told_of_roles(),
      (Texts{
          admin_is_there,
          "failure role: the trust policy of AdminRole does not allow jsmith "
          "sts:SetSourceIdentity, and a source identity is passed to it\n"
          "-> the trust policy that it should have: aws-session-token policy role --account "
          "123456789012 -r arn:aws:iam::123456789012:role/AdminRole --allow-session-tags "
          "--allow-source-identity",
          "failure role: the trust policy of AdminRole does not allow jsmith sts:TagSession, and "
          "a session tag is passed to it\n"
          "-> the trust policy that it should have: aws-session-token policy role --account "
          "123456789012 -r arn:aws:iam::123456789012:role/AdminRole --allow-session-tags "
          "--allow-source-identity",
          "warning permissions: your policies deny sts:SetSourceIdentity on AdminRole explicitly, "
          "by AWS's simulation: it will probably be refused\n-> adding a statement does not help: "
          "the Deny must be removed or narrowed",
          "warning permissions: your policies do not allow sts:TagSession on AdminRole, by AWS's "
          "simulation: it will probably be refused\n-> have this statement added to a policy of "
          "your user or group: "
          R"({"Effect":"Allow","Action":"sts:TagSession",)"
          R"("Resource":"arn:aws:iam::123456789012:role/AdminRole"})"}));
  const auto operations = house.operations();
  EXPECT_EQ(std::count(operations.begin(), operations.end(), "SimulatePrincipalPolicy"), 1);
}

TEST(DoctorPermissions, OfALookUpThatIsRefused) {
  const std::string few = R"({"Statement":{"Effect":"Allow","Resource":"*","Action":)"
                          R"(["sts:AssumeRole","iam:ListMFADevices","iam:ListAccessKeys",)"
                          R"("iam:Simulate*"]}})";
  Examined house("chained", examined_world(chained_role("Chained", "AdminRole"), few),
                 chain_config);
  EXPECT_EQ(house.told_of_roles().front(),
            "unknown role: you may not look up AdminRole and Chained (iam:GetRole): the trust "
            "policy and maximum duration are not known before the code is spent\n-> have this "
            "statement added to a policy of your user or group: "
            R"({"Effect":"Allow","Action":"iam:GetRole","Resource":[)"
            R"("arn:aws:iam::123456789012:role/AdminRole",)"
            R"("arn:aws:iam::123456789012:role/Chained"]})");
}

// Where the user's own policies allow it, something else is in the way, and no statement helps.
TEST(DoctorPermissions, OfALookUpThatIsRefusedByABoundary) {
  Examined house;
  house.http.tamper = [&](base::HttpResponse& response) {
    if (house.operations().back() != "GetRole") return;
    response.status = 403;
    response.body = base::WipedString(
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to "
        "perform: iam:GetRole because no permissions boundary allows it</Message></Error>"
        "</ErrorResponse>");
  };
  EXPECT_EQ(house.told_of_roles().front(),
            "warning role: you may not look up AdminRole (iam:GetRole): the ARN and maximum "
            "duration are not known before the code is spent\n-> your own policies allow "
            "iam:GetRole, by AWS's simulation: a permissions boundary or a policy of the "
            "organization is probably in the way; sessions work without this look-up");
}

TEST(DoctorCode, OpensTheMfaSessionOfAProfileWithoutRole) {
  Examined house("plain", examined_world(),
                 "[profile plain]\nmfa_serial = arn:aws:iam::123456789012:mfa/jsmith\n"
                 "source_profile = default\n");
  house.request.session.code = house.code();
  EXPECT_EQ(house.told_of_roles(),
            (Texts{"ok code: the code is accepted for an MFA session, which was discarded"}));
}

}  // namespace
}  // namespace app
