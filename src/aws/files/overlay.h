#pragma once

#include "aws/files/profile.h"
#include "base/secret.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// What differs from the user's shared files in those that a command is given instead.
struct OverlayPlan {
  // This credential_process takes the place of whatever the profile says about roles, keys and
  // single sign-on; an empty one takes it away and puts nothing there.
  std::map<std::string, std::string> processes;
  std::map<std::string, std::string> regions;  // for profiles that have none
  bool without_keys = false;                   // no profile keeps keys, temporary ones included
};

struct Overlay {
  base::WipedString config;
  base::WipedString credentials;
};

// The two files anew, written from what is understood of the user's: the sections that AWS's
// clients know, in these the settings that they know, and the key pairs that have a session token.
// Nothing else goes along: no comment, no long-term key, no setting whose value may hold one. A
// profile that is not there yet comes into the shared config file: every client reads a
// credential_process there.
Overlay overlay(const SharedConfig& shared, const OverlayPlan& plan);

// Every profile with a role that can be assumed from a long-term access key; not those whose source
// is single sign-on, a web identity, a machine's own role, temporary keys or something broken,
// which the clients know how to handle, or to complain about.
std::vector<Chain> assumable_profiles(const SharedConfig& shared);

// The value of a credential_process, of words that every client splits alike: plain ones and "" of
// a few more characters. Some run it in a shell, some take `#` or `;` for a comment, wherever it
// stands. Throws Error{usage}, naming the word, when one has such characters.
std::string credential_process(std::span<const std::string> words);
// Such a line's words again.
std::vector<std::string> credential_process_words(std::string_view line);

}  // namespace aws
