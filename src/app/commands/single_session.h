#pragma once

#include "app/config/settings.h"
#include "app/sessions/sessions.h"
#include "aws/files/profile.h"
#include "os/environment.h"
#include "os/files.h"

#include <string>

namespace app {

// The one session that a command hands on; its outcome is a session.
struct SingleSession : TargetSession {
  std::string region;  // for the programs that use it; empty: none is known
};

// The first step of credential-process, env and console: reads the settings and the shared files,
// each once, and gets the session. The use's min_ttl is the default for the option and the
// setting. Throws Error as Sessions::obtain, and Error{usage} when several roles are asked for.
SingleSession obtain_single(
    Sessions& sessions, os::Environment& environment, os::Files& files,
    const SessionRequest& request, SessionUse use,
    const Sessions::BeforeCode& before_code = [](auto) {});

// What is asked for, in a few words to people: "profile prod", "role AdminRole".
std::string describe_target(const SessionRequest& request, const Settings& settings);

}  // namespace app
