#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// An attribute of a role session, which policies see as aws:PrincipalTag/KEY. Source: IAM User
// Guide, "Pass session tags in AWS STS".
struct SessionTag {
  std::string key;
  std::string value;

  bool operator==(const SessionTag&) const = default;
};

// aws-vault's ways to write them: "key=value,key=value" and "key,key", blanks around each passed
// over. Throws Error{usage} that says what is wrong, without a value.
std::vector<SessionTag> parse_session_tags(std::string_view text);
std::vector<std::string> parse_tag_keys(std::string_view text);

// Throws Error{usage} for what AssumeRole would refuse: more than 50, a key or a value that is not
// in the model's limits, AWS's own prefix `aws:`, a key twice (case does not count), a transitive
// key that is not among the tags of the request.
void check_session_tags(std::span<const SessionTag> tags,
                        std::span<const std::string> transitive_keys);

}  // namespace aws
