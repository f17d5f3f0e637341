#pragma once

#include "sandbox/operation.h"
#include "sandbox/parameters.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What IAM's operations have in common.
namespace sandbox {

// IAM has words of its own for a name with a character that is not allowed. Throws Refusal.
void check_name(const std::string& member, const std::string& name, std::size_t timeout);

// The user that UserName names, or else the caller, once the caller is known to be allowed to.
User& named_user(const Call& call, std::string_view action);

// MaxItems and Marker. A marker is opaque to clients; here it is the position.
class Page {
 public:
  explicit Page(Validation& validation);  // read before the other parameters are judged

  // Which part of a list of that length is asked for. Throws Refusal when the marker is not ours.
  struct Range {
    std::size_t begin;
    std::size_t end;
  };
  Range of(std::size_t length) const;

  // IsTruncated, and Marker when there is more.
  static void write(Call& call, const Range& range, std::size_t length);

 private:
  std::size_t max_items_;
  std::optional<std::string> marker_;
};

}  // namespace sandbox
