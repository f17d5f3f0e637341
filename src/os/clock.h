#pragma once

#include "base/time.h"

#include <chrono>

namespace os {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual base::Time now() = 0;  // UTC
  // The time since an unspecified moment, which never goes back: for measuring.
  virtual std::chrono::milliseconds monotonic() = 0;
  // Throws Interrupted as soon as the user interrupts.
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

}  // namespace os
