#pragma once

#include "base/time.h"

#include <chrono>

namespace os {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual base::Time now() = 0;  // UTC
  // Since an unspecified moment, never going back: for measuring.
  virtual std::chrono::milliseconds monotonic() = 0;
  // Returns early, with Interrupted, when the user interrupts.
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

}  // namespace os
