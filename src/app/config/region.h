#pragma once

#include "aws/files/profile.h"
#include "os/environment.h"

#include <string>

namespace app {

// Which region is meant. There are four answers, since the places where one is named bind
// differently for what is asked; each is empty where none is named. AWS's own order is the option,
// the variables, then the profile (SDKs and Tools Reference Guide, "AWS Region").
class Regions {
 public:
  struct Named {
    std::string option;          // --region
    std::string setting;         // `region` of our settings
    std::string source_profile;  // the profile of the long-term key, where it is one
  };
  Regions(const aws::SharedConfig& shared, const os::Environment& environment, Named named)
      : shared_(shared), environment_(environment), named_(std::move(named)) {}

  // Our own requests for that profile: AWS's order, then our setting, and last the region of the
  // key's profile, where the user has an endpoint that works.
  std::string for_requests(const std::string& profile) const;
  // What is printed beside a session of that profile. The profile goes before the variables, which
  // may be those that an earlier `env` has set for another profile. The key's profile does not
  // count: it says where the key is used, not the role.
  std::string for_output(const std::string& profile) const;
  // What the helper of that profile is told, which runs inside `exec`: there --env-keys may have
  // set the variables to the region of exec's first profile. So everything is found out before.
  std::string for_helper(const std::string& profile) const;
  // The variables that `exec` sets, which go before the region of every profile: only what --region
  // says. Keys in the environment are for programs that know no profiles: these get the region of
  // the session's profile as well, unless the caller's own variables name one.
  std::string for_command(const std::string& profile, bool env_keys) const;

 private:
  std::string of_profile(const std::string& profile) const;
  std::string of_variables() const;

  const aws::SharedConfig& shared_;
  const os::Environment& environment_;
  Named named_;
};

}  // namespace app
