#pragma once

#include "aws/files/profile.h"
#include "aws/model/role_parameters.h"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace app {

// How a role is to be assumed, in the words of the options or of a profile; empty: nothing is said.
struct RoleRequest : aws::RoleParameters {
  std::string duration;     // "45m", "12h", seconds or "max"
  std::string policy_file;  // its contents are the `policy`, once they were read
};

// What the profile says.
RoleRequest said_by(const aws::RoleStep& step);

// One of the parameters of a role: the one description that the options, the requests to AWS, the
// keys of the session cache and the command lines that we write for other programs share.
struct RoleOption {
  using Member = std::variant<std::string RoleRequest::*, std::vector<std::string> RoleRequest::*,
                              std::vector<aws::SessionTag> RoleRequest::*>;

  std::string_view name;         // of the option, without dashes
  std::string_view profile_key;  // by which a profile says the same itself; empty: none can
  Member member;
  bool changes_session = true;  // another duration is still the same session
  bool is_file = false;         // the value is a path, and what counts is what the file says

  // As they stand on a command line, each for an option of its own; none where it is not given.
  std::vector<std::string> values(const RoleRequest& request) const;
  bool is_given(const RoleRequest& request) const { return !values(request).empty(); }
  // One value of a command line; a list grows by it. Throws Error{usage} for a tag without a `=`.
  void add(RoleRequest& request, const std::string& value) const;
  void copy(const RoleRequest& from, RoleRequest& to) const;
  void clear(RoleRequest& request) const { copy({}, request); }
};

std::span<const RoleOption> role_options();

}  // namespace app
