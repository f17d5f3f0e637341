#pragma once

#include "app/commands/get.h"
#include "app/sessions/sessions.h"
#include "cli/command.h"
#include "cli/options.h"

#include <optional>
#include <string>

namespace cli {

// What the options shared by get, exec, env, credential-process and console fill in.
struct SessionOptions {
  app::SessionRequest request;
  std::optional<std::string> code;
  std::string min_ttl;
  bool quiet = false;
  bool verbose = false;
};

void bind(Options& options, SessionOptions& session);
// Of them those that say with what key and device a role is assumed, how, and where.
void bind_request(Options& options, SessionOptions& session);

// The request, once the options were parsed. Throws Error{usage} for a combination that makes no
// sense.
app::SessionRequest session_request(const SessionOptions& session);

// What these commands share: `terminal` is where they ask.
app::Sessions open_sessions(const Doors& doors, os::Terminal& terminal, os::Messages& messages);

}  // namespace cli
