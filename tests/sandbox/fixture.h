#pragma once

#include "aws/api/sigv4.h"
#include "sandbox/sandbox.h"
#include "sandbox/totp.h"
#include "support/fakes.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sandbox {

// What a client has to sign with.
struct Keys {
  std::string id;
  std::string secret;
  std::string token;
};

class SandboxTest : public testing::Test {
 protected:
  using Form = std::vector<std::pair<std::string_view, std::string_view>>;

  explicit SandboxTest(Options options = {}) : sandbox_(std::move(options), clock_, random_) {}

  const User& user(std::string_view name) const {
    for (const User& candidate : sandbox_.world().users()) {
      if (candidate.name == name) return candidate;
    }
    throw std::runtime_error("no such user");
  }
  Keys keys_of(std::string_view name) const {
    const AccessKey& key = user(name).access_keys.at(0);
    return {key.id, key.secret, ""};
  }
  std::string serial_of(std::string_view name) const {
    return user(name).mfa_devices.at(0).serial_number;
  }
  // The code of `steps` steps from now, as the user's first device shows it.
  std::string code_of(std::string_view name, int steps = 0) {
    const std::uint64_t step =
        sandbox::totp::step_at(clock_.now()) + static_cast<std::uint64_t>(steps);
    return sandbox::totp::code(user(name).mfa_devices.at(0).totp_secret, step);
  }

  static std::string form(std::string_view action, std::string_view version,
                          const Form& parameters) {
    base::WipedString body("Action=");
    body.append(action).append("&Version=").append(version);
    for (const auto& [name, value] : parameters) {
      body.append("&").append(name).append("=");
      base::percent_encode(value, "", body);
    }
    return std::string(body);
  }
  base::HttpRequest signed_request(const Keys& keys, std::string_view service, std::string body,
                                   std::string_view region = "us-east-1") {
    base::HttpRequest request;
    request.method = "POST";
    request.origin = "http://127.0.0.1:1";
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body = base::WipedString(body);
    aws::sigv4::sign(request, aws::SigningIdentity(keys.id, keys.secret, keys.token),
                     {clock_.now(), std::string(region), std::string(service)});
    return request;
  }
  base::HttpResponse sts(const Keys& keys, std::string_view action, const Form& parameters = {}) {
    return sandbox_.handle(signed_request(keys, "sts", form(action, "2011-06-15", parameters)));
  }
  base::HttpResponse iam(const Keys& keys, std::string_view action, const Form& parameters = {}) {
    return sandbox_.handle(signed_request(keys, "iam", form(action, "2010-05-08", parameters)));
  }

  // "403 AccessDenied: text", or "200".
  static std::string outcome(const base::HttpResponse& response) {
    std::string result = std::to_string(response.status);
    if (response.status == 200) return result;
    result += ' ' + text_of(response, "Code");
    if (response.body.find("<Message>") != std::string::npos) {
      result += ": " + text_of(response, "Message");
    }
    return result;
  }
  // The text of the first element of that name, entities as they are.
  static std::string text_of(const base::HttpResponse& response, const std::string& element) {
    const std::string body(response.body);
    const std::size_t begin = body.find("<" + element + ">");
    if (begin == std::string::npos) return "no " + element;
    const std::size_t start = begin + element.size() + 2;
    return body.substr(start, body.find("</" + element + ">") - start);
  }
  static Keys credentials_in(const base::HttpResponse& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return {text_of(response, "AccessKeyId"), text_of(response, "SecretAccessKey"),
            text_of(response, "SessionToken")};
  }
  Keys session_of(std::string_view name, bool mfa = true) {
    if (!mfa) return credentials_in(sts(keys_of(name), "GetSessionToken"));
    return credentials_in(sts(keys_of(name), "GetSessionToken",
                              {{"SerialNumber", serial_of(name)}, {"TokenCode", code_of(name)}}));
  }
  base::HttpResponse assume(const Keys& keys, std::string_view role) {
    return sts(keys, "AssumeRole", {{"RoleArn", arn(role)}, {"RoleSessionName", "test"}});
  }
  base::HttpResponse assume_with_code(std::string_view name, std::string_view role) {
    return sts(keys_of(name), "AssumeRole",
               {{"RoleArn", arn(role)},
                {"RoleSessionName", "test"},
                {"SerialNumber", serial_of(name)},
                {"TokenCode", code_of(name)}});
  }
  static std::string arn(std::string_view role) {
    return "arn:aws:iam::123456789012:role/" + std::string(role);
  }

  support::FakeClock clock_;
  support::FakeRandom random_;
  Sandbox sandbox_;
};

}  // namespace sandbox
