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

TEST(ProcessOutput, IsReadOfALongTermKeyAndOfATemporaryOne) {
  const auto read = [](const std::string& rest) {
    return parse_process_output(R"({"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s")" +
                                rest);
  };
  ASSERT_TRUE(read("}"));
  EXPECT_EQ(read("}")->key.access_key_id, "AKIA");
  EXPECT_EQ(read("}")->key.secret_access_key.reveal(), "s");
  EXPECT_FALSE(read("}")->is_temporary);
  EXPECT_FALSE(read(R"(,"SessionToken":""})")->is_temporary);
  EXPECT_TRUE(read(R"(,"SessionToken":"t"})")->is_temporary);
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(parse_process_output(R"({"AccessKeyId":"AKIA"})"));
  EXPECT_FALSE(parse_process_output(R"({"AccessKeyId":"AKIA","SecretAccessKey":""})"));
  EXPECT_FALSE(parse_process_output(""));
}

}  // namespace
}  // namespace aws
