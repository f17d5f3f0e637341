#pragma once

#include "app/config/region.h"
#include "app/config/session_request.h"
#include "app/config/settings.h"
#include "app/config/shared_files.h"
#include "app/sessions/sessions.h"
#include "aws/files/overlay.h"
#include "os/environment.h"
#include "os/process.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

// What a command run by `exec` is given, put together from what was asked for and what came of it.
class ExecPlan {
 public:
  // Everything must outlive it. `sessions` are those of the request's profiles, then of its roles;
  // the first one is a session.
  ExecPlan(const SessionRequest& request, const Settings& settings, const aws::SharedConfig& shared,
           const os::Environment& environment, std::span<const TargetSession> sessions,
           bool env_keys)
      : request_(request),
        settings_(settings),
        shared_(shared),
        environment_(environment),
        sessions_(sessions),
        env_keys_(env_keys) {}

  // The profile that the command uses unless it names another.
  std::string profile() const;
  // Throws Error{usage} for a word that no client's credential_process could carry.
  aws::OverlayPlan overlay() const;
  // For an endpoint: the profile of what was asked for says nothing that would beat it, and no
  // profile has keys. Those of other roles keep their helpers: they must not be taken for the one
  // that is served.
  aws::OverlayPlan bare() const;
  // The changes to the environment, without the overlay's own variables.
  std::map<std::string, std::optional<base::WipedString>> variables(
      const SharedFilePaths& real) const;

 private:
  std::string helper(const std::vector<std::string>& target, const std::string& profile,
                     bool same_key, bool asked_for) const;
  void add_options(std::vector<std::string>& words, bool same_key, bool asked_for) const;
  Regions regions() const;
  std::string command_region() const;
  std::vector<std::string> role_words(std::size_t role) const;
  const std::string& source_profile() const { return sessions_.front().source_profile; }
  bool starts_from_environment() const { return source_profile().empty(); }

  const SessionRequest& request_;
  const Settings& settings_;
  const aws::SharedConfig& shared_;
  const os::Environment& environment_;
  std::span<const TargetSession> sessions_;
  const bool env_keys_;  // the keys of the first session stand in the environment, too
};

}  // namespace app
