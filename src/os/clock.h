#pragma once

#include "base/time.h"

#include <chrono>

namespace os {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual base::Time now() = 0;  // UTC
  // Returns early, with Error{interrupted}, when the user interrupts.
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

}  // namespace os
