#include "base/origin.h"

#include <gtest/gtest.h>

namespace {

using base::Origin;

TEST(Origin, IsTakenApart) {
  const Origin named("HTTPS://STS.Amazonaws.com");
  EXPECT_EQ(named.scheme, "https");
  EXPECT_EQ(named.host, "sts.amazonaws.com");
  EXPECT_FALSE(named.has_port);
  const Origin numbered("http://127.0.0.1:8080");
  EXPECT_EQ(numbered.host, "127.0.0.1");
  EXPECT_EQ(numbered.port, "8080");
  const Origin sixth("https://[2001:DB8::1]:8443");
  EXPECT_EQ(sixth.host, "[2001:db8::1]");
  EXPECT_EQ(sixth.port, "8443");
  EXPECT_FALSE(Origin("https://[::1]").has_port);
  EXPECT_TRUE(Origin("https://host:").has_port);
  EXPECT_EQ(Origin("sts.amazonaws.com").scheme, "");
  EXPECT_EQ(Origin("https://[::1").host, "[::1");
}

TEST(Origin, IsLoopbackOnlyWhereEveryoneAgrees) {
  for (const char* host : {"localhost", "LocalHost", "[::1]", "127.0.0.1", "127.255.255.254"}) {
    EXPECT_TRUE(Origin(std::string("https://") + host).is_loopback()) << host;
    EXPECT_TRUE(Origin(std::string("http://") + host + ":8080").is_loopback()) << host;
  }
  for (const char* host :
       {"127.example.com", "127.0.0.1.example.com", "127.1", "127.0.0.256", "127.0.0.01", "127.",
        "128.0.0.1", "0x7f.0.0.1", "a.localhost", "localhost.example.com", "[::2]", "0.0.0.0"}) {
    EXPECT_FALSE(Origin(std::string("https://") + host).is_loopback()) << host;
  }
}

}  // namespace
