#pragma once

#include "aws/model/credentials.h"

#include <optional>
#include <string_view>

namespace aws {

// What a credential_process prints (AWS SDKs and Tools Reference Guide, "Process credential
// provider"): one JSON object and a line end. `expiration` is what the client is told, which need
// not be the whole truth.
base::WipedString process_output(const Credentials& credentials, base::Time expiration);

// The same read: what another program's credential_process printed.
struct ProcessOutput {
  AccessKey key;
  bool is_temporary = false;  // it has a session token
};
// Nothing where it is not JSON, or lacks a half of the key.
std::optional<ProcessOutput> parse_process_output(std::string_view output);

}  // namespace aws
