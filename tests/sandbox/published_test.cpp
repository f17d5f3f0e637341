#include "sandbox/fixture.h"
#include "support/vectors.h"

#include <fmt/core.h>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

// The sandbox's texts and limits against the published ones.
namespace sandbox {
namespace {

using std::chrono::seconds;

class Published : public SandboxTest {
 protected:
  using Places = std::map<std::string, std::string>;
  // A response, and what stands in the places of the recorded text.
  struct Provoked {
    base::HttpResponse response;
    Places places = {};
  };

  // "sts 403 AccessDenied: text" as recorded.
  static std::string recorded(const nlohmann::json& error) {
    std::string text =
        fmt::format("{} {}", error["service"].get<std::string>(), error["http"].get<int>());
    if (!error["code"].is_null()) text += ' ' + error["code"].get<std::string>();
    if (!error["message"].is_null()) text += ": " + error["message"].get<std::string>();
    return text;
  }
  static std::string filled(std::string text, const Places& places) {
    for (const auto& [name, value] : places) {
      const std::string place = "{" + name + "}";
      for (std::size_t at; (at = text.find(place)) != std::string::npos;) {
        text.replace(at, place.size(), value);
      }
    }
    return text;
  }

  base::HttpResponse failing(std::string_view fault) {
    sandbox_.add_fault(parse_fault(fault));
    return sts(keys_of("jsmith"), "GetCallerIdentity");
  }
  base::HttpResponse send(base::HttpRequest request) { return sandbox_.handle(request); }
  base::HttpRequest identity_request(std::string_view service = "sts",
                                     std::string_view region = "us-east-1") {
    return signed_request(keys_of("jsmith"), service, form("GetCallerIdentity", "2011-06-15", {}),
                          region);
  }
  base::HttpResponse assume_with(const Keys& keys, std::string_view role, Form more) {
    const std::string role_arn = arn(role);
    more.push_back({"RoleArn", role_arn});
    more.push_back({"RoleSessionName", "test"});
    return sts(keys, "AssumeRole", more);
  }
  std::map<std::string, std::function<Provoked()>> provocations();
};

// By the recorded text; each in a step of the MFA devices of its own.
auto Published::provocations() -> std::map<std::string, std::function<Provoked()>> {
  const Keys jsmith = keys_of("jsmith");
  const std::string who = user("jsmith").arn;
  const std::string denied = "User: {caller-arn} is not authorized to perform: ";
  const Places admin = {{"caller-arn", who}, {"role-arn", arn("AdminRole")}};
  const std::string mfa = "sts 403 AccessDenied: MultiFactorAuthentication failed";
  const std::string validation = "sts 400 ValidationError: ";
  const std::string one = validation + "1 validation error detected: ";
  const std::string signature = "sts 403 SignatureDoesNotMatch: ";
  const std::string arn_rule = std::string("satisfy regular expression pattern: ") +
                               "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF"
                               "\\uE000-\\uFFFD\\u10000-\\u10FFFF]+";
  return {
      {mfa + " with invalid MFA one time pass code. ",
       [=, this] {
         assume_with_code("jsmith", "AdminRole");
         return Provoked{assume_with_code("jsmith", "AdminRole")};
       }},
      {mfa + ", must provide both MFA serial number and one time pass code.",
       [=, this] {
         return Provoked{sts(jsmith, "GetSessionToken", {{"TokenCode", "123456"}})};
       }},
      {mfa + ", unable to validate MFA code.  Please verify your MFA serial number is valid and "
             "associated with this user.",
       [=, this] {
         return Provoked{
             sts(jsmith, "GetSessionToken", {{"SerialNumber", who}, {"TokenCode", "123456"}})};
       }},
      {"sts 403 AccessDenied: " + denied + "sts:AssumeRole on resource: {role-arn}",
       [=, this] {
         return Provoked{assume(jsmith, "AdminRole"), admin};
       }},
      {"sts 403 AccessDenied: " + denied +
           "sts:AssumeRole on resource: {role-arn} with an explicit deny in an identity-based "
           "policy",
       [=, this] {
         return Provoked{assume(keys_of("forced"), "AdminRole"),
                         {{"caller-arn", user("forced").arn}, {"role-arn", arn("AdminRole")}}};
       }},
      {"sts 403 AccessDenied: " + denied + "sts:TagSession on resource: {role-arn}",
       [=, this] {
         return Provoked{assume_with(jsmith, "AdminRole",
                                     {{"Tags.member.1.Key", "a"}, {"Tags.member.1.Value", "b"}}),
                         admin};
       }},
      {"sts 403 AccessDenied: " + denied + "sts:SetSourceIdentity on resource: {role-arn}",
       [=, this] {
         return Provoked{assume_with(jsmith, "AdminRole", {{"SourceIdentity", "jo"}}), admin};
       }},
      {"sts 403 AccessDenied: Roles may not be assumed by root accounts.",
       [this] { return Provoked{assume(keys_of(root_user_name), "AdminRole")}; }},
      {"sts 403 AccessDenied: Cannot call GetSessionToken with session credentials",
       [this] { return Provoked{sts(session_of("jsmith"), "GetSessionToken")}; }},
      {"sts 403 AccessDenied: Cannot call GetFederationToken with session credentials",
       [this] { return Provoked{sts(session_of("jsmith"), "GetFederationToken")}; }},
      {"sts 403 InvalidClientTokenId: The security token included in the request is invalid.",
       [this] { return Provoked{sts(keys_of("inactive"), "GetCallerIdentity")}; }},
      {"sts 403 ExpiredToken: The security token included in the request is expired",
       [this] {
         const Keys session = session_of("jsmith");
         clock_.advance(seconds(43200));
         return Provoked{sts(session, "GetCallerIdentity")};
       }},
      {signature +
           "The request signature we calculated does not match the signature you provided. Check "
           "your AWS Secret Access Key and signing method. Consult the service documentation for "
           "details.",
       [=, this] {
         return Provoked{sts({jsmith.id, "wrong", ""}, "GetCallerIdentity")};
       }},
      {signature + "Signature expired: {X-Amz-Date} is now earlier than {server-15min} ({server} - "
                   "15 min.)",
       [this] {
         const auto request = identity_request();
         const base::Time signed_at = clock_.now();
         clock_.advance(seconds(16 * 60));
         const base::Time now = clock_.now();
         return Provoked{send(request),
                         {{"X-Amz-Date", base::format_iso_basic(signed_at)},
                          {"server-15min", base::format_iso_basic(now - seconds(900))},
                          {"server", base::format_iso_basic(now)}}};
       }},
      {signature + "Signature not yet current: {X-Amz-Date} is still later than {server+15min} "
                   "({server} + 15 min.)",
       [this] {
         clock_.advance(seconds(16 * 60));
         const auto request = identity_request();
         const base::Time signed_at = clock_.now();
         clock_.advance(seconds(-16 * 60));
         const base::Time now = clock_.now();
         return Provoked{send(request),
                         {{"X-Amz-Date", base::format_iso_basic(signed_at)},
                          {"server+15min", base::format_iso_basic(now + seconds(900))},
                          {"server", base::format_iso_basic(now)}}};
       }},
      {signature + "Credential should be scoped to a valid region. ",
       [this] { return Provoked{send(identity_request("sts", "eu-west-1"))}; }},
      {signature + "Credential should be scoped to correct service: 'sts'. ",
       [this] { return Provoked{send(identity_request("s3"))}; }},
      {"sts 403 RegionDisabledException: STS is not activated in this region for "
       "account:{account}. Your account administrator can activate STS in this region using the "
       "IAM Console.",
       [this] {
         return Provoked{failing("*:RegionDisabledException:1"), {{"account", "123456789012"}}};
       }},
      {validation +
           "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
       [this] {
         return Provoked{
             assume_with(session_of("jsmith"), "AdminRole", {{"DurationSeconds", "3601"}})};
       }},
      {validation + "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                    "assumed by role chaining.",
       [this] {
         return Provoked{
             assume_with(session_of("jsmith"), "LongRole", {{"DurationSeconds", "3601"}})};
       }},
      {one + "Value '{v}' at 'durationSeconds' failed to satisfy constraint: Member must have "
             "value greater than or equal to 900",
       [=, this] {
         return Provoked{sts(jsmith, "GetSessionToken", {{"DurationSeconds", "899"}}),
                         {{"v", "899"}}};
       }},
      {one + "Value '{v}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy "
             "regular expression pattern: [\\w+=,.@-]*",
       [=, this] {
         return Provoked{sts(jsmith, "AssumeRole", {{"RoleArn", who}, {"RoleSessionName", "a b"}}),
                         {{"v", "a b"}}};
       }},
      {validation +
           "2 validation errors detected: Value '' at 'roleArn' failed to satisfy "
           "constraint: Member must " +
           arn_rule +
           "; Value '' at 'roleArn' failed to satisfy constraint: Member must have length greater "
           "than or equal to 20",
       [=, this] {
         return Provoked{sts(jsmith, "AssumeRole", {{"RoleArn", ""}, {"RoleSessionName", "test"}})};
       }},
      {validation + "The source identity is already set for this assume role session",
       [this] {
         const Keys tagged = credentials_in(
             assume_with(session_of("jsmith"), "TaggedRole", {{"SourceIdentity", "jo"}}));
         return Provoked{assume_with(tagged, "TaggedChain", {{"SourceIdentity", "al"}})};
       }},
      {"sts 400 MalformedInput",
       [=, this] {
         return Provoked{sts(jsmith, "GetSessionToken", {{"DurationSeconds", "x"}})};
       }},
      {"sts 400 Throttling: Rate exceeded", [this] { return Provoked{failing("*:Throttling:1")}; }},
      {"sts 400 InvalidAction: Could not find operation {Action} for version {Version}",
       [=, this] {
         return Provoked{sts(jsmith, "Unknown"),
                         {{"Action", "Unknown"}, {"Version", "2011-06-15"}}};
       }},
      {"sts 302",
       [this] {
         auto request = identity_request();
         std::erase_if(request.headers,
                       [](const base::Header& header) { return header.name == "Content-Type"; });
         return Provoked{send(request)};
       }},
      {"sts 403 MissingAuthenticationToken: Request is missing Authentication Token",
       [this] {
         auto request = identity_request();
         std::erase_if(request.headers, [](const base::Header& header) {
           return base::equal_ignoring_case(header.name, "authorization");
         });
         return Provoked{send(request)};
       }},
      {"sts 400 IncompleteSignature: Authorization header requires 'Credential' parameter. "
       "Authorization=...",
       [this] {
         auto request = identity_request();
         for (base::Header& header : request.headers) {
           if (base::equal_ignoring_case(header.name, "authorization")) header.value = "Basic eDp5";
         }
         return Provoked{send(request)};
       }},
      {"sts 400 MalformedPolicyDocument",
       [=, this] {
         return Provoked{assume_with(jsmith, "AdminRole", {{"Policy", "{"}})};
       }},
      {"sts 400 PackedPolicyTooLarge",
       [this] {
         const std::string policy =
             R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})" +
             std::string(2048, ' ');
         return Provoked{assume_with(session_of("jsmith"), "AdminRole", {{"Policy", policy}})};
       }},
      {"iam 403 AccessDenied: " + denied +
           "iam:ListMFADevices on resource: user {name} because no identity-based policy allows "
           "the iam:ListMFADevices action",
       [this] {
         return Provoked{iam(keys_of("lookup-denied"), "ListMFADevices"),
                         {{"caller-arn", user("lookup-denied").arn}, {"name", "lookup-denied"}}};
       }},
      {"iam 403 AccessDenied: ... with an explicit deny in an identity-based policy[: "
       "{policy-arn}]",
       [this] {
         return Provoked{iam(keys_of("forced"), "GetRole", {{"RoleName", "AdminRole"}})};
       }},
      {"iam 403 InvalidClientTokenId: The security token included in the request is invalid",
       [this] { return Provoked{iam(session_of("jsmith", /*mfa=*/false), "ListMFADevices")}; }},
      {"iam 409 LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2",
       [this] {
         sandbox_.add_fault(parse_fault("GetUser:LimitExceeded:1"));
         return Provoked{iam(keys_of("pat"), "GetUser")};
       }},
      {"iam 404 NoSuchEntity: The user with name {name} cannot be found.",
       [this] {
         const Keys role = credentials_in(assume_with_code("jsmith", "AdminRole"));
         return Provoked{iam(role, "GetUser", {{"UserName", "nobody"}}), {{"name", "nobody"}}};
       }},
  };
}

