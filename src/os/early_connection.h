#pragma once

#include "os/descriptor.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace os {

// A TCP connection that a thread of its own makes, name look-up included: the one thing of a
// request that needs no library, and a round trip or more in which the caller loads the library
// that will speak on it. Destroyed before it ended, it is forgotten by the thread.
class EarlyConnection {
 public:
  // The host is a name or an address (an IPv6 one without brackets), the port decimal.
  EarlyConnection(const std::string& host, const std::string& port);

  // It is there, or there is no use in waiting for it: after two seconds at most.
  bool ended() const;
  // Readable when it ended by itself; -1 when it had from the start.
  int descriptor() const;

  struct Connected {
    Descriptor socket;    // non-blocking
    std::string address;  // of the other side, in digits
  };
  // Afterwards, once. None where no connection came about: who needs one makes it himself, and
  // learns the reason.
  std::optional<Connected> take();

 private:
  struct Outcome;
  static void connect(const std::shared_ptr<Outcome>& outcome);
  std::shared_ptr<Outcome> outcome_;  // shared with the thread
  std::chrono::steady_clock::time_point give_up_;
};

}  // namespace os
