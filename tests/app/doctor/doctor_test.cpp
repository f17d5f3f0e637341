#include "app/examination.h"

#include <algorithm>
#include <array>
#include <gmock/gmock.h>
#include <set>

namespace app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using Texts = std::vector<std::string>;
using Status = Finding::Status;

std::string key_id(const Examined& house) { return house.user("jsmith").access_keys.at(0).id; }

TEST(Doctor, SaysNothingWrongAboutAGoodSetUp) {
  Examined house;
  house.request.session.code = house.code();
  EXPECT_EQ(
      house.told(),
      (Texts{
          "ok files: every client reads ~/.aws/config the same way",
          "ok files: every client reads ~/.aws/credentials the same way",
          "ok clients: profile session_token does not exist yet: aws-session-token will create it",
          "ok key: the long-term key is " + key_id(house) + " of profile default",
          "ok connection: STS answers at http://127.0.0.1:1, for the region us-east-1",
          "ok clock: this machine's clock agrees with AWS's",
          "ok key: the key is jsmith's, of account 123456789012, and active",
          "ok connection: IAM answers at http://127.0.0.1:1",
          "ok key: the access key " + key_id(house) + " was created on 2026-11-22, 0 days ago",
          "ok devices: STS accepts codes from arn:aws:iam::123456789012:mfa/jsmith",
          "ok role: the role arn:aws:iam::123456789012:role/AdminRole exists; it lasts 1 h at most",
          "ok role: the trust policy of AdminRole lets jsmith assume it, with MFA only",
          "ok code: the code is accepted for AdminRole; the session was discarded"}));
  EXPECT_EQ(house.operations(), (Texts{"GetCallerIdentity", "ListAccessKeys", "ListMFADevices",
                                       "GetRole", "AssumeRole"}));
}

TEST(Doctor, FindsWhatCannotBeWrittenBeforeTheCode) {
  for (const char* path :
       {House::credentials, House::config, "/home/u/.config/aws-session-token/config",
        "/home/u/.cache/aws-session-token/sessions",
        "/home/u/.cache/aws-session-token/spent-codes"}) {
    Examined house;
    house.files.unwritable = path;
    const auto told = house.told();
    const std::string status = path == House::credentials ? "failure" : "warning";
    EXPECT_THAT(told, Contains(status + " files: cannot write " + path + "\n-> look at its mode"));
  }
}

// ---- whatever fails

// The n-th answer as somebody else gives it.
struct Tampering {
  const char* name;
  int status;
  const char* body;
};
constexpr std::array tamperings = {
    Tampering{"refused", 403,
              "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized"
              "</Message></Error></ErrorResponse>"},
    Tampering{"throttled", 400,
              "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message>"
              "</Error></ErrorResponse>"},
    Tampering{"a page", 200, "<html><body>Sign in to the hotel</body></html>"},
    Tampering{"no XML", 200, "<<<"},
    Tampering{"nothing", 200, ""},
    Tampering{"a proxy's refusal", 502, "<html>Bad gateway</html>"},
    Tampering{"a redirect", 302, ""},
};

bool is_well(const Finding& finding) {
  return finding.status == Status::ok || finding.status == Status::likely;
}

std::set<std::string> well(const std::vector<Finding>& findings) {
  std::set<std::string> texts;
  for (const Finding& finding : findings) {
    if (is_well(finding)) texts.insert(text_of(finding));
  }
  return texts;
}

struct Chain : Examined {
  explicit Chain(bool with_code)
      : Examined("chained", examined_world(chained_role("Chained", "AdminRole")), chain_config) {
    environment.variables["AWS_MAX_ATTEMPTS"] = "1";
    if (with_code) request.session.code = code();
  }
};

// What is well of a chain when nothing fails. With a code the roles are opened, without one AWS is
// asked what it would say: that may come too where the code fails.
std::set<std::string> well_of_chain(bool with_code) { return well(Chain(with_code).findings()); }

std::set<std::string> all_well_of_chain() {
  std::set<std::string> all = well_of_chain(true);
  all.merge(well_of_chain(false));
  return all;
}

