#include "app/commands/aws_cli_cache.h"
#include "app/commands/exec_plan.h"
#include "app/commands/link.h"
#include "app/config/role_request.h"
#include "app/sessions/session_key.h"
#include "app/sessions/session_plan.h"
#include "support/doors.h"
#include "support/error.h"

#include <gtest/gtest.h>
#include <map>

// Each parameter of a role must reach everyone who makes something of it.
namespace app {
namespace {

constexpr const char* role_arn = "arn:aws:iam::123456789012:role/AdminRole";

aws::SharedConfig shared_config() {
  return {aws::SharedFile(
              base::WipedString("[profile other]\nrole_arn = arn:aws:iam::123456789012:role/Other\n"
                                "source_profile = default\n")),
          aws::SharedFile(base::WipedString(
              "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n"))};
}

// Acceptable to AWS; a parameter that takes something else is listed.
std::string sample(const RoleOption& option) {
  const std::map<std::string_view, std::string> special = {
      {"duration", "45m"},
      {"tag", "team=green"},
      {"transitive-tag", "unit"},
      {"policy", "/policy.json"},
      {"policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}};
  const auto found = special.find(option.name);
  return found == special.end() ? "sample" : found->second;
}

struct RoleOptionTest : testing::TestWithParam<RoleOption> {
  RoleOptionTest() {
    files.contents["/policy.json"] =
        R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";
    plain.username = "jo";
    plain.source_profile = "default";
    plain.roles = {role_arn};
    plain.tags = {{"unit", "blue"}};  // so that there is one to pass on
    given = plain;
    GetParam().add(given, sample(GetParam()));
    target.role_arn = role_arn;
    target.name = "AdminRole";
  }

  const RoleOption& option() const { return GetParam(); }
  std::string word() const { return "--" + std::string(option().name) + "=" + sample(option()); }
  std::string key(const SessionRequest& request) {
    return role_session_key(with_policy_read(request, files), {"AKIA", "aws"},
                            choose_role(shared, role_arn));
  }
  aws::sts::AssumeRole plan(const SessionRequest& request) {
    RolePlan roles;
    roles.steps.emplace_back().role_arn = role_arn;
    return plan_role(with_policy_read(request, files), settings, roles, Route::direct,
                     {"jo", "arn:aws:iam::123456789012:mfa/jo"}, messages)
        .front();
  }
  std::string helper_in_exec(const std::string& profile) {
    TargetSession session;
    session.target = target;
    session.source_profile = "default";
    const ExecPlan exec(given, settings, shared, environment, {&session, 1}, false);
    return exec.overlay().processes.at(profile);
  }

  support::FakeFiles files;
  support::FakeEnvironment environment;
  support::FakeMessages messages;
  Settings settings;
  aws::SharedConfig shared = shared_config();
  SessionRequest plain;
  SessionRequest given;
  Target target;
};

TEST_P(RoleOptionTest, IsReadAsItIsWritten) {
  RoleRequest request;
  EXPECT_FALSE(option().is_given(request));
  option().add(request, sample(option()));
  EXPECT_EQ(option().values(request), std::vector<std::string>{sample(option())});
  option().clear(request);
  EXPECT_FALSE(option().is_given(request));
}

TEST_P(RoleOptionTest, GoesToAws) { EXPECT_NE(plan(given), plan(plain)); }

TEST_P(RoleOptionTest, HasASessionOfItsOwnInTheCacheUnlessOnlyTheDurationDiffers) {
  EXPECT_EQ(key(given) == key(plain), !option().changes_session);
}

TEST_P(RoleOptionTest, IsPartOfALinkAndReadFromIt) {
  const auto lines = link_processes(given, shared, environment, {&target, 1});
  EXPECT_NE(lines.at(0).find(word()), std::string::npos) << lines.at(0);
  const auto read = linked_request(lines.at(0));
  ASSERT_TRUE(read);
  EXPECT_EQ(option().values(*read), option().values(given));
}

// What every other profile may say for itself is not said for it; a restriction holds for all.
TEST_P(RoleOptionTest, GoesToTheHelpersInsideExec) {
  EXPECT_NE(helper_in_exec(settings.profile).find(word()), std::string::npos);
  EXPECT_EQ(helper_in_exec("other").find(word()) != std::string::npos,
            option().profile_key.empty());
}

TEST_P(RoleOptionTest, IsRefusedWhereNoRoleIsAssumed) {
  SessionRequest request;
  option().add(request, sample(option()));
  EXPECT_EQ(support::error_of([&] { refuse_options_of_a_role(request); }),
            option().changes_session ? "2 --" + std::string(option().name) +
                                           " goes with a role, and none is assumed\n"
                                           "hint: leave it out, or give a role with --role"
                                     : "nothing was thrown");
}

TEST_P(RoleOptionTest, IsRefusedForTheCacheOfTheAwsCli) {
  SessionRequest request;
  option().add(request, sample(option()));
  const std::string error =
      support::error_of([&] { require_cacheable(request, {}, files, environment, shared); });
  EXPECT_EQ(error.starts_with("2 --" + std::string(option().name) + " changes the session"),
            option().changes_session)
      << error;
}

INSTANTIATE_TEST_SUITE_P(All, RoleOptionTest, testing::ValuesIn(role_options()),
                         [](const auto& row) {
                           std::string name(row.param.name);
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace app
