#pragma once

#include <poll.h>
#include <span>

namespace os {

// What goes on while a person is waited for: nothing, or requests (CurlHttpClient). It is done in
// the waiting itself, so there is no thread to stop when a question is left with Ctrl-C.
class Background {
 public:
  virtual ~Background() = default;
  // As poll(2) without a time-out: returns when a descriptor is ready, or early for a signal.
  // Throws where nothing could go on, so that it is told before the person has typed.
  virtual void wait(std::span<pollfd> descriptors) {
    ::poll(descriptors.data(), descriptors.size(), -1);
  }
};

}  // namespace os
