#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// What goes wrong on demand.
struct Fault {
  enum class Kind {
    refusal,      // an answer with an error, the request not processed
    drop_before,  // the connection is dropped, the request not processed
    drop_after,   // the connection is dropped once the request was processed
    truncate      // processed; the connection ends in the middle of the body
  };

  std::string operation;  // "*" is every one
  Kind kind = Kind::refusal;
  int status = 0;
  std::string code;
  std::string message;
  int remaining = 1;  // how many more requests
};

// "OPERATION:CODE:COUNT", CODE being one of AWS's error codes, an HTTP status (500, 503),
// drop-before, drop-after or truncate. Throws Error{usage}.
Fault parse_fault(std::string_view text);

class Faults {
 public:
  void add(Fault fault) { faults_.push_back(std::move(fault)); }
  // The first that applies, which then counts as used once.
  std::optional<Fault> take(std::string_view operation);

 private:
  std::vector<Fault> faults_;
};

}  // namespace sandbox
