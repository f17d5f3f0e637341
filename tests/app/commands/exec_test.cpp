#include "app/commands/exec.h"

#include "app/fixture.h"

namespace app {
namespace {

struct Inside : House {
  Inside() {
    files.contents[config] =
        "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
        "source_profile = default\n";
  }

  ExecRequest request(const std::string& token_code) {
    ExecRequest request;
    request.session.username = "jsmith";
    request.session.code = token_code;
    request.session.profiles = {"prod"};
    request.command = {"true"};
    return request;
  }

  const os::Launch& exec(const ExecRequest& request) {
    Sessions sessions(environment, files, http, terminal, process, clock, random, messages);
    Exec(sessions, environment, files, process, clock, random, messages).run(request);
    return process.launches.back();
  }

  static std::string variable(const os::Launch& launch, const std::string& name) {
    const auto found = launch.variables.find(name);
    if (found == launch.variables.end()) return "(untouched)";
    return found->second ? std::string(*found->second) : "(unset)";
  }
};

TEST(Exec, TheCommandFindsTheProfileAndNoKeys) {
  Inside house;
  const os::Launch& launch = house.exec(house.request(house.code()));
  EXPECT_EQ(launch.command, std::vector<std::string>{"true"});
  EXPECT_EQ(house.variable(launch, "AWS_PROFILE"), "prod");
  EXPECT_EQ(house.variable(launch, "AWS_ACCESS_KEY_ID"), "(unset)");
  EXPECT_EQ(house.variable(launch, "AWS_REGION"), "(untouched)");
  EXPECT_EQ(house.variable(launch, "AWSST_CONFIG_FILE"), House::config);
  ASSERT_EQ(launch.memory_files.size(), 2U);
  EXPECT_EQ(launch.memory_files[0].first, "AWS_CONFIG_FILE");
  EXPECT_EQ(launch.memory_files[1].second, "[default]\n");
}

TEST(Exec, TheSharedFilesStayAsTheyAre) {
  Inside house;
  const auto before = house.shared_files();
  house.exec(house.request(house.code()));
  EXPECT_EQ(house.shared_files(), before);
}

TEST(Exec, WhatCannotWorkIsSaidBeforeAnythingIsAsked) {
  Inside house;
  house.process.missing_program = "terrafrom";
  ExecRequest request = house.request("123456");
  request.command = {"terrafrom"};
  EXPECT_EQ(support::error_of([&] { house.exec(request); }), "127 there is no command terrafrom");
  request = house.request("123456");
  request.session.role_session_name = "a;b";
  EXPECT_THROW(house.exec(request), base::Error);
  EXPECT_TRUE(house.http.requests.empty());
}

TEST(Exec, KeysInTheEnvironmentAndAnEndpointExcludeEachOther) {
  Inside house;
  ExecRequest request = house.request("123456");
  request.env_keys = request.serve = true;
  EXPECT_EQ(support::error_of([&] { house.exec(request); }),
            "2 --env-keys and --serve exclude each other\n"
            "hint: keys in the environment would beat the endpoint, and are not renewed: leave "
            "out --env-keys, or --serve where a program cannot use an endpoint");
  EXPECT_TRUE(house.http.requests.empty());
}

TEST(Exec, ARelativePathOfTheFilesIsMadeAbsolute) {
  Inside house;
  house.environment.variables["AWS_CONFIG_FILE"] = "aws/config";
  house.files.contents["aws/config"] = house.files.contents[House::config];
  const os::Launch& launch = house.exec(house.request(house.code()));
  EXPECT_EQ(house.variable(launch, "AWSST_CONFIG_FILE"), "/home/u/work/aws/config");
}

TEST(Exec, TheLineThatPrintsTheCodeIsHandedOnInMemoryAndNotInTheEnvironment) {
  Inside house;
  ExecRequest request = house.request(house.code());
  request.session.mfa_process = "pass otp aws | tail -1";
  const os::Launch& launch = house.exec(request);
  ASSERT_EQ(launch.memory_files.size(), 3U);
  EXPECT_EQ(launch.memory_files[2].first, "AWSST_MFA_PROCESS_FILE");
  EXPECT_EQ(launch.memory_files[2].second, "pass otp aws | tail -1");
  for (const auto& [name, value] : launch.variables) {
    EXPECT_FALSE(value && value->find("pass otp") != base::WipedString::npos) << name;
  }
}

TEST(Exec, TheEndpointTakesThePlaceOfTheHelper) {
  Inside house;
  ExecRequest request = house.request(house.code());
  request.serve = true;
  const os::Launch& launch = house.exec(request);
  EXPECT_EQ(house.variable(launch, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            "http://127.0.0.1:4711/credentials");
  EXPECT_EQ(house.variable(launch, "AWS_CONTAINER_AUTHORIZATION_TOKEN").size(), 64U);
  EXPECT_EQ(launch.memory_files[0].second, "[profile prod]\n");
  EXPECT_EQ(launch.memory_files[1].second, "[session_token]\n");
}

}  // namespace
}  // namespace app
