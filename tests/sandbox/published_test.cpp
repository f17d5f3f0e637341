#include "sandbox/fixture.h"
#include "support/vectors.h"

#include <fmt/format.h>
#include <map>

// The sandbox's texts and limits against the published ones.
namespace sandbox {
namespace {

class Published : public SandboxTest {
 protected:
  // "403 AccessDenied: text" as recorded for AWS, `places` filled in.
  static bool is_recorded(const std::string& service, std::string outcome,
                          const std::map<std::string, std::string>& places = {}) {
    static const nlohmann::json recorded =
        support::read_json(support::vectors() / "sts_iam_errors.json");
    for (const auto& error : recorded["errors"]) {
      if (error["service"] != service || error["code"].is_null()) continue;
      std::string text =
          fmt::format("{} {}", error["http"].get<int>(), error["code"].get<std::string>());
      if (!error["message"].is_null()) text += ": " + error["message"].get<std::string>();
      for (const auto& [name, value] : places) {
        const std::string place = "{" + name + "}";
        for (std::size_t at; (at = text.find(place)) != std::string::npos;) {
          text.replace(at, place.size(), value);
        }
      }
      if (text == outcome) return true;
    }
    return false;
  }
};

TEST_F(Published, RefusalsAreThoseRecordedOfAws) {
  SKIP_WITHOUT_VECTORS();
  const Keys jsmith = keys_of("jsmith");
  const Keys session = session_of("jsmith");
  const std::map<std::string, std::string> places = {{"caller-arn", user("jsmith").arn},
                                                     {"role-arn", arn("NoTrustRole")},
                                                     {"v", "899"},
                                                     {"Action", "Unknown"},
                                                     {"Version", "2011-06-15"}};
  for (const auto& response : {
           sts({"AKIAUNKNOWN", "x", ""}, "GetCallerIdentity"),
           sts({jsmith.id, "wrong", ""}, "GetCallerIdentity"),
           sts(jsmith, "Unknown"),
           sts(session, "GetSessionToken"),
           assume(session, "NoTrustRole"),
           assume(keys_of(root_user_name), "AdminRole"),
           assume_with_code("jsmith", "AdminRole"),  // used up by session_of
           sts(jsmith, "GetSessionToken", {{"TokenCode", "123456"}}),
           sts(jsmith, "GetSessionToken",
               {{"SerialNumber", user("jsmith").arn}, {"TokenCode", "123456"}}),
           sts(jsmith, "GetSessionToken", {{"DurationSeconds", "899"}}),
           sts(jsmith, "GetSessionToken", {{"DurationSeconds", "x"}}),
           sandbox_.handle(signed_request(
               jsmith, "sts", form("GetCallerIdentity", "2011-06-15", {}), "eu-west-1")),
           sandbox_.handle(
               signed_request(jsmith, "s3", form("GetCallerIdentity", "2011-06-15", {}))),
       }) {
    EXPECT_TRUE(is_recorded("sts", outcome(response), places)) << outcome(response);
  }
  EXPECT_TRUE(is_recorded("iam", outcome(iam(keys_of("lookup-denied"), "ListMFADevices")),
                          {{"caller-arn", user("lookup-denied").arn}, {"name", "lookup-denied"}}));
  EXPECT_TRUE(is_recorded("iam", outcome(iam(session_of("mjones", false), "ListMFADevices"))));
  EXPECT_TRUE(is_recorded("iam",
                          outcome(iam(keys_of(root_user_name), "GetUser", {{"UserName", "x"}})),
                          {{"name", "x"}}));
  EXPECT_FALSE(is_recorded("sts", "403 AccessDenied: no such text"));
}

TEST_F(Published, LengthsPatternsAndRangesAreThoseOfTheModel) {
  SKIP_WITHOUT_VECTORS();
  const auto model = support::read_json(support::vectors() / "sts_iam_constraints.json");
  int checked = 0;
  for (const char* operation : {"AssumeRole", "GetSessionToken"}) {
    for (const auto& [name, rule] :
         model["sts"]["operations"][operation]["input"]["members"].items()) {
      SCOPED_TRACE(std::string(operation) + " " + name);
      const auto violation = [&](const std::string& value) {
        return outcome(sts(keys_of("jsmith"), operation, {{name, value}}));
      };
      const auto expect = [&](const std::string& value, const std::string& constraint) {
        EXPECT_NE(violation(value).find("failed to satisfy constraint: Member must " + constraint),
                  std::string::npos)
            << violation(value);
        ++checked;
      };
      if (rule["type"] == "integer") {
        expect(std::to_string(rule["min"].get<int>() - 1),
               fmt::format("have value greater than or equal to {}", rule["min"].get<int>()));
        expect(std::to_string(rule["max"].get<int>() + 1),
               fmt::format("have value less than or equal to {}", rule["max"].get<int>()));
      } else if (rule["type"] == "string" && name != "SourceIdentity" && name != "Policy") {
        const std::size_t longest = rule["max"];
        const std::size_t shortest = rule["min"];
        expect(std::string(longest + 1, '1'),
               fmt::format("have length less than or equal to {}", longest));
        expect(std::string(shortest - 1, '1'),
               fmt::format("have length greater than or equal to {}", shortest));
        expect("\x01", "satisfy regular expression pattern: " + rule["pattern"].get<std::string>());
      }
    }
  }
  EXPECT_EQ(checked, 25);
}

}  // namespace
}  // namespace sandbox
