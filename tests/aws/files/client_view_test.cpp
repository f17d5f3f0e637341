#include "aws/files/client_view.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

using Views = std::vector<std::string>;

// "TAKES (WHY)" for Terraform, the AWS CLI, the SDK for JavaScript; "-" where it fails.
Views views(const std::string& config, const std::string& credentials) {
  const SharedConfig shared{SharedFile(base::WipedString(config)),
                            SharedFile(base::WipedString(credentials))};
  Views result;
  for (const ClientView& view : client_views(shared, "p")) {
    result.push_back((view.takes.empty() ? "-" : view.takes) +
                     (view.why.empty() ? "" : " (" + view.why + ")"));
  }
  return result;
}

Views alike(const std::string& text) { return {text, text, text}; }

const std::string keys = "[p]\naws_access_key_id = A\naws_secret_access_key = S\n";
const std::string session = keys + "aws_session_token = T\n";
const std::string role = "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/R\n";
const std::string assumed = "the role arn:aws:iam::123456789012:role/R";

TEST(ClientViews, AreNamed) {
  const SharedConfig none{SharedFile(), SharedFile()};
  const auto found = client_views(none, "p");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].client, "Terraform");
  EXPECT_EQ(found[1].client, "the AWS CLI and boto3");
  EXPECT_EQ(found[2].client, "the SDK for JavaScript");
}

TEST(ClientViews, AgreeWhereThereIsButOneKindOfCredentials) {
  EXPECT_EQ(views("", ""), alike("- (there is no such profile)"));
  EXPECT_EQ(views("[profile p]\nregion = eu-west-1\n", ""),
            alike("- (it has neither keys nor a role)"));
  EXPECT_EQ(views("", keys), alike("its long-term key"));
  EXPECT_EQ(views("", session), alike("the session in its keys"));
  EXPECT_EQ(views("[profile p]\nsso_session = s\n", ""), alike("its SSO session"));
  EXPECT_EQ(views("[profile p]\ncredential_process = x\n", ""),
            alike("what its credential_process prints"));
  EXPECT_EQ(views(role + "source_profile = default\n", ""), alike(assumed));
  EXPECT_EQ(views(role + "credential_source = Environment\n", ""),
            alike(assumed + " (from Environment)"));
  EXPECT_EQ(views(role + "web_identity_token_file = f\n", ""),
            alike(assumed + " (by its web identity)"));
  EXPECT_EQ(views(role, ""), alike("- (the role has no source_profile)"));
}

TEST(ClientViews, DifferWhereARoleWantsACode) {
  EXPECT_EQ(views(role + "source_profile = default\nmfa_serial = s\n", ""),
            (Views{"- (it cannot ask for the MFA code of the role)",
                   assumed + " (it asks for the MFA code itself)",
                   "- (it asks for no MFA code unless the program brings a way to)"}));
}

TEST(ClientViews, DifferWhereARoleOnTheWayWantsACode) {
  const std::string chain = role + "source_profile = q\n[profile q]\nrole_arn = arn:q\n";
  const Views with_code = views(role + "source_profile = default\nmfa_serial = s\n", "");
  EXPECT_EQ(views(chain + "source_profile = default\nmfa_serial = s\n", ""), with_code);
  EXPECT_EQ(views(chain + "source_profile = default\n", ""), alike(assumed));
  // Keys end the chain, and so does a loop.
  EXPECT_EQ(views(chain + "source_profile = default\nmfa_serial = s\n",
                  "[q]\naws_access_key_id = A\naws_secret_access_key = S\n"),
            alike(assumed));
  EXPECT_EQ(views(chain + "source_profile = p\n", ""), alike(assumed));
}

// Found by experiment: static keys in the credentials file, and something else beside them.
TEST(ClientViews, DifferWhereKeysStandBesideSomethingElse) {
  EXPECT_EQ(views(role + "source_profile = default\n", session), alike(assumed));
  EXPECT_EQ(views(role, session),
            (Views{assumed + " (assumed with the keys)", "- (the role has no source_profile)",
                   "the session in its keys"}));
  const std::string exclude = "- (keys and a role exclude each other)";
  EXPECT_EQ(views(role + "web_identity_token_file = f\n", session),
            (Views{assumed + " (assumed with the keys)", exclude, "the session in its keys"}));
  EXPECT_EQ(views(role + "credential_source = Environment\n", session),
            (Views{assumed + " (assumed with the keys)", exclude, exclude}));
  EXPECT_EQ(views("[profile p]\nsso_session = s\n", session),
            (Views{"the session in its keys", "its SSO session (it goes before the keys)",
                   "the session in its keys"}));
  EXPECT_EQ(views("[profile p]\ncredential_process = x\n", session),
            alike("the session in its keys"));
  EXPECT_EQ(views("[profile p]\naws_access_key_id = A\naws_secret_access_key = S\n",
                  "[p]\ncredential_process = x\n"),
            (Views{"its long-term key",
                   "what its credential_process prints (the credentials file is read first)",
                   "its long-term key"}));
}

}  // namespace
}  // namespace aws
