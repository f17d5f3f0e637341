#pragma once

#include "base/error.h"

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace cli {

// Prints to standard output, at once. Throws Error{failed} when it cannot be written (a full disk,
// a reader that went away): whoever reads the result must not take a part for the whole.
void print(std::string_view text);
// As print(), leaving no copy behind in a buffer. To be called before anything else is printed.
void print_secret(std::string_view text);

// One JSON object in one line. What is no UTF-8, in a file's names say, is replaced.
void print_object(const nlohmann::ordered_json& object);

// An error and its hints on standard error. Returns the exit code.
int print_error(const base::Error& error);

}  // namespace cli
