#pragma once

#include "app/fixture.h"

namespace app {

// An estate: one role Deploy in each of so many accounts, and a profile for each, all reached with
// the key of jsmith. `refused` trusts somebody else.
inline std::string account_of(int number) { return std::to_string(111111111100 + number); }

inline std::string estate_world(int roles, int refused = -1) {
  const auto trust = [](const std::string& account) {
    return R"({"Statement":{"Effect":"Allow","Principal":{"AWS":")" + account +
           R"("},"Action":"sts:AssumeRole",)"
           R"("Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}})";
  };
  std::string text =
      R"({"accounts":[{"account":"123456789012","users":[{"name":"jsmith",)"
      R"("mfa_devices":[{"name":"jsmith"}],"policies":[{"Statement":{"Effect":"Allow",)"
      R"("Action":["sts:AssumeRole","iam:GetRole","iam:ListMFADevices"],"Resource":"*"}}]}],)"
      R"("roles":[{"name":"AdminRole","trust":)" +
      trust("123456789012") + "}]}";
  for (int i = 0; i < roles; ++i) {
    text += R"(,{"account":")" + account_of(i) + R"(","roles":[{"name":"Deploy","trust":)" +
            trust(i == refused ? "999999999999" : "123456789012") + "}]}";
  }
  return text + "]}";
}

inline std::string estate_config(int roles) {
  std::string text;
  for (int i = 0; i < roles; ++i) {
    text += "[profile team" + std::to_string(i) + "]\nrole_arn = arn:aws:iam::" + account_of(i) +
            ":role/Deploy\nsource_profile = default\n\n";
  }
  return text;
}

inline sandbox::Options estate_options(int roles, int refused = -1) {
  sandbox::Options options;
  options.world = estate_world(roles, refused);
  return options;
}

struct Estate : House {
  explicit Estate(int roles, int refused = -1) : House("jsmith", estate_options(roles, refused)) {
    files.contents[config] = estate_config(roles);
  }

  // What is asked with a code; without one there is nobody to ask.
  GetRequest all(bool with_a_code = true) {
    GetRequest request;
    request.session.all = true;
    request.session.username = "jsmith";
    if (with_a_code) request.session.code = code();
    return request;
  }
  int count(const std::string& operation) const {
    const auto names = operations();
    return static_cast<int>(std::count(names.begin(), names.end(), operation));
  }
  // A person who shall not be asked.
  void nobody_answers() {
    terminal.answers.push_back([]() -> std::string { throw std::logic_error("a question"); });
  }
};

}  // namespace app
