#pragma once

#include "app/commands/get.h"
#include "app/sessions/questions.h"
#include "sandbox/totp.h"
#include "support/doors.h"
#include "support/error.h"
#include "support/fakes.h"

#include <gtest/gtest.h>

namespace app {

// The whole stack in one process: fake doors, and the sandbox behind the network's.
struct House {
  support::FakeClock clock;
  support::FakeRandom sandbox_random{7};
  support::FakeRandom random{11};
  sandbox::Sandbox aws;
  support::SandboxHttp http{aws};
  support::FakeEnvironment environment;
  support::FakeFiles files;
  support::FakeTerminal terminal;
  support::FakeProcess process;
  support::FakeMessages messages;

  explicit House(const std::string& user = "jsmith", sandbox::Options options = {})
      : aws(std::move(options), clock, sandbox_random) {
    environment.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    files.contents[credentials] = key_section("default", user);
  }

  static constexpr const char* credentials = "/home/u/.aws/credentials";
  static constexpr const char* config = "/home/u/.aws/config";

  const sandbox::User& user(const std::string& name) const {
    for (const sandbox::User& user : aws.world().users()) {
      if (user.name == name) return user;
    }
    throw std::logic_error("no user " + name);
  }

  std::string key_section(const std::string& profile, const std::string& name) const {
    const sandbox::AccessKey& key = user(name).access_keys.at(0);
    return "[" + profile + "]\naws_access_key_id = " + key.id +
           "\naws_secret_access_key = " + std::string(key.secret) + "\n";
  }

  // A device's present code; `ahead` is in steps of 30 seconds.
  std::string code(const std::string& name = "jsmith", std::uint64_t ahead = 0) {
    return sandbox::totp::code(user(name).mfa_devices.at(0).totp_secret,
                               ::sandbox::totp::step_at(clock.now()) + ahead);
  }

  GetReport get_all(const GetRequest& request) {
    Sessions sessions(environment, files, http, terminal, process, clock, random, messages);
    return Get(sessions, environment, files, messages).run(request);
  }
  GetResult get(const GetRequest& request) { return get_all(request).results.at(0); }

  // The files that all tools share: what this one keeps for itself is left out.
  std::map<std::string, std::string> shared_files() const {
    auto files_now = files.contents;
    std::erase_if(files_now, [](const auto& file) {
      return file.first.starts_with("/home/u/.cache/aws-session-token/");
    });
    return files_now;
  }

  std::vector<std::string> operations() const {
    std::vector<std::string> names;
    for (const base::HttpRequest& request : http.requests) {
      const std::string_view body = request.body;
      names.emplace_back(body.substr(7, body.find('&') - 7));
    }
    return names;
  }

  // How often this code went to AWS.
  int times_sent(const std::string& token_code) const {
    int times = 0;
    for (const base::HttpRequest& request : http.requests) {
      if (request.body.find("TokenCode=" + token_code) != base::WipedString::npos) ++times;
    }
    return times;
  }
};

// The main job with every answer given.
inline GetRequest with_code(const std::string& code) {
  GetRequest request;
  request.session.username = "jsmith";
  request.session.roles = {"AdminRole"};
  if (!code.empty()) give_code(request.session, code);
  return request;
}

}  // namespace app
