#include "sandbox/faults.h"

#include "base/error.h"
#include "sandbox/fixture.h"

namespace sandbox {
namespace {

class FaultsOnDemand : public SandboxTest {
 protected:
  std::string identity() { return outcome(sts(keys_of("jsmith"), "GetCallerIdentity")); }
};

TEST_F(FaultsOnDemand, AnErrorCodeIsAnsweredAsOftenAsAsked) {
  sandbox_.add_fault(parse_fault("GetCallerIdentity:Throttling:2"));
  EXPECT_EQ(identity(), "400 Throttling: Rate exceeded");
  EXPECT_EQ(outcome(sts(keys_of("jsmith"), "GetSessionToken")), "200");
  EXPECT_EQ(identity(), "400 Throttling: Rate exceeded");
  EXPECT_EQ(identity(), "200");
}

TEST_F(FaultsOnDemand, AStatusIsAnswered) {
  sandbox_.add_fault(parse_fault("*:503:1"));
  sandbox_.add_fault(parse_fault("*:500:1"));
  const auto response = sts(keys_of("jsmith"), "GetCallerIdentity");
  EXPECT_EQ(outcome(response),
            "503 ServiceUnavailable: The request has failed due to a temporary failure of the "
            "server.");
  EXPECT_EQ(text_of(response, "Type"), "Receiver");
  EXPECT_EQ(identity(),
            "500 InternalFailure: The request processing has failed because of an unknown error, "
            "exception or failure.");
  EXPECT_EQ(identity(), "200");
}

TEST_F(FaultsOnDemand, ADropBeforeLeavesTheCodeUnused) {
  sandbox_.add_fault(parse_fault("AssumeRole:drop-before:1"));
  EXPECT_EQ(assume_with_code("jsmith", "AdminRole").status, 0);
  EXPECT_EQ(outcome(assume_with_code("jsmith", "AdminRole")), "200");
}

TEST_F(FaultsOnDemand, ADropAfterHasUsedTheCode) {
  sandbox_.add_fault(parse_fault("AssumeRole:drop-after:1"));
  EXPECT_EQ(assume_with_code("jsmith", "AdminRole").status, 0);
  EXPECT_EQ(outcome(assume_with_code("jsmith", "AdminRole")),
            "403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass "
            "code. ");
}

TEST_F(FaultsOnDemand, ATruncatedBodyAnnouncesItsWholeLength) {
  const std::size_t whole = sts(keys_of("jsmith"), "GetCallerIdentity").body.size();
  sandbox_.add_fault(parse_fault("*:truncate:1"));
  const auto response = sts(keys_of("jsmith"), "GetCallerIdentity");
  EXPECT_EQ(*base::find_header(response.headers, "content-length"),
            base::WipedString(std::to_string(whole)));
  EXPECT_EQ(response.body.size(), whole / 2);
}

TEST_F(FaultsOnDemand, AnUnknownOperationIsRefused) {
  try {
    sandbox_.add_fault(parse_fault("AsumeRole:Throttling:1"));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_STREQ(error.what(), "no such operation: AsumeRole");
    EXPECT_EQ(error.hints(), std::vector<std::string>{"perhaps AssumeRole"});
  }
}

TEST(ParseFault, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"", "AssumeRole", "AssumeRole:Throttling", "AssumeRole:Throttling:0",
                           "AssumeRole:Throttling:x", ":Throttling:1", "AssumeRole::1",
                           "AssumeRole:200:1", "AssumeRole:600:1", "a:b:1:2"}) {
    try {
      parse_fault(text);
      FAIL() << text;
    } catch (const base::Error& error) {
      EXPECT_EQ(std::string(error.what()), std::string("not OPERATION:CODE:COUNT: ") + text);
      EXPECT_EQ(error.kind(), base::ErrorKind::usage);
    }
  }
}

Options slow_and_strange() {
  Options options;
  options.latency = std::chrono::milliseconds(5000);
  options.extra_fields = true;
  return options;
}

class SlowAndStrange : public SandboxTest {
 protected:
  SlowAndStrange() : SandboxTest(slow_and_strange()) {}
};

TEST_F(SlowAndStrange, AnswersLateAndWithUnknownElements) {
  const base::Time before = clock_.now();
  const auto response = assume_with_code("jsmith", "AdminRole");
  EXPECT_EQ(clock_.now() - before, base::Seconds(5));
  EXPECT_EQ(outcome(response), "200");
  EXPECT_NE(response.body.find("<SandboxUnknown>"), std::string::npos);
}

}  // namespace
}  // namespace sandbox