TEST_F(Published, EveryRefusalRecordedOfAwsCanBeProvoked) {
  SKIP_WITHOUT_VECTORS();
  const auto errors = support::read_json(support::vectors() / "sts_iam_errors.json")["errors"];
  auto known = provocations();
  int provoked = 0;
  for (const auto& error : errors) {
    if (error["service"] == "s3") continue;  // the sandbox is no S3
    const std::string text = recorded(error);
    SCOPED_TRACE(text);
    const auto found = known.find(text);
    if (found == known.end()) {
      ADD_FAILURE() << "nothing provokes it";
      continue;
    }
    clock_.advance(seconds(60));
    const auto [response, places] = found->second();
    const std::string service = error["service"];
    std::string actual = service + ' ' + outcome(response);
    if (response.status == 302) actual = service + " 302";
    // Without a recorded text the sandbox has one of its own, and one record is half a text.
    const std::size_t dots = text.find("...");
    if (error["message"].is_null()) {
      EXPECT_EQ(actual.substr(0, text.size()), text);
    } else if (dots != std::string::npos && service == "iam") {
      EXPECT_TRUE(actual.ends_with(text.substr(dots + 3, text.find('[') - dots - 3))) << actual;
    } else {
      EXPECT_EQ(actual, filled(text, places));
    }
    ++provoked;
  }
  EXPECT_EQ(provoked, 37);
  EXPECT_EQ(known.size(), 37u);
}

TEST_F(Published, TheTableOfErrorsHasThemAll) {
  SKIP_WITHOUT_VECTORS();
  const std::string table = support::read_file(support::project() / "doc/sandbox-errors.md");
  const auto errors = support::read_json(support::vectors() / "sts_iam_errors.json")["errors"];
  for (const auto& error : errors) {
    const std::string code = error["code"].is_null() ? "" : ' ' + error["code"].get<std::string>();
    const std::string text =
        error["message"].is_null() ? "-" : '`' + error["message"].get<std::string>() + '`';
    const std::string row =
        fmt::format("\n| {} | {}{} | {} | ", error["service"].get<std::string>(),
                    error["http"].get<int>(), code, text);
    EXPECT_NE(table.find(row), std::string::npos) << row;
  }
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
        const std::size_t max_length = rule["max"];
        const std::size_t shortest = rule["min"];
        expect(std::string(max_length + 1, '1'),
               fmt::format("have length less than or equal to {}", max_length));
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
