#include "sandbox/fixture.h"

namespace sandbox {
namespace {

using std::chrono::seconds;

class Authentication : public SandboxTest {
 protected:
  base::HttpRequest identity_request(const Keys& keys) {
    return signed_request(keys, "sts", form("GetCallerIdentity", "2011-06-15", {}));
  }
};

const std::string mismatch =
    "403 SignatureDoesNotMatch: The request signature we calculated does not match the signature "
    "you provided. Check your AWS Secret Access Key and signing method. Consult the service "
    "documentation for details.";
const std::string invalid_token =
    "403 InvalidClientTokenId: The security token included in the request is invalid.";

TEST_F(Authentication, AWrongSecretIsRefused) {
  Keys keys = keys_of("jsmith");
  keys.secret[0] = keys.secret[0] == 'a' ? 'b' : 'a';
  EXPECT_EQ(outcome(sts(keys, "GetCallerIdentity")), mismatch);
}

TEST_F(Authentication, AChangedBodyOrHeaderIsRefused) {
  base::HttpRequest request = identity_request(keys_of("jsmith"));
  EXPECT_EQ(outcome(sandbox_.handle(request)), "200");
  request.body += "&More=1";
  EXPECT_EQ(outcome(sandbox_.handle(request)), mismatch);

  request = identity_request(keys_of("jsmith"));
  for (base::Header& header : request.headers) {
    if (header.name == "Host") header.value = "127.0.0.1:2";
  }
  EXPECT_EQ(outcome(sandbox_.handle(request)), mismatch);
}

TEST_F(Authentication, AnUnsignedTokenOrHostIsRefused) {
  base::HttpRequest request = identity_request(keys_of("jsmith"));
  request.headers.push_back({"X-Amz-Target", "anything"});
  EXPECT_EQ(outcome(sandbox_.handle(request)),
            "403 SignatureDoesNotMatch: 'x-amz-target' must be a 'SignedHeader' in the AWS "
            "Authorization.");
  request = identity_request(keys_of("jsmith"));
  for (base::Header& header : request.headers) {
    const std::size_t host = header.value.find("host;");
    if (header.name == "Authorization") header.value.erase(host, 5);
  }
  EXPECT_EQ(outcome(sandbox_.handle(request)),
            "403 SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS "
            "Authorization.");
}

TEST_F(Authentication, SignedHeadersMustBeSorted) {
  const Keys keys = keys_of("jsmith");
  base::HttpRequest request = identity_request(keys);
  request.headers.pop_back();
  const aws::sigv4::Scope scope{clock_.now(), "us-east-1", "sts"};
  const auto authorize = [&](const std::vector<std::string>& names, const std::string& list) {
    base::HttpRequest copy = request;
    const std::string signature = aws::sigv4::signature(
        keys.secret, scope,
        aws::sigv4::string_to_sign(scope, aws::sigv4::canonical_request(copy, names)));
    copy.headers.push_back(
        {"Authorization", base::WipedString("AWS4-HMAC-SHA256 Credential=" + keys.id +
                                            "/20261122/us-east-1/sts/aws4_request, SignedHeaders=" +
                                            list + ", Signature=" + signature)});
    return outcome(sandbox_.handle(copy));
  };
  EXPECT_EQ(authorize({"content-type", "host", "x-amz-date"}, "content-type;host;x-amz-date"),
            "200");
  EXPECT_EQ(authorize({"x-amz-date", "host", "content-type"}, "x-amz-date;host;content-type"),
            mismatch);
}

TEST_F(Authentication, ASignatureIsNeeded) {
  base::HttpRequest request = identity_request(keys_of("jsmith"));
  request.headers.pop_back();
  EXPECT_EQ(outcome(sandbox_.handle(request)),
            "403 MissingAuthenticationToken: Request is missing Authentication Token");
  request.headers.push_back({"Authorization", "Basic abc"});
  EXPECT_EQ(outcome(sandbox_.handle(request)),
            "400 IncompleteSignature: Authorization header requires 'Credential' parameter. "
            "Authorization=...");
}

TEST_F(Authentication, AnInactiveKeyIsInvalid) {
  EXPECT_EQ(outcome(sts(keys_of("inactive"), "GetCallerIdentity")), invalid_token);
}

TEST_F(Authentication, ATokenBelongsToOneKey) {
  const Keys first = session_of("jsmith");
  const Keys second = session_of("mjones");
  EXPECT_EQ(outcome(sts({first.id, first.secret, first.token}, "GetCallerIdentity")), "200");
  EXPECT_EQ(outcome(sts({first.id, first.secret, second.token}, "GetCallerIdentity")),
            invalid_token);
  EXPECT_EQ(outcome(sts({first.id, first.secret, ""}, "GetCallerIdentity")), invalid_token);
  const Keys long_term = keys_of("jsmith");
  EXPECT_EQ(outcome(sts({long_term.id, long_term.secret, first.token}, "GetCallerIdentity")),
            invalid_token);
}

TEST_F(Authentication, AnExpiredSessionIsExpiredToTheSecondWhateverItsSignature) {
  Keys session = session_of("jsmith");
  clock_.advance(seconds(43199));
  EXPECT_EQ(outcome(sts(session, "GetCallerIdentity")), "200");
  clock_.advance(seconds(1));
  const std::string expired =
      "403 ExpiredToken: The security token included in the request is expired";
  EXPECT_EQ(outcome(sts(session, "GetCallerIdentity")), expired);
  session.secret = "wrong";
  EXPECT_EQ(outcome(sts(session, "GetCallerIdentity")), expired);
}

TEST_F(Authentication, TheScopeIsCheckedBeforeTheKey) {
  const std::string body = form("GetCallerIdentity", "2011-06-15", {});
  const Keys unknown{"AKIAUNKNOWN", "secret", ""};
  EXPECT_EQ(outcome(sandbox_.handle(signed_request(unknown, "sts", body, "eu-west-1"))),
            "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. ");
  EXPECT_EQ(outcome(sandbox_.handle(signed_request(unknown, "s3", body))),
            "403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'. ");
  EXPECT_EQ(outcome(sandbox_.handle(signed_request(unknown, "iam", body, "eu-west-1"))),
            "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. Credential "
            "should be scoped to correct service: 'sts'. ");
}

TEST_F(Authentication, AClockMayBeAQuarterOfAnHourOff) {
  base::HttpRequest request = identity_request(keys_of("jsmith"));
  clock_.advance(seconds(900));
  EXPECT_EQ(outcome(sandbox_.handle(request)), "200");
  clock_.advance(seconds(1));
  EXPECT_EQ(outcome(sandbox_.handle(request)),
            "403 SignatureDoesNotMatch: Signature expired: 20261122T172010Z is now earlier than "
            "20261122T172011Z (20261122T173511Z - 15 min.)");
  request = identity_request(keys_of("jsmith"));
  clock_.advance(seconds(-901));
  EXPECT_EQ(outcome(sandbox_.handle(request)),
            "403 SignatureDoesNotMatch: Signature not yet current: 20261122T173511Z is still later "
            "than 20261122T173510Z (20261122T172010Z + 15 min.)");
}

Options skewed() {
  Options options;
  options.clock_skew = base::Seconds(3600);
  return options;
}

class SkewedSandbox : public SandboxTest {
 protected:
  SkewedSandbox() : SandboxTest(skewed()) {}
};

TEST_F(SkewedSandbox, TellsItsOwnTime) {
  const auto response = sts(keys_of("jsmith"), "GetCallerIdentity");
  EXPECT_EQ(*base::find_header(response.headers, "date"), "Sun, 22 Nov 2026 18:20:10 GMT");
  EXPECT_EQ(outcome(response),
            "403 SignatureDoesNotMatch: Signature expired: 20261122T172010Z is now earlier than "
            "20261122T180510Z (20261122T182010Z - 15 min.)");
}

Options european() {
  Options options;
  options.region = "eu-central-1";
  return options;
}

class RegionalSandbox : public SandboxTest {
 protected:
  RegionalSandbox() : SandboxTest(european()) {}
};

TEST_F(RegionalSandbox, AnswersForItsRegionAndForIamInTheFirst) {
  const std::string refused =
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. ";
  const std::string sts_body = form("GetCallerIdentity", "2011-06-15", {});
  const std::string iam_body = form("ListMFADevices", "2010-05-08", {});
  const auto ask = [&](std::string_view service, const std::string& body, std::string_view region) {
    return outcome(sandbox_.handle(signed_request(keys_of("jsmith"), service, body, region)));
  };
  EXPECT_EQ(ask("sts", sts_body, "eu-central-1"), "200");
  EXPECT_EQ(ask("sts", sts_body, "us-east-1"), refused);
  EXPECT_EQ(ask("iam", iam_body, "us-east-1"), "200");
  EXPECT_EQ(ask("iam", iam_body, "eu-central-1"), refused);
}

// The real ones: iam.cn-north-1.amazonaws.com.cn, iam.us-gov.amazonaws.com.
TEST(SandboxOfAnotherPartition, SignsIamForThatPartitionsRegion) {
  for (const auto& [region, iam_region] :
       {std::pair{"cn-northwest-1", "cn-north-1"}, std::pair{"us-gov-east-1", "us-gov-west-1"}}) {
    struct Partition : SandboxTest {
      explicit Partition(Options options) : SandboxTest(std::move(options)) {}
      void TestBody() override {}
      std::string ask(std::string_view signing_region) {
        const std::string body = form("ListMFADevices", "2010-05-08", {});
        return outcome(
            sandbox_.handle(signed_request(keys_of("jsmith"), "iam", body, signing_region)));
      }
    };
    Options options;
    options.region = region;
    Partition partition(options);
    EXPECT_EQ(partition.ask(iam_region), "200") << region;
    EXPECT_EQ(partition.ask("us-east-1"),
              "403 SignatureDoesNotMatch: Credential should be scoped to a valid region. ")
        << region;
  }
}

}  // namespace
}  // namespace sandbox
