#pragma once

#include "aws/files/profile.h"
#include "aws/model/credentials.h"

#include <string>
#include <string_view>

namespace aws {

// The AWS CLI keeps the sessions of role profiles, and asks for no code while one lives for another
// quarter of an hour: a file each in ~/.aws/cli/cache. (botocore, AssumeRoleCredentialFetcher; the
// CLI's versions 1 and 2 agree.)

// The file's name: a hash of what the profile's own sections say of its role. The source and the
// key are not part of it. Empty for a profile in which the CLI sees no role: aws-vault's
// `include_profile` means nothing to it.
std::string cli_cache_name(const SharedConfig& shared, std::string_view profile);

// The file: what AWS answered, as far as the CLI reads it, with a mark of ours that it passes over.
base::WipedString cli_cache_entry(const Credentials& credentials);
// One that the CLI takes for expired, and that holds no key.
base::WipedString expired_cli_cache_entry();
// Whether the file is one that cli_cache_entry() made; of this access key, where one is given.
bool is_our_cli_cache_entry(std::string_view bytes, std::string_view access_key_id = {});

}  // namespace aws
