#pragma once

#include "aws/api/endpoint.h"
#include "base/http_message.h"

#include <string>
#include <utility>
#include <vector>

namespace aws {

// One operation of the AWS Query protocol, as it goes into the form (AWS Query protocol, Smithy
// 2.0). Values hold the token code.
struct Call {
  Service service;
  std::string operation;
  std::vector<std::pair<std::string, base::WipedString>> parameters;
  // It carries an MFA code: AWS takes a code once, so it may never be sent again.
  bool single_use = false;
};

// The unsigned POST; its Content-Type is one that STS does not answer with a redirect.
base::HttpRequest http_request(const Call& call, const Endpoint& endpoint);

}  // namespace aws
