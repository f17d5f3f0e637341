#pragma once

#include "aws/api/endpoint.h"
#include "aws/files/profile.h"
#include "os/environment.h"

#include <string>

namespace app {

// Everything that says where and how AWS is reached.
struct Connection {
  std::string region;  // empty: none was given anywhere
  aws::Endpoint sts;
  aws::Endpoint iam;
  std::string
      scope;  // where sessions of this STS are good: a partition, or an endpoint of one's own
  std::string ca_bundle;  // empty: the system's certificates
  int max_attempts = 3;
};

// What the command line and the settings say; empty: nothing.
struct ConnectionRequest {
  std::string region;           // --region
  std::string endpoint_url;     // --endpoint-url
  std::string settings_region;  // the setting
  std::string partition_hint;   // partition of a role ARN, where no region is given at all
  std::string profile;          // the chosen role profile; empty: none
  std::string source_profile;   // of the key; empty: the environment
};

// Option beats variable beats profile beats setting, for each item (SDKs and Tools Reference Guide,
// "Configuration settings"). The profile is the chosen one, or that of the key where a role is
// named without one; a region alone falls back from the former to the latter, after the setting.
// Throws Error{usage} for what cannot be.
Connection resolve_connection(const ConnectionRequest& request, const aws::SharedConfig& shared,
                              const os::Environment& environment);

}  // namespace app
