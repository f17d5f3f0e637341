#include "aws/api/sts.h"

#include "support/error.h"

#include <gtest/gtest.h>
#include <string>

namespace aws::sts {
namespace {

using support::error_of;

const std::string hint = "\nhint: check --endpoint-url and the proxy (HTTPS_PROXY)";

const std::string role = "arn:aws:iam::123456789012:role/Admin";
const Mfa mfa{"arn:aws:iam::123456789012:mfa/jsmith", "123456"};

base::WipedString form(const Call& call) { return http_request(call, {"https://x", "r"}).body; }

AssumeRole minimal() {
  AssumeRole request;
  request.role_arn = role;
  request.role_session_name = "jsmith";
  return request;
}

TEST(StsForm, OfAssumeRoleWithNothingOptional) {
  EXPECT_EQ(form(assume_role(minimal(), std::nullopt)),
            "Action=AssumeRole&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FAdmin&RoleSessionName=jsmith");
}

TEST(StsForm, OfAssumeRoleWithEverything) {
  AssumeRole request = minimal();
  request.duration = base::Seconds{43200};
  request.external_id = "ex/1";
  request.policy = "{\"Version\":\"2012-10-17\"}";
  request.policy_arns = {"arn:aws:iam::aws:policy/A1", "arn:aws:iam::aws:policy/B2"};
  request.tags = {{"Project", "uni corn"}, {"empty", ""}};
  request.transitive_tag_keys = {"project"};
  request.source_identity = "jo@example.com";
  EXPECT_EQ(form(assume_role(request, mfa)),
            "Action=AssumeRole&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FAdmin&RoleSessionName=jsmith"
            "&DurationSeconds=43200&ExternalId=ex%2F1"
            "&Policy=%7B%22Version%22%3A%222012-10-17%22%7D"
            "&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FA1"
            "&PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FB2"
            "&Tags.member.1.Key=Project&Tags.member.1.Value=uni%20corn"
            "&Tags.member.2.Key=empty&Tags.member.2.Value="
            "&TransitiveTagKeys.member.1=project&SourceIdentity=jo%40example.com"
            "&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fjsmith&TokenCode=123456");
}

TEST(StsForm, OfGetSessionToken) {
  EXPECT_EQ(form(get_session_token(std::nullopt, std::nullopt)),
            "Action=GetSessionToken&Version=2011-06-15");
  EXPECT_EQ(form(get_session_token(base::Seconds{129600}, Mfa{"GAHT12345678", "000000"})),
            "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=129600"
            "&SerialNumber=GAHT12345678&TokenCode=000000");
}

TEST(StsForm, OfGetCallerIdentity) {
  EXPECT_EQ(form(get_caller_identity()), "Action=GetCallerIdentity&Version=2011-06-15");
}

TEST(StsCall, IsSentOnceOnlyWhenItCarriesACode) {
  EXPECT_TRUE(assume_role(minimal(), mfa).single_use);
  EXPECT_TRUE(get_session_token(std::nullopt, mfa).single_use);
  EXPECT_FALSE(assume_role(minimal(), std::nullopt).single_use);
  EXPECT_FALSE(get_session_token(std::nullopt, std::nullopt).single_use);
  EXPECT_FALSE(get_caller_identity().single_use);
}

TEST(StsCall, IsHeldToAwssLimitsWithoutRepeatingACode) {
  AssumeRole request = minimal();
  request.duration = base::Seconds{899};
  EXPECT_TRUE(error_of([&] {
                assume_role(request, mfa);
              }).starts_with("2 the duration of 899 s is too short for AssumeRole"));
  const std::string wrong = error_of([&] {
    get_session_token(std::nullopt, Mfa{mfa.serial_number, "98765"});
  });
  EXPECT_TRUE(wrong.starts_with("2 ")) << wrong;
  EXPECT_EQ(wrong.find("98765"), std::string::npos) << wrong;
}

TEST(StsCall, HasATagsKeyOnceAndNoneOfAwssOwn) {
  const std::string from = "\nhint: it comes from --tag, or `session_tags` of the profile";
  const auto refusal = [](std::vector<SessionTag> tags, std::vector<std::string> transitive = {}) {
    AssumeRole request = minimal();
    request.tags = std::move(tags);
    request.transitive_tag_keys = std::move(transitive);
    return error_of([&] { assume_role(request, mfa); });
  };
  EXPECT_EQ(refusal({{"a", "1"}, {"B", "2"}, {"A", "3"}}),
            "2 the session tag `A` is there twice: AWS does not distinguish upper and lower case "
            "in keys" +
                from);
  EXPECT_EQ(refusal({{"AWS:x", "1"}}),
            "2 the session tag `AWS:x` begins with aws:, which AWS reserves" + from);
  EXPECT_EQ(refusal({{"", "1"}}), "2 the key of the session tag is empty" + from);
  EXPECT_EQ(refusal({{"a*", "1"}}),
            "2 the key of the session tag `a*` has a character that AWS does not allow: only "
            "letters, digits, blanks and _.:/=+-@" +
                from);
  EXPECT_EQ(refusal({{"a", std::string(257, 'v')}}),
            "2 the value of the session tag has 257 characters: AWS allows at most 256" + from);
  EXPECT_EQ(refusal({{"a", "1"}}, {"b"}),
            "2 the transitive tag `b` is not a session tag of this request\n"
            "hint: it comes from --transitive-tag, or `transitive_session_tags` of the profile\n"
            "hint: give it a value with --tag, or in `session_tags` of the profile");
}

TEST(StsCall, HasFiftyTagsAtMost) {
  AssumeRole request = minimal();
  for (int i = 0; i < 50; ++i) request.tags.push_back({std::to_string(i), "v"});
  EXPECT_FALSE(assume_role(request, mfa).parameters.empty());
  request.tags.push_back({"50", "v"});
  EXPECT_EQ(error_of([&] { assume_role(request, mfa); }),
            "2 there are 51 session tags: AWS allows at most 50\n"
            "hint: it comes from --tag, or `session_tags` of the profile");
}

TEST(StsCall, HasASourceIdentityOfAwssLimits) {
  AssumeRole request = minimal();
  const std::string from =
      "\nhint: it comes from --source-identity, or `source_identity` of the profile";
  request.source_identity = "x";
  EXPECT_EQ(error_of([&] { assume_role(request, mfa); }),
            "2 the source identity has 1 character: AWS allows 2 to 64" + from);
  // What AWS keeps for itself has a colon, which is no character of it.
  request.source_identity = "aws:x";
  EXPECT_EQ(error_of([&] { assume_role(request, mfa); }),
            "2 the source identity `aws:x` has a character that AWS does not allow: only ASCII "
            "letters, digits and _+=,.@-" +
                from);
}

// --- Answers -----------------------------------------------------------------------------------

constexpr std::string_view session_answer =
    R"(<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetSessionTokenResult>
    <Credentials>
      <AccessKeyId>ASIAX</AccessKeyId>
      <SecretAccessKey>s/+=</SecretAccessKey>
      <SessionToken>t//==</SessionToken>
      <Expiration>2026-11-22T18:20:00Z</Expiration>
    </Credentials>
  </GetSessionTokenResult>
  <ResponseMetadata>
    <RequestId>1</RequestId>
  </ResponseMetadata>
</GetSessionTokenResponse>
)";

// Another order, prefixes, white space, unknown fields, a fraction of a second.
constexpr std::string_view role_answer =
    R"(<?xml version="1.0"?><s:AssumeRoleResponse xmlns:s="u"><s:ResponseMetadata/>
<s:AssumeRoleResult><s:SourceIdentity>x</s:SourceIdentity><s:AssumedRoleUser>
<s:AssumedRoleId>AROA:jsmith</s:AssumedRoleId><s:Arn>
 arn:aws:sts::123456789012:assumed-role/Admin/jsmith
</s:Arn></s:AssumedRoleUser><s:PackedPolicySize>6</s:PackedPolicySize><s:Credentials>
<s:Expiration>2026-11-22T18:20:00.123456Z</s:Expiration><s:New>1</s:New>
<s:SessionToken> t
</s:SessionToken><s:SecretAccessKey>s</s:SecretAccessKey><s:AccessKeyId>ASIAX</s:AccessKeyId>
</s:Credentials></s:AssumeRoleResult></s:AssumeRoleResponse>)";

