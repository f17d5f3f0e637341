#include "app/config/connection.h"

#include "support/doors.h"
#include "support/error.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using support::error_of;

struct Site {
  support::FakeEnvironment environment;
  std::string config;
  ConnectionRequest request;

  Connection resolve() const {
    const aws::SharedConfig shared{aws::SharedFile(base::WipedString(config)), aws::SharedFile()};
    return resolve_connection(request, shared, environment);
  }
};

TEST(Connection, TakesTheFirstRegionOfTheOrder) {
  Site site;
  site.config = "[profile prod]\nregion = eu-west-3\n[default]\nregion = eu-west-5\n";
  site.request.region = "eu-west-1";
  site.request.settings_region = "eu-west-4";
  site.request.profile = "prod";
  site.request.source_profile = "default";
  site.environment.variables = {{"AWS_REGION", "eu-west-2"}, {"AWS_DEFAULT_REGION", "us-west-2"}};
  EXPECT_EQ(site.resolve().region, "eu-west-1");
  site.request.region.clear();
  EXPECT_EQ(site.resolve().region, "eu-west-2");
  site.environment.variables.erase("AWS_REGION");
  EXPECT_EQ(site.resolve().region, "us-west-2");
  site.environment.variables.clear();
  EXPECT_EQ(site.resolve().region, "eu-west-3");
  site.request.profile.clear();
  EXPECT_EQ(site.resolve().region, "eu-west-4");
  site.request.settings_region.clear();
  EXPECT_EQ(site.resolve().region, "eu-west-5");
  site.request.source_profile.clear();
  EXPECT_EQ(site.resolve().region, "");
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.amazonaws.com");
}

TEST(Connection, WithoutARegionGoesWhereTheRoleIs) {
  Site site;
  site.request.partition_hint = "aws-us-gov";
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(site.resolve().iam.origin, "https://iam.us-gov.amazonaws.com");
}

TEST(Connection, TakesTheFirstEndpointOfTheOrder) {
  Site site;
  site.config =
      "[profile prod]\nservices = s\nendpoint_url = https://profile\n"
      "[services s]\nsts =\n  endpoint_url = https://services\n";
  site.request.profile = "prod";
  site.request.endpoint_url = "https://option";
  site.environment.variables = {{"AWS_ENDPOINT_URL", "https://all"},
                                {"AWS_ENDPOINT_URL_STS", "https://sts-only"}};
  EXPECT_EQ(site.resolve().sts.origin, "https://option");
  EXPECT_EQ(site.resolve().iam.origin, "https://option");
  site.request.endpoint_url.clear();
  EXPECT_EQ(site.resolve().sts.origin, "https://sts-only");
  EXPECT_EQ(site.resolve().iam.origin, "https://all");
  site.environment.variables.clear();
  EXPECT_EQ(site.resolve().sts.origin, "https://services");
  EXPECT_EQ(site.resolve().iam.origin, "https://profile");
}

TEST(Connection, IgnoresConfiguredEndpointsWhenToldTo) {
  Site site;
  site.environment.variables = {{"AWS_ENDPOINT_URL", "https://all"},
                                {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE"}};
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.amazonaws.com");
  site.request.endpoint_url = "https://option";
  EXPECT_EQ(site.resolve().sts.origin, "https://option");
}

TEST(Connection, ReadsFipsDualStackAndLegacyFromVariablesAndProfile) {
  Site site;
  site.request.region = "us-east-2";
  site.request.profile = "p";
  site.config = "[profile p]\nuse_fips_endpoint = true\n";
  EXPECT_EQ(site.resolve().sts.origin, "https://sts-fips.us-east-2.amazonaws.com");
  site.environment.variables = {{"AWS_USE_FIPS_ENDPOINT", "false"}};
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.us-east-2.amazonaws.com");
  site.environment.variables = {{"AWS_USE_FIPS_ENDPOINT", "false"},
                                {"AWS_USE_DUALSTACK_ENDPOINT", "true"}};
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.us-east-2.api.aws");
  site.environment.variables = {{"AWS_USE_FIPS_ENDPOINT", "false"},
                                {"AWS_STS_REGIONAL_ENDPOINTS", "legacy"}};
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.amazonaws.com");
  EXPECT_EQ(site.resolve().sts.signing_region, "us-east-1");
}

TEST(Connection, FollowsTheRolesProfileNotThatOfItsKey) {
  Site site;
  site.request.profile = "role";
  site.request.source_profile = "key";
  site.config =
      "[profile role]\nregion = eu-west-1\n[profile key]\nendpoint_url = https://simulator\n"
      "services = s\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n"
      "sts_regional_endpoints = legacy\nca_bundle = /key.pem\n"
      "[services s]\niam =\n  endpoint_url = https://iam-simulator\n";
  EXPECT_EQ(site.resolve().sts.origin, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(site.resolve().iam.origin, "https://iam.amazonaws.com");
  EXPECT_EQ(site.resolve().ca_bundle, "");
}

TEST(Connection, FollowsTheProfileOfTheKeyWhereARoleIsNamedWithoutOne) {
  Site site;
  site.request.source_profile = "key";
  site.config = "[profile key]\nendpoint_url = https://simulator\n";
  EXPECT_EQ(site.resolve().sts.origin, "https://simulator");
}

TEST(Connection, ExpandsThePathOfTheCertificates) {
  Site site;
  site.request.profile = "p";
  site.environment.variables = {{"COMPANY", "acme"}};
  const auto bundle = [&](const std::string& path) {
    site.config = "[profile p]\nca_bundle = " + path + "\n";
    const std::string by_key = site.resolve().ca_bundle;
    site.environment.variables["AWS_CA_BUNDLE"] = path;
    EXPECT_EQ(site.resolve().ca_bundle, by_key);
    site.environment.variables.erase("AWS_CA_BUNDLE");
    return by_key;
  };
  EXPECT_EQ(bundle("~/ca.pem"), "/home/u/ca.pem");
  EXPECT_EQ(bundle("/etc/$COMPANY/ca.pem"), "/etc/acme/ca.pem");
  EXPECT_EQ(bundle("/etc/${COMPANY}.pem"), "/etc/acme.pem");
  EXPECT_EQ(bundle("/etc/$NOBODY/$/ca.pem"), "/etc/$NOBODY/$/ca.pem");
  EXPECT_EQ(bundle("/etc/${COMPANY"), "/etc/${COMPANY");
  EXPECT_EQ(bundle("/etc/~/ca.pem"), "/etc/~/ca.pem");
}

TEST(Connection, ReadsCertificatesAndAttempts) {
  Site site;
  site.request.source_profile = "default";
  site.config = "[default]\nca_bundle = /profile.pem\nmax_attempts = 5\n";
  EXPECT_EQ(site.resolve().ca_bundle, "/profile.pem");
  EXPECT_EQ(site.resolve().max_attempts, 5);
  site.environment.variables = {{"AWS_CA_BUNDLE", "/variable.pem"}, {"AWS_MAX_ATTEMPTS", "1"}};
  EXPECT_EQ(site.resolve().ca_bundle, "/variable.pem");
  EXPECT_EQ(site.resolve().max_attempts, 1);
  for (const char* nonsense : {"0", "-1", "many", "1000"}) {
    site.environment.variables["AWS_MAX_ATTEMPTS"] = nonsense;
    EXPECT_EQ(error_of([&] { site.resolve(); }),
              "2 AWS_MAX_ATTEMPTS is no number of attempts\nhint: set it to 1 or more, or unset it")
        << nonsense;
  }
}

}  // namespace
}  // namespace app
