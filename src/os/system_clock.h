#pragma once

#include "os/clock.h"
#include "os/interrupt.h"

namespace os {

class SystemClock : public Clock {
 public:
  explicit SystemClock(const Interrupt& interrupt) : interrupt_(interrupt) {}
  base::Time now() override;
  std::chrono::milliseconds monotonic() override;
  void sleep(std::chrono::milliseconds duration) override;

 private:
  const Interrupt& interrupt_;
};

}  // namespace os
