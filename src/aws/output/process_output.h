#pragma once

#include "aws/model/credentials.h"

namespace aws {

// What a credential_process prints (AWS SDKs and Tools Reference Guide, "Process credential
// provider"): one JSON object and a line end. `expiration` is what the client is told, which need
// not be the whole truth.
base::WipedString process_output(const Credentials& credentials, base::Time expiration);

}  // namespace aws
