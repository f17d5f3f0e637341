#include "app/config/connection.h"

#include "app/config/region.h"
#include "app/config/shared_files.h"
#include "base/error.h"
#include "base/text.h"

namespace app {
namespace {

// Looks an item up in the places of its kind, in their order.
class Lookup {
 public:
  Lookup(const ConnectionRequest& request, const aws::SharedConfig& shared,
         const os::Environment& environment)
      : request_(request), shared_(shared), environment_(environment) {}

  std::string variable(const char* name) const { return environment_.get(name).value_or(""); }

  // The profile that is used, as the SDKs say: a role's requests follow the role's profile, and
  // take from the profile of its key no more than the key.
  const std::string& profile() const {
    return request_.profile.empty() ? request_.source_profile : request_.profile;
  }

  std::string profile_key(std::string_view key) const {
    return std::string(shared_.text(profile(), key));
  }

  std::string variable_or_key(const char* name, std::string_view key) const {
    const std::string value = variable(name);
    return value.empty() ? profile_key(key) : value;
  }

  bool flag(const char* name, std::string_view key) const {
    return base::equal_ignoring_case(variable_or_key(name, key), "true");
  }

  // AWS_ENDPOINT_URL_STS before AWS_ENDPOINT_URL before the profile's.
  std::string endpoint_url(std::string_view service, const char* service_variable) const {
    if (!request_.endpoint_url.empty()) return request_.endpoint_url;
    if (flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")) return "";
    for (const char* name : {service_variable, "AWS_ENDPOINT_URL"}) {
      if (std::string url = variable(name); !url.empty()) return url;
    }
    return std::string(shared_.endpoint_url(profile(), service));
  }

 private:
  const ConnectionRequest& request_;
  const aws::SharedConfig& shared_;
  const os::Environment& environment_;
};

int max_attempts(const Lookup& lookup) {
  const std::string text = lookup.variable_or_key("AWS_MAX_ATTEMPTS", "max_attempts");
  if (text.empty()) return 3;
  if (!base::is_digits(text) || text.size() > 3 || std::stoi(text) < 1) {
    throw base::Error(base::ErrorKind::usage, "AWS_MAX_ATTEMPTS is no number of attempts",
                      {"set it to 1 or more, or unset it"});
  }
  return std::stoi(text);
}

}  // namespace

Connection resolve_connection(const ConnectionRequest& request, const aws::SharedConfig& shared,
                              const os::Environment& environment) {
  const Lookup lookup(request, shared, environment);
  Connection connection;
  connection.region = Regions(shared, environment,
                              {request.region, request.settings_region, request.source_profile})
                          .for_requests(request.profile);
  const std::string region = connection.region.empty() && !request.partition_hint.empty()
                                 ? std::string(aws::default_region(request.partition_hint))
                                 : connection.region;
  const aws::EndpointOptions options = {
      .fips = lookup.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
      .dualstack = lookup.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
      .sts_global = lookup.variable_or_key("AWS_STS_REGIONAL_ENDPOINTS",
                                           "sts_regional_endpoints") == "legacy"};
  const auto endpoint = [&](aws::Service service, const char* service_variable) {
    const std::string url = lookup.endpoint_url(aws::signing_name(service), service_variable);
    if (url.empty()) return aws::resolve_endpoint(service, region, options);
    aws::Endpoint custom = aws::custom_endpoint(service, url, region, options);
    if (service == aws::Service::sts) connection.scope = custom.origin;
    return custom;
  };
  connection.scope = std::string(aws::partition_of_region(region));
  connection.sts = endpoint(aws::Service::sts, "AWS_ENDPOINT_URL_STS");
  connection.iam = endpoint(aws::Service::iam, "AWS_ENDPOINT_URL_IAM");
  connection.ca_bundle =
      expanded_path(lookup.variable_or_key("AWS_CA_BUNDLE", "ca_bundle"), environment);
  connection.max_attempts = max_attempts(lookup);
  return connection;
}

}  // namespace app
