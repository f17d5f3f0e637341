#pragma once

#include "app/config/settings.h"
#include "aws/files/profile.h"
#include "aws/model/credentials.h"
#include "os/environment.h"
#include "os/files.h"
#include "os/messages.h"
#include "os/process.h"

#include <string>

namespace app {

// The long-term access key and where it was found.
struct SourceKey {
  aws::AccessKey key;
  std::string profile;  // empty: the environment
  // The key is what the credential_process of the profile prints, and is not known before that ran.
  bool is_printed = false;
  base::WipedString process = {};  // its line; may itself hold a secret

  // What its sessions are cached under: its ID; of a printed key the profile and that line.
  base::WipedString cached_as() const {
    if (!is_printed) return base::WipedString(key.access_key_id);
    return base::WipedString(profile) + "\n" + process;
  }
};

// Reads the secret of a key that a profile holds into guarded memory, or the line of the command
// that prints the key. The shared files are read again for it, since what is held of them is
// without secrets. Throws Error{failed} where the profile has lost its key meanwhile.
void load_secret(SourceKey& source, os::Files& files, const os::Environment& environment);

// Runs the command that prints the key. Throws Error{failed} where it prints none, or a temporary
// one, which AWS does not let use an MFA code; as os::Process::run_shell().
aws::AccessKey printed_key(const SourceKey& source, os::Process& process,
                           const os::Environment& environment);

// Inside `exec` a key of the environment is known by its id alone (AWSST_SOURCE_ACCESS_KEY_ID): its
// sessions are found by that, but no new one can be had. Throws Error{failed} for such a key.
void require_secret(const SourceKey& source);

// The first that applies: `named` (-s), the source of the chosen role profile, AWS_PROFILE and
// AWS_DEFAULT_PROFILE, the setting, AWS_ACCESS_KEY_ID without a session token, `default`.
// Of a role profile it is always the source's key.
// `chosen` is the resolved PROFILE, or nullptr. Of a key that a profile holds the secret is not
// read: see load_secret(). Throws Error{failed} when none has a key, and when
// one that was named outright cannot be used.
SourceKey find_source_key(const aws::SharedConfig& shared, const os::Environment& environment,
                          const Settings& settings, const std::string& named,
                          const aws::Chain* chosen, os::Messages& messages);

}  // namespace app
