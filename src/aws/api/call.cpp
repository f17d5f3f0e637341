#include "aws/api/call.h"

#include "base/text.h"

namespace aws {
namespace {

std::string_view version(Service service) {
  return service == Service::sts ? "2011-06-15" : "2010-05-08";
}

}  // namespace

base::HttpRequest http_request(const Call& call, const Endpoint& endpoint) {
  base::HttpRequest request;
  request.method = "POST";
  request.origin = endpoint.origin;
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.body.append("Action=").append(call.operation);
  request.body.append("&Version=").append(version(call.service));
  for (const auto& [parameter, value] : call.parameters) {
    request.body.append("&").append(parameter).append("=");
    base::percent_encode(value, "", request.body);
  }
  return request;
}

}  // namespace aws
