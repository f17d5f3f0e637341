#include "aws/output/process_output.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

TEST(ProcessOutput, IsOneObjectOnOneLine) {
  const Credentials credentials{"ASIAEXAMPLE", base::Secret("wJalr/K7+="),
                                base::Secret("to\\\"ken"),
                                base::parse_rfc3339("2026-11-22T18:20:00Z").value()};
  EXPECT_EQ(process_output(credentials, credentials.expiration - base::Seconds{300}),
            R"({"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"wJalr/K7+=",)"
            R"("SessionToken":"to\\\"ken","Expiration":"2026-11-22T18:15:00Z"})"
            "\n");
}

}  // namespace
}  // namespace aws
