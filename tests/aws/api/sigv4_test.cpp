#include "aws/api/sigv4.h"

#include "support/vectors.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace aws::sigv4 {
namespace {

using base::WipedString;

// One folder of the published suite: a raw HTTP/1.1 request, its context and the three stages.
struct Case {
  base::HttpRequest request;
  nlohmann::json context;
  Scope scope;
  std::filesystem::path folder;

  std::string expected(const char* stage) const {
    return support::read_file(folder / (std::string("header-") + stage + ".txt"));
  }
};

base::HttpRequest parse_request(const std::string& text) {
  base::HttpRequest request;
  const std::size_t head_end = text.find("\n\n");
  std::istringstream head(text.substr(0, head_end));
  std::string line;
  std::getline(head, line);
  const std::size_t target = line.find(' ') + 1;
  request.method = line.substr(0, target - 1);
  request.target = line.substr(target, line.rfind(" HTTP/") - target);
  while (std::getline(head, line)) {
    if (line.starts_with(' ')) {  // a folded header value
      request.headers.back().value += "\n" + line;
      continue;
    }
    const std::size_t colon = line.find(':');
    request.headers.push_back({line.substr(0, colon), WipedString(line.substr(colon + 1))});
  }
  if (head_end != std::string::npos) request.body = WipedString(text.substr(head_end + 2));
  return request;
}

// The request as it is signed: with what a signer adds, but not yet Authorization.
Case load(const std::filesystem::path& folder) {
  Case test;
  test.folder = folder;
  test.context = support::read_json(folder / "context.json");
  test.request = parse_request(support::read_file(folder / "request.txt"));
  test.scope = {base::parse_rfc3339(test.context["timestamp"].get<std::string>()).value(),
                test.context["region"], test.context["service"]};
  const bool sign_token = !test.context.value("omit_session_token", false);
  if (test.context["credentials"].contains("token") && sign_token) {
    test.request.headers.push_back(
        {"X-Amz-Security-Token",
         WipedString(test.context["credentials"]["token"].get<std::string>())});
  }
  test.request.headers.push_back(
      {"X-Amz-Date", WipedString(base::format_iso_basic(test.scope.time))});
  if (test.context["sign_body"].get<bool>()) {
    const std::string canonical = test.expected("canonical-request");
    test.request.headers.push_back(
        {"x-amz-content-sha256", WipedString(canonical.substr(canonical.rfind('\n') + 1))});
  }
  return test;
}

std::vector<std::string> header_names(const base::HttpRequest& request) {
  std::set<std::string> names;
  for (const auto& header : request.headers) names.insert(base::to_lower(header.name));
  return {names.begin(), names.end()};
}

TEST(SigV4, MatchesThePublishedSuiteAtEveryStage) {
  SKIP_WITHOUT_VECTORS();
  int applicable = 0;
  int not_applicable = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           support::vectors() / "aws-c-auth/tests/aws-signing-test-suite/v4")) {
    const Case test = load(entry.path());
    SCOPED_TRACE(entry.path().filename().string());
    // Paths left as they are: S3's rule, and this signer never speaks to S3.
    if (!test.context["normalize"].get<bool>()) {
      ++not_applicable;
      continue;
    }
    ++applicable;
    const WipedString canonical = canonical_request(test.request, header_names(test.request));
    EXPECT_EQ(std::string(canonical), test.expected("canonical-request"));
    const std::string to_sign = string_to_sign(test.scope, canonical);
    EXPECT_EQ(to_sign, test.expected("string-to-sign"));
    EXPECT_EQ(signature(test.context["credentials"]["secret_access_key"].get<std::string>(),
                        test.scope, to_sign),
              test.expected("signature"));
  }
  EXPECT_EQ(applicable, 31);
  EXPECT_EQ(not_applicable, 7);
}

// The same requests through the one function that production code calls.
TEST(SigV4, SignAddsTheHeadersOfThePublishedSuite) {
  SKIP_WITHOUT_VECTORS();
  for (const char* name : {"get-vanilla-with-session-token", "post-sts-header-before"}) {
    SCOPED_TRACE(name);
    const Case test =
        load(support::vectors() / "aws-c-auth/tests/aws-signing-test-suite/v4" / name);
    const auto credentials = test.context["credentials"];
    const std::string id = credentials["access_key_id"];
    const std::string secret = credentials["secret_access_key"];
    const std::string token = credentials["token"];
    base::HttpRequest request;
    request.method = test.request.method;
    request.origin = "https://example.amazonaws.com";
    sign(request, SigningIdentity(id, secret, token), test.scope);
    const std::string expected = test.expected("signed-request");
    for (const auto& header : request.headers) {
      EXPECT_NE(expected.find(header.name + ":" + std::string(header.value) + "\n"),
                std::string::npos)
          << header.name << ": " << header.value;
    }
    EXPECT_EQ(request.headers.size(), 4u);
  }
}

TEST(SigV4, SignsTheFormThatStsGets) {
  // Computed with botocore 1.29.27's SigV4Auth for the same request, key and time.
  base::HttpRequest request;
  request.method = "POST";
  request.origin = "https://sts.amazonaws.com";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.body = "Action=GetCallerIdentity&Version=2011-06-15";
  sign(request, SigningIdentity("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
       {base::parse_rfc3339("2026-11-22T17:00:00Z").value(), "us-east-1", "sts"});
  EXPECT_EQ(std::string(*base::find_header(request.headers, "authorization")),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/sts/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, Signature="
            "26b350290402344d8601b816dffaee07729f3cdcca961e7e9cd7771f08149d09");
}

TEST(SigV4, TakesAnAuthorizationHeaderApart) {
  const auto parsed = parse_authorization(
      "AWS4-HMAC-SHA256 Credential=AKID/20261122/us-east-1/sts/aws4_request, "
      "SignedHeaders=host;x-amz-date, Signature=0123");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->access_key_id, "AKID");
  EXPECT_EQ(parsed->date, "20261122");
  EXPECT_EQ(parsed->region, "us-east-1");
  EXPECT_EQ(parsed->service, "sts");
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(parsed->signature, "0123");
}

TEST(SigV4, RefusesAMalformedAuthorizationHeader) {
  for (const char* header :
       {"", "Basic abc", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=AKID",
        "AWS4-HMAC-SHA256 Credential=AKID/1/2/3/4, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKID/20261122/r/s/aws4_request, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKID/20261122/r/s/aws4_request, SignedHeaders=host",
        "AWS4-HMAC-SHA256 Credential=A/20261122/r/s/aws4_request, SignedHeaders=host, What=0"}) {
    EXPECT_FALSE(parse_authorization(header)) << header;
  }
}

}  // namespace
}  // namespace aws::sigv4
