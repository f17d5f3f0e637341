#pragma once

#include "aws/files/profile.h"
#include "aws/files/shared_file.h"
#include "aws/model/credentials.h"

#include <string>

namespace aws {

// The value of `manager` that marks a section as ours; awsume leaves sections with a foreign one
// alone.
inline constexpr std::string_view manager = "aws-session-token";

// Throws Error{failed} when a part of the credentials has a byte that some reader of the shared
// files would take otherwise: what AWS sends has none, and nothing is escaped.
void require_plain(const Credentials& credentials);

// Temporary credentials as a section of the shared credentials file, in the form that every client
// reads alike. `assumed_role_arn` is the role's ARN, empty for the MFA session itself. Throws as
// require_plain(), of the ARN too.
SectionEdit session_profile(const std::string& profile, const Credentials& credentials,
                            const std::string& assumed_role_arn);

// Takes away what session_profile() wrote; and the section with it, where there is nothing else.
SectionEdit session_removal(const std::string& profile);
// The same of a link in the shared config file.
SectionEdit link_removal(const std::string& profile);

// A profile of the shared config file that gets its sessions by that credential_process. Keys that
// it holds itself go: they would win.
SectionEdit linked_profile(const std::string& profile, const std::string& credential_process);

// Throws Error{usage} when the role's ARN has a character that session_profile() would not write,
// as paths of roles may: known before a code is spent.
void require_writable_role(const std::string& role_arn);

// Throws Error{failed}, or Error{usage} for the name itself, when the profile may not be written:
// it holds a long-term key, is a source of another profile, belongs to another tool (allowed by
// `overwrite`), or has keys that would make the clients take something else. A link may replace a
// link of ours, and with `overwrite` any credential_process of the shared config file.
enum class Writing { keys, link };
void require_writable_target(const SharedConfig& shared, const std::string& profile, bool overwrite,
                             Writing writing = Writing::keys);

}  // namespace aws