// Something that was well is not told any more, something else is told in its place, and nothing
// is well that was not.
void expect_honest(const std::vector<Finding>& findings, bool with_code) {
  static const std::set<std::string> all = all_well_of_chain();
  static const std::set<std::string> good[] = {well_of_chain(false), well_of_chain(true)};
  const std::set<std::string> now = well(findings);
  EXPECT_TRUE(std::includes(all.begin(), all.end(), now.begin(), now.end()));
  EXPECT_FALSE(
      std::includes(now.begin(), now.end(), good[with_code].begin(), good[with_code].end()));
  EXPECT_FALSE(std::all_of(findings.begin(), findings.end(), is_well));
}

// Whose key; its age; devices; two roles; two simulations or two sessions.
constexpr int requests_of_chain = 7;

TEST(Doctor, IsHonestWhicheverRequestFailsAndHow) {
  for (const bool with_code : {true, false}) {
    for (const Tampering& tampering : tamperings) {
      for (int n = 1; n <= requests_of_chain; ++n) {
        SCOPED_TRACE(std::string(tampering.name) + ", request " + std::to_string(n));
        Chain house(with_code);
        int answers = 0;
        house.http.tamper = [&](base::HttpResponse& response) {
          if (++answers != n) return;
          response.status = tampering.status;
          response.body = base::WipedString(tampering.body);
        };
        expect_honest(house.findings(), with_code);
      }
    }
  }
}

TEST(Doctor, IsHonestWhicheverRequestIsLost) {
  using Loss = support::SandboxHttp::Loss;
  for (const bool with_code : {true, false}) {
    for (const auto loss : {Loss::unsent, Loss::before, Loss::after}) {
      for (int n = 1; n <= requests_of_chain; ++n) {
        SCOPED_TRACE(n);
        Chain house(with_code);
        house.http.failing = n;
        house.http.loss = loss;
        expect_honest(house.findings(), with_code);
      }
    }
  }
}

TEST(Doctor, AsksForAChainOnceEach) {
  for (const bool with_code : {true, false}) {
    Chain house(with_code);
    house.findings();
    EXPECT_EQ(house.http.requests.size(), static_cast<std::size_t>(requests_of_chain));
  }
}

TEST(Doctor, IsHonestWhicheverFileCannotBeRead) {
  const std::string second_ledger = "/dev/shm/aws-session-token-1000/spent-codes";
  Chain whole(true);
  const auto all = all_well_of_chain();
  whole.findings();
  for (int n = 1; n <= whole.files.calls; ++n) {
    SCOPED_TRACE(n);
    Chain house(true);
    house.files.failing = n;
    const auto findings = house.findings();
    Texts texts;
    for (const Finding& finding : findings) texts.push_back(text_of(finding));
    // There is a second place for the record of spent codes.
    const bool is_said = !house.files.contents.contains(second_ledger);
    EXPECT_EQ(testing::Value(texts, Contains(HasSubstr("the test fails this "))), is_said);
    const auto now = well(findings);
    EXPECT_TRUE(std::includes(all.begin(), all.end(), now.begin(), now.end()));
  }
  for (int n = 1; n <= whole.look.calls; ++n) {
    SCOPED_TRACE(n);
    Chain house(false);
    house.look.failing = n;
    EXPECT_THAT(house.told(), Contains("failure files: the test fails this look"));
  }
}

TEST(Doctor, DoesNotTakeAPageForSts) {
  Examined house;
  house.http.tamper = [](base::HttpResponse& response) {
    response.status = 200;
    response.body = base::WipedString("<html>Sign in to the hotel</html>");
  };
  const Texts told = house.told({"files", "clients"});
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told.at(1), testing::StartsWith("failure connection: the answer from AWS lacks "));
}

TEST(Doctor, KnowsNoTimeWhereAwsDoesNotTellIt) {
  Examined house;
  house.http.tamper = [](base::HttpResponse& response) { response.headers.clear(); };
  EXPECT_THAT(house.told(),
              Contains("unknown clock: whether this machine's clock agrees with AWS's "
                       "is not known: the answer has no Date"));
}

TEST(Doctor, IsInterruptedAtOnce) {
  Examined house;
  house.http.tamper = [](base::HttpResponse&) { throw base::Interrupted{}; };
  EXPECT_EQ(support::error_of([&] { house.findings(); }), "interrupted");
}

}  // namespace
}  // namespace app
