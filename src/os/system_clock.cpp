#include "os/system_clock.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <poll.h>

namespace os {

base::Time SystemClock::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds SystemClock::monotonic() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::sleep(std::chrono::milliseconds duration) {
  pollfd wake = {interrupt_.descriptor(), POLLIN, 0};
  // poll() would wait forever for a negative time.
  const auto timeout = static_cast<std::int64_t>(std::numeric_limits<int>::max());
  poll(&wake, 1, static_cast<int>(std::clamp<std::int64_t>(duration.count(), 0, timeout)));
  interrupt_.throw_if_pending();
}

}  // namespace os
