#include "os/time_limit.h"

#include <poll.h>

namespace os {

void TimeLimit::pause(std::chrono::milliseconds step) {
  pollfd wake = {interrupt_.descriptor(), POLLIN, 0};
  poll(&wake, 1, static_cast<int>(step.count()));
  interrupt_.throw_if_pending();
  left_ -= step;
}

}  // namespace os