constexpr std::string_view identity_answer =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/j</"
    "Arn>"
    "<UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>";

TEST(StsAnswer, OfGetSessionToken) {
  base::WipedString body(session_answer);
  const Credentials found = parse_get_session_token(body);
  EXPECT_EQ(found.access_key_id, "ASIAX");
  EXPECT_EQ(found.secret_access_key.reveal(), "s/+=");
  EXPECT_EQ(found.session_token.reveal(), "t//==");
  EXPECT_EQ(base::format_rfc3339(found.expiration), "2026-11-22T18:20:00Z");
}

TEST(StsAnswer, OfAssumeRoleInAnyDress) {
  base::WipedString body(role_answer);
  const AssumedRole found = parse_assume_role(body);
  EXPECT_EQ(found.assumed_role_arn, "arn:aws:sts::123456789012:assumed-role/Admin/jsmith");
  EXPECT_EQ(found.credentials.access_key_id, "ASIAX");
  EXPECT_EQ(found.credentials.secret_access_key.reveal(), "s");
  EXPECT_EQ(found.credentials.session_token.reveal(), "t");
  EXPECT_EQ(base::format_rfc3339(found.credentials.expiration), "2026-11-22T18:20:00Z");
}

TEST(StsAnswer, OfGetCallerIdentity) {
  base::WipedString body(identity_answer);
  const CallerIdentity found = parse_get_caller_identity(body);
  EXPECT_EQ(found.account, "123456789012");
  EXPECT_EQ(found.arn, "arn:aws:iam::123456789012:user/j");
}

