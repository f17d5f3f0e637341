#pragma once

#include <poll.h>
#include <span>

namespace os {

// What goes on while a person is waited for: nothing, or requests (CurlHttpClient). It is done by
// the waiting call itself, so there is no thread to stop when a question is ended with Ctrl-C.
class Background {
 public:
  virtual ~Background() = default;
  // Like poll(2) without a timeout: returns when a descriptor is ready, or earlier at a signal.
  virtual void wait(std::span<pollfd> descriptors) {
    ::poll(descriptors.data(), descriptors.size(), -1);
  }
};

}  // namespace os
