#pragma once

#include "os/interrupt.h"

#include <chrono>

namespace os {

// Limits the time spent waiting for other programs. The wait is done in short steps and ends at a
// signal.
class TimeLimit {
 public:
  TimeLimit(const Interrupt& interrupt, std::chrono::milliseconds timeout)
      : interrupt_(interrupt), left_(timeout) {}

  bool over() const { return left_ <= left_.zero(); }
  // Throws Interrupted.
  void pause(std::chrono::milliseconds step = std::chrono::milliseconds(10));

 private:
  const Interrupt& interrupt_;
  std::chrono::milliseconds left_;  // only pauses count: the work between them is short
};

}  // namespace os
