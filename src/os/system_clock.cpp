#include "os/system_clock.h"

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
  poll(&wake, 1, static_cast<int>(duration.count()));
  interrupt_.throw_if_pending();
}

}  // namespace os
