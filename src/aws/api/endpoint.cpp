#include "aws/api/endpoint.h"

#include "base/error.h"
#include "base/origin.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <optional>

namespace aws {
namespace {

struct Host {
  std::string_view name;
  std::string_view signing_region;
};

struct Partition {
  std::string_view name;
  std::string_view regions;  // prefixes of PREFIX-WORD-NUMBER
  std::string_view global;   // the pseudo-region; empty where there is none
  std::string_view suffix;
  std::string_view dualstack_suffix;
  std::string_view default_region;
  // IAM: one host a partition, of irregular name.
  Host iam, iam_fips, iam_dualstack, iam_fips_dualstack;
};

constexpr std::array<Partition, 8> partitions{{
    {"aws",
     "us eu ap sa ca me af il mx",
     "aws-global",
     "amazonaws.com",
     "api.aws",
     "aws-global",
     {"iam.amazonaws.com", "us-east-1"},
     {"iam-fips.amazonaws.com", "us-east-1"},
     {"iam.global.api.aws", "us-east-1"},
     {"iam-fips.global.api.aws", "us-east-1"}},
    {"aws-cn",
     "cn",
     "aws-cn-global",
     "amazonaws.com.cn",
     "api.amazonwebservices.com.cn",
     "cn-northwest-1",
     {"iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
     {"iam-fips.amazonaws.com.cn", "cn-northwest-1"},
     {"iam.global.api.amazonwebservices.com.cn", "cn-north-1"},
     {"iam-fips.api.amazonwebservices.com.cn", "cn-northwest-1"}},
    {"aws-eusc",
     "eusc-de",
     "",
     "amazonaws.eu",
     "api.amazonwebservices.eu",
     "eusc-de-east-1",
     {"iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
     {"iam-fips.amazonaws.eu", "eusc-de-east-1"},
     {"iam.api.amazonwebservices.eu", "eusc-de-east-1"},
     {"iam-fips.api.amazonwebservices.eu", "eusc-de-east-1"}},
    {"aws-iso",
     "us-iso",
     "aws-iso-global",
     "c2s.ic.gov",
     "api.aws.ic.gov",
     "us-iso-east-1",
     {"iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
     {"iam-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
     {"iam.api.aws.ic.gov", "us-iso-east-1"},
     {"iam-fips.api.aws.ic.gov", "us-iso-east-1"}},
    {"aws-iso-b",
     "us-isob",
     "aws-iso-b-global",
     "sc2s.sgov.gov",
     "api.aws.scloud",
     "us-isob-east-1",
     {"iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
     {"iam-fips.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
     {"iam.api.aws.scloud", "us-isob-east-1"},
     {"iam-fips.api.aws.scloud", "us-isob-east-1"}},
    {"aws-iso-e",
     "eu-isoe",
     "aws-iso-e-global",
     "cloud.adc-e.uk",
     "api.cloud-aws.adc-e.uk",
     "eu-isoe-west-1",
     {"iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
     {"iam-fips.cloud.adc-e.uk", "eu-isoe-west-1"},
     {"iam.api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
     {"iam-fips.api.cloud-aws.adc-e.uk", "eu-isoe-west-1"}},
    {"aws-iso-f",
     "us-isof",
     "aws-iso-f-global",
     "csp.hci.ic.gov",
     "api.aws.hci.ic.gov",
     "us-isof-south-1",
     {"iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
     {"iam-fips.csp.hci.ic.gov", "us-isof-south-1"},
     {"iam.api.aws.hci.ic.gov", "us-isof-south-1"},
     {"iam-fips.api.aws.hci.ic.gov", "us-isof-south-1"}},
    {"aws-us-gov",
     "us-gov",
     "aws-us-gov-global",
     "amazonaws.com",
     "api.aws",
     "us-gov-west-1",
     {"iam.us-gov.amazonaws.com", "us-gov-west-1"},
     {"iam.us-gov.amazonaws.com", "us-gov-west-1"},
     {"iam.us-gov.api.aws", "us-gov-west-1"},
     {"iam.us-gov.api.aws", "us-gov-west-1"}},
}};

constexpr std::string_view aws_global = "aws-global";
constexpr std::string_view aws_global_signing = "us-east-1";

// The regions older than STS's regional endpoints, which "legacy" sends to the global one.
constexpr std::string_view legacy_regions[] = {
    "ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
    "aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
    "eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
    "us-east-1",      "us-east-2",    "us-west-1",      "us-west-2"};

// The regular expressions of partitions.json: ^(PREFIX|...)\-\w+\-\d+$
bool has_region(const Partition& partition, std::string_view region) {
  if (!partition.global.empty() && region == partition.global) return true;
  const std::size_t number = region.rfind('-');
  if (number == std::string_view::npos || !base::is_digits(region.substr(number + 1))) return false;
  const std::string_view front = region.substr(0, number);
  const std::size_t dash = front.rfind('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view word = front.substr(dash + 1);
  const auto prefixes = base::split(partition.regions, ' ');
  return !word.empty() && base::is_alphanumeric(word, "_") &&
         std::find(prefixes.begin(), prefixes.end(), front.substr(0, dash)) != prefixes.end();
}

const Partition& partition_row(std::string_view region) {
  const auto found = std::find_if(partitions.begin(), partitions.end(),
                                  [&](const Partition& row) { return has_region(row, region); });
  return found == partitions.end() ? partitions.front() : *found;
}

// RFC 1123 without its final dash. What a region may be besides would lead a signed request to a
// host of somebody else's choice.
bool is_host_label(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         base::is_alphanumeric(text, "-");
}

[[noreturn]] void refuse(std::string what, std::string hint) {
  throw base::Error(base::ErrorKind::usage, std::move(what), {std::move(hint)});
}

void check_region(std::string_view region) {
  if (region.empty() || is_region_name(region)) return;
  refuse(fmt::format("`{}` is not a region", base::printable(region)),
         "a region looks like eu-central-1; it comes from --region, the profile's `region`, "
         "AWS_REGION, AWS_DEFAULT_REGION or `region` of the settings");
}

const Host& iam_host(const Partition& partition, const EndpointOptions& options) {
  if (options.fips) return options.dualstack ? partition.iam_fips_dualstack : partition.iam_fips;
  return options.dualstack ? partition.iam_dualstack : partition.iam;
}

Endpoint sts_endpoint(const Partition& partition, std::string_view region,
                      const EndpointOptions& options) {
  const bool plain = !options.fips && !options.dualstack;
  const bool legacy = options.sts_global &&
                      std::find(std::begin(legacy_regions), std::end(legacy_regions), region) !=
                          std::end(legacy_regions);
  if (plain && (region == aws_global || legacy)) {
    return {"https://sts.amazonaws.com", std::string(aws_global_signing)};
  }
  // GovCloud's ordinary hosts are the FIPS ones.
  const bool named_fips =
      options.fips && (options.dualstack || partition.name != std::string_view("aws-us-gov"));
  return {fmt::format("https://sts{}.{}.{}", named_fips ? "-fips" : "", region,
                      options.dualstack ? partition.dualstack_suffix : partition.suffix),
          std::string(region)};
}

// ---- Custom endpoints ----

[[noreturn]] void refuse_url(std::string_view reason) {
  refuse(fmt::format("the endpoint URL {}", reason),
         "it looks like https://host or https://host:port; it comes from --endpoint-url, "
         "AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_IAM or `endpoint_url`");
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    // Its inner form is the resolver's business; here it only must not hide anything else.
    return host.size() > 3 && host.ends_with(']') &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") ==
               std::string_view::npos;
  }
  const auto labels = base::split(host, '.');
  return host.size() <= 253 && std::all_of(labels.begin(), labels.end(), is_host_label);
}

int parse_port(std::string_view text) {
  int port = 0;
  if (base::is_digits(text)) std::from_chars(text.data(), text.data() + text.size(), port);
  if (port < 1 || port > 65535) refuse_url("has a port that is not a number from 1 to 65535");
  return port;
}

std::string origin_of(std::string_view url) {
  if (url.ends_with('/') && !url.ends_with("://")) url.remove_suffix(1);
  const base::Origin origin(url);
  const bool secure = origin.scheme == "https";
  if (!secure && origin.scheme != "http") refuse_url("does not begin with https://");
  const std::string_view authority = url.substr(origin.scheme.size() + 3);
  if (authority.find('@') != std::string_view::npos) refuse_url("has a user name in it");
  if (authority.find_first_of("?#") != std::string_view::npos) refuse_url("has a query");
  if (authority.find('/') != std::string_view::npos) refuse_url("has a path");
  if (!is_host(origin.host)) refuse_url("has no valid host name");
  const int standard_port = secure ? 443 : 80;
  const int port = origin.has_port ? parse_port(origin.port) : standard_port;
  if (!secure && !origin.is_loopback()) {
    refuse_url(fmt::format(
        "sends keys to {} without encryption: plain http is for this machine only", origin.host));
  }
  // Clients leave the default port out of the Host header, which is signed.
  if (port == standard_port) return fmt::format("{}://{}", origin.scheme, origin.host);
  return fmt::format("{}://{}:{}", origin.scheme, origin.host, port);
}

}  // namespace

bool is_region_name(std::string_view region) noexcept { return is_host_label(region); }

std::string_view signing_name(Service service) noexcept {
  return service == Service::sts ? "sts" : "iam";
}

Endpoint resolve_endpoint(Service service, std::string_view region,
                          const EndpointOptions& options) {
  check_region(region);
  const Partition& partition = partition_row(region.empty() ? aws_global : region);
  if (service == Service::iam) {
    const Host& host = iam_host(partition, options);
    return {fmt::format("https://{}", host.name), std::string(host.signing_region)};
  }
  if (region.empty()) {
    region = options.fips || options.dualstack ? aws_global_signing : aws_global;
  }
  return sts_endpoint(partition, region, options);
}

Endpoint custom_endpoint(Service service, std::string_view url, std::string_view region,
                         const EndpointOptions& options) {
  check_region(region);
  if (options.fips) {
    refuse("an endpoint URL and FIPS endpoints exclude each other",
           "drop --endpoint-url (AWS_ENDPOINT_URL, `endpoint_url`) or use_fips_endpoint "
           "(AWS_USE_FIPS_ENDPOINT)");
  }
  if (options.dualstack) {
    refuse("an endpoint URL and dual-stack endpoints exclude each other",
           "drop --endpoint-url (AWS_ENDPOINT_URL, `endpoint_url`) or use_dualstack_endpoint "
           "(AWS_USE_DUALSTACK_ENDPOINT)");
  }
  if (region.empty()) region = aws_global;
  std::string_view signing = region == aws_global ? aws_global_signing : region;
  if (service == Service::iam) signing = partition_row(region).iam.signing_region;
  return {origin_of(url), std::string(signing)};
}

std::string_view partition_of_region(std::string_view region) { return partition_row(region).name; }

std::string_view default_region(std::string_view partition) noexcept {
  const auto found = std::find_if(partitions.begin(), partitions.end(),
                                  [&](const Partition& row) { return row.name == partition; });
  return found == partitions.end() ? std::string_view{} : found->default_region;
}

}  // namespace aws
