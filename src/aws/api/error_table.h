#pragma once

#include "aws/api/error.h"
#include "base/error.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aws {

// What is said of the refusals with this code whose message has this part.
struct ErrorEntry {
  std::string_view code;
  std::string_view message_part;  // empty: any
  base::ErrorKind kind;
  std::string (*what)(const Refusal&);
  std::vector<std::string> (*hints)(const Refusal&);
};

// The first entry that matches counts: the particular before the general.
std::span<const ErrorEntry> error_table();

}  // namespace aws
