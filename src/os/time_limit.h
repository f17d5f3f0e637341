#pragma once

#include "os/interrupt.h"

#include <chrono>

namespace os {

// Waiting for other programs: in short steps, not for ever, and a signal ends it.
class TimeLimit {
 public:
  TimeLimit(const Interrupt& interrupt, std::chrono::milliseconds timeout)
      : interrupt_(interrupt), left_(timeout) {}

  bool over() const { return left_ <= left_.zero(); }
  // Throws Interrupted.
  void pause(std::chrono::milliseconds step = std::chrono::milliseconds(10));

 private:
  const Interrupt& interrupt_;
  std::chrono::milliseconds left_;  // counted in pauses: the work between them is short
};

}  // namespace os