TEST(StsAnswer, NamesWhatItLacks) {
  for (const std::string field : {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}) {
    base::WipedString body(session_answer);
    const std::string open = "<" + field + ">";
    const std::size_t begin = body.find(open) + open.size();
    body.erase(begin, body.find('<', begin) - begin);
    EXPECT_EQ(error_of([&] { parse_get_session_token(body); }),
              "1 the answer from AWS lacks " + field + hint);
  }
  for (const std::string field : {"Account", "Arn"}) {
    base::WipedString body(identity_answer);
    body.replace(body.find(field + ">"), field.size(), std::string(field.size(), 'X'));
    body.replace(body.find(field + ">"), field.size(), std::string(field.size(), 'X'));
    EXPECT_EQ(error_of([&] { parse_get_caller_identity(body); }),
              "1 the answer from AWS lacks " + field + hint);
  }
  base::WipedString other(session_answer);
  EXPECT_EQ(error_of([&] { parse_assume_role(other); }),
            "1 the answer from AWS lacks Expiration" + hint);
}

TEST(StsAnswer, HasADate) {
  base::WipedString body(session_answer);
  body.replace(body.find("2026-"), 4, "soon");
  EXPECT_EQ(error_of([&] { parse_get_session_token(body); }),
            "1 the answer from AWS has an Expiration that is not a date");
}

TEST(StsAnswer, IsXml) {
  for (const char* page : {"", "{}", "<html><p>Log in<br></html>"}) {
    const std::string expected = "1 the answer is not from AWS: it is not XML" + hint;
    base::WipedString body(page);
    EXPECT_EQ(error_of([&] { parse_assume_role(body); }), expected);
    body = page;
    EXPECT_EQ(error_of([&] { parse_get_session_token(body); }), expected);
    body = page;
    EXPECT_EQ(error_of([&] { parse_get_caller_identity(body); }), expected);
  }
}

}  // namespace
}  // namespace aws::sts
