#pragma once

#include "aws/model/session_tag.h"
#include "sandbox/parameters.h"
#include "sandbox/world.h"

#include <cstddef>
#include <string>
#include <vector>

// Session tags as AssumeRole passes them and sessions hand them down. Sources: IAM User Guide,
// "Pass session tags in AWS STS"; the texts are those that live probes saw (as LocalStack and
// mahitotsu/gekko quote them). Case does not count in keys.
namespace sandbox {

struct PassedTags {
  std::vector<aws::SessionTag> tags;
  std::vector<std::string> transitive_keys;
};

PassedTags read_tags(const Parameters& parameters, Validation& validation);

// Throws Refusal InvalidParameterValue: a key twice, one that the caller's session (if any) fixed
// as transitive, a transitive key that is none of the tags.
void check_tags(const PassedTags& passed, const Session* caller);

// The caller's transitive tags: they are passed on by every AssumeRole.
std::vector<aws::SessionTag> inherited_tags(const Session* caller);

// `over` laid over `under`.
std::vector<aws::SessionTag> overlaid(std::vector<aws::SessionTag> under,
                                      const std::vector<aws::SessionTag>& over);

std::size_t plain_size(const std::vector<aws::SessionTag>& tags);

}  // namespace sandbox
