#include "aws/files/without_secrets.h"

#include "aws/files/profile.h"
#include "aws/files/shared_file_check.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

constexpr const char* secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr const char* gone = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

// The text with `secret` in place of every $, and what becomes of it.
std::string with(std::string text, const char* word) {
  for (std::size_t i = text.find('$'); i != std::string::npos; i = text.find('$', i)) {
    text.replace(i, 1, word);
  }
  return text;
}

std::string without(const std::string& text) {
  return std::string(without_secrets(base::WipedString(text)));
}

void expect_gone(const std::string& text) {
  EXPECT_EQ(without(with(text, secret)), with(text, gone));
}

void expect_stays(const std::string& text) { EXPECT_EQ(without(text), text); }

TEST(WithoutSecrets, TakesTheSecretAwayBySpellingAnyOfIt) {
  expect_gone("[a]\naws_secret_access_key = $\naws_session_token: $\nAWS_Secret_Access_Key=$\r\n");
  expect_gone("[a]\n  aws_secret_access_key =\n    $\n");
}

TEST(WithoutSecrets, TakesAwayWhatIsNotKnownToBePublic) {
  expect_gone("[a]\nold_key = $\ns3 =\n  key = $\n");
  expect_gone("# $\n; $\n[a] $\nregion = eu-west-1 # $\n");
  expect_gone("[a]\nregion = eu-west-1\n  $\n$\n[$\n");
  expect_gone("[a]\naws_access_key_id = $\n");  // the halves swapped
  expect_gone("[a]\ncredential_process = $ -- $\n");
  expect_gone("\xEF\xBB\xBF$\n");
}

TEST(WithoutSecrets, LeavesWhatIsLookedUp) {
  expect_stays(
      "\xEF\xBB\xBF[profile a]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
      "external_id=" +
      std::string(secret) +
      "\n Source_Profile : b\nmfa_process = totp \"x y\"\n"
      "credential_process = \"/usr/bin/aws-session-token\" credential-process -- a\n"
      "services = s\n[services s]\nsts =\n  endpoint_url = http://127.0.0.1:1\n");
}

TEST(WithoutSecrets, EverythingThatIsReadOfAProfileIsStillThere) {
  const std::string text =
      "[user]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = " +
      std::string(secret) + "\n[session]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = " + secret + "\naws_session_token = " + secret + "\n[half]\n" +
      "aws_secret_access_key = " + secret + "\n[empty]\naws_secret_access_key =\n";
  const SharedConfig shared(SharedFile{}, SharedFile(without_secrets(base::WipedString(text))));
  EXPECT_TRUE(holds_long_term_key(shared, "user"));
  EXPECT_TRUE(holds_temporary_key(shared, "session"));
  EXPECT_TRUE(holds_long_term_key(shared, "half"));
  EXPECT_FALSE(holds_long_term_key(shared, "empty"));
  EXPECT_EQ(access_key_id(shared, "user"), "AKIAIOSFODNN7EXAMPLE");
}

TEST(WithoutSecrets, TheProblemsOfAFileStayTheSame) {
  for (const char* text :
       {"[a]\nx y z\n  = b\nc\n[a]\n", "k = v\n[b\n", "[DEFAULT]\nregion = x\n[c] d] e\n",
        "[a]\ns3 =\n  nested\v=\n  b\nkey = 1\nkey = 2\n"}) {
    const auto before = problems(SharedFile(base::WipedString(text)), FileKind::config);
    const auto after =
        problems(SharedFile(without_secrets(base::WipedString(text))), FileKind::config);
    ASSERT_EQ(after.size(), before.size()) << text;
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(after[i].line, before[i].line);
      EXPECT_EQ(after[i].what, before[i].what);
    }
  }
}

}  // namespace
}  // namespace aws
