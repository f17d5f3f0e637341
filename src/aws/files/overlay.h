#pragma once

#include "aws/files/profile.h"
#include "base/secret.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// What differs from the user's shared files in those that a command is given instead.
struct OverlayPlan {
  // Whatever a profile says about roles, keys and single sign-on goes, and this credential_process
  // takes its place; an empty one: nothing does.
  std::map<std::string, std::string> processes;
  std::map<std::string, std::string> regions;  // for profiles that have none
  std::set<std::string> without_keys;          // the keys of these profiles go, the rest stays
};

struct Overlay {
  base::WipedString config;
  base::WipedString credentials;
};

// The user's files otherwise, to the byte (as edited() has it). A profile that is not there yet
// comes into the shared config file: a credential_process is read from there by every client.
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
