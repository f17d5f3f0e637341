#pragma once

#include <string>
#include <string_view>

// Where STS and IAM are reached and for which region a request to them is signed. Source:
// botocore's partitions.json and the endpoint rule sets of sts (2011-06-15) and iam (2010-05-08).
namespace aws {

enum class Service { sts, iam };
std::string_view signing_name(Service service) noexcept;  // "sts", "iam"

struct Endpoint {
  std::string origin;  // "https://host" or "https://host:port", lower-case, without final slash
  std::string signing_region;

  bool operator==(const Endpoint&) const = default;
};

// The settings that bear on an endpoint.
struct EndpointOptions {
  bool fips = false;        // use_fips_endpoint, AWS_USE_FIPS_ENDPOINT
  bool dualstack = false;   // use_dualstack_endpoint, AWS_USE_DUALSTACK_ENDPOINT
  bool sts_global = false;  // sts_regional_endpoints = legacy, AWS_STS_REGIONAL_ENDPOINTS
};

// What a region may be that is not known here: a label of a host name.
bool is_region_name(std::string_view region) noexcept;

// AWS's own endpoint. An empty region means "aws-global", that is sts.amazonaws.com; with FIPS or
// dual-stack, where STS has no global host, the region for which that one is signed. Throws
// Error{usage} when the region cannot be part of a host name.
Endpoint resolve_endpoint(Service service, std::string_view region,
                          const EndpointOptions& options = {});

// An endpoint given by URL: https, or http on loopback (127.0.0.0/8, ::1, localhost). The region is
// only signed with; for IAM its partition decides. Throws Error{usage} for any other URL, which is
// not repeated as it may hold a password, for a bad region, and where FIPS or dual-stack was asked
// for as well.
Endpoint custom_endpoint(Service service, std::string_view url, std::string_view region,
                         const EndpointOptions& options = {});

// "aws", "aws-cn", ...; a region that fits none is taken for one of "aws", as the SDKs do. It is
// valid for ever.
std::string_view partition_of_region(std::string_view region);

// The region to use where only a partition is known, from an ARN say: "aws-global" for "aws",
// elsewhere its implicitGlobalRegion of partitions.json. Empty for a partition that is not known.
std::string_view default_region(std::string_view partition) noexcept;

}  // namespace aws
