#pragma once

#include "app/doctor/doctor.h"
#include "app/fixture.h"

#include <algorithm>
#include <string>
#include <vector>

namespace app {

// A user who may everything, AdminRole for him with MFA, and roles beyond it in their own words.
inline sandbox::Options examined_world(const std::string& more_roles = "",
                                       const std::string& policy = "") {
  sandbox::Options options;
  const std::string all = R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";
  options.world = R"({"accounts":[{"account":"123456789012","users":[{"name":"jsmith",)"
                  R"("mfa_devices":[{"name":"jsmith"}],"policies":[)" +
                  (policy.empty() ? all : policy) +
                  R"(]}],"roles":[{"name":"AdminRole","policies":[)" + all +
                  R"(],"trust":{"Statement":{"Effect":"Allow",)"
                  R"("Principal":{"AWS":"arn:aws:iam::123456789012:root"},)"
                  R"("Action":"sts:AssumeRole",)"
                  R"("Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}})" +
                  more_roles + "]}]}";
  return options;
}

// `,{...}`: a role that trusts another of the account. `condition` is `"Condition":{...},` or
// empty.
inline std::string chained_role(const std::string& name, const std::string& trusted,
                                const std::string& condition = "") {
  return R"(,{"name":")" + name +
         R"(","policies":[{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}],)"
         R"("trust":{"Statement":{"Effect":"Allow",)" +
         condition + R"("Principal":{"AWS":"arn:aws:iam::123456789012:role/)" + trusted +
         R"("},"Action":"sts:AssumeRole"}}})";
}

constexpr const char* chain_config =
    "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/AdminRole\n"
    "source_profile = default\nmfa_serial = arn:aws:iam::123456789012:mfa/jsmith\n"
    "[profile chained]\nrole_arn = arn:aws:iam::123456789012:role/Chained\n"
    "source_profile = admin\n";

inline std::string text_of(const Finding& finding) {
  std::string text = name_of(finding.status) + " " + finding.check + ": " + finding.what;
  for (const std::string& hint : finding.what_to_do) text += "\n-> " + hint;
  return text;
}

struct Examined : House {
  support::FakeFileLook look{files};
  DoctorRequest request;

  explicit Examined(sandbox::Options options = examined_world())
      : House("jsmith", std::move(options)) {
    files.contents[config] = "";
  }
  Examined(const std::string& profile, sandbox::Options options, const std::string& config_text)
      : Examined(std::move(options)) {
    request.profile = profile;
    files.contents[config] = config_text;
  }

  std::vector<Finding> findings() {
    return examine(request, {environment, files, look, http, terminal, process, clock, random});
  }
  // All, in full; `but` leaves out the looks of these names.
  std::vector<std::string> told(const std::vector<std::string>& but = {}) {
    std::vector<std::string> texts;
    for (const Finding& finding : findings()) {
      if (std::find(but.begin(), but.end(), finding.check) != but.end()) continue;
      texts.push_back(text_of(finding));
    }
    return texts;
  }
  // Those of the roles, and what is likely of them.
  std::vector<std::string> told_of_roles() {
    return told({"files", "settings", "variables", "sessions", "clients", "key", "connection",
                 "clock", "devices"});
  }
};

}  // namespace app
