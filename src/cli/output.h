#pragma once

#include "aws/model/lookalike.h"
#include "base/error.h"
#include "base/json.h"
#include "os/messages.h"

#include <string_view>

namespace cli {

// Prints to standard output, at once. Throws Error{failed} when it cannot be written (a full disk,
// a reader that went away): whoever reads the result must not take a part for the whole.
void print(std::string_view text);
// As print(), leaving no copy behind in a buffer. To be called before anything else is printed.
void print_secret(std::string_view text);

// What --json prints: in one line, each text as aws::shown() has it.
inline base::JsonWriter json_writer() {
  return base::JsonWriter(base::JsonWriter::Layout::compact, aws::shown);
}
void print_document(base::JsonWriter& json);

// What a command says beside its result.
class Notes : public os::StderrMessages {
 public:
  Notes(bool quiet, bool verbose) : StderrMessages(quiet, verbose, aws::shown) {}
};

// An error and its hints on standard error. Returns the exit code.
int print_error(const base::Error& error);

}  // namespace cli
